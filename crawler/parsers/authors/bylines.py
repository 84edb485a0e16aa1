"""Bylines as they are printed: elements called one, and their texts parted where elements end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from attrs import field, frozen
from lxml import etree

from crawler.parsers.authors.leads import is_lead
from crawler.parsers.document.segments import Segment, squeeze, words

MOST_INNER = 12
"""Elements in a segment that are looked at."""
MAX_CHARACTERS = 400
"""Characters of an element that is looked at as a byline."""

_BYLINE = re.compile(r"author|byline|autor(?:es?|in|innen|en|i|a|zy|ka|enname)?$|auteurs?$|avtor")
_BYLINE_WORDS_TABLE = """
columnist columnists contributor contributors firma firmas fn forfatter giornalista journalist journaliste journalists kirjoittaja
muhabir penulis periodista redakteur redakteurin redattore reporter reporters signataire skribent szerzo toimittaja verfasser wartawan
writer writers yazar yazarlar
"""
_BYLINE_WORDS = frozenset(_BYLINE_WORDS_TABLE.split())
_BESIDE_TABLE = """
affiliation category comment comments count counter data date dateline dates datetime datum duration email extra facebook fecha follow
function funktion handle hora icon icons job jobtitle location mail minutes modified occupation organization place position
publication published reading readingtime readtime role roles rubrik section share sharing social time times timestamp tooltip twitter
updated views zeit
"""
_BESIDE = frozenset(_BESIDE_TABLE.split())
_NO_BYLINE_TABLE = """
about avatar bio biography bios box card cards desc description image images img label latest more newsletter photo photos picture
portrait prefix related teaser thumb thumbnail title widget
"""
_NO_BYLINE = _BESIDE | frozenset(_NO_BYLINE_TABLE.split())
_HARD_TABLE = """
avatar comment comments date datetime image photo related share social time timestamp
"""
_HARD = frozenset(_HARD_TABLE.split())
_HINT = re.compile(
    r"auth|auto|aute|avtor|by|writ|report|journ|contrib|colum|redak|redat|verfass|forfat|skrib|kirjo|toimi|yaz|muhab|penul|szerz|firma|signat|period|"
    r"giorn|wartaw|fn",
    re.IGNORECASE,
)
"""What every name of a byline holds."""
_PART_OF_NAME_TABLE = """
family first firstname forename given last lastname surname
"""
_PART_OF_NAME = frozenset(_PART_OF_NAME_TABLE.split())
_INLINE_TABLE = """
a abbr acronym b bdi bdo big cite code data em font i ins label mark nobr q s small span strong sub sup time tt u var wbr
"""
_INLINE = frozenset(_INLINE_TABLE.split())
_PASSED_OVER_TABLE = """
button iframe noscript script select style svg template textarea time
"""
_PASSED_OVER = frozenset(_PASSED_OVER_TABLE.split())
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
PROFILE = re.compile(
    r"/(?:authors?|autor(?:e[ns]?|a|i|zy)?|auteurs?|editors?|writers?|journalists?|reporters?|columnists?|contributors?|by|profiles?|avtor(?:y|i)?|"
    r"redakteure?|forfattere?|skribent(?:er)?|yazar(?:lar)?|penulis|firmas?|periodistas?|journalistes?|correspondents?|bylines?)/[^/]",
    re.IGNORECASE,
)
_END = "\0"
"""Stands for a block between texts."""
_CONJUNCTION = re.compile(r"^\s*(?:and|und|et|y|e|og|och|en|i|és|ve|и|і|та|και|&|with|mit|avec)\s+(?=\S)")


@frozen
class Byline:
    """The text of a byline."""

    line: str = ""
    """All of it but what stands beside the names; a line break where an element ends that a name cannot go beyond."""
    names: tuple[str, ...] = field(default=())
    """The texts of elements that are an author each."""

    @property
    def text(self) -> str:
        """The authors' elements, or the line where it has none."""
        return "\n".join(self.names) or self.line


def is_byline(element: Any) -> bool:
    """Tell whether an element is called a byline and nothing else."""
    classes, name = element.get("class") or "", element.get("id") or ""
    return bool(classes or name) and _HINT.search(f"{classes} {name}") is not None and _is_byline(classes, name)


@lru_cache(maxsize=1024)
def _is_byline(classes: str, name: str) -> bool:
    tokens = [*classes.split(), name]
    told = [{word.lower() for word in _WORD.findall(token)} for token in tokens]
    if any(parts & _HARD for parts in told):
        return False
    pairs = zip(tokens, told, strict=True)
    return any(_says_byline(token.lower(), parts) and not parts & (_NO_BYLINE | _PART_OF_NAME) for token, parts in pairs)


def _says_byline(token: str, parts: set[str]) -> bool:
    last = re.split(r"[_-]+", token)[-1]
    return bool(parts & _BYLINE_WORDS) or last == "by" or any(_BYLINE.search(part) for part in parts)


def is_author_mark(element: Any) -> bool:
    """Tell whether relation, class or property call an element one author."""
    if "author" in (element.get("rel") or "").split() or element.get("itemprop") == "author":
        return True
    if element.get("itemprop") == "name":
        return any(holder.get("itemprop") == "author" for holder in islice(element.iterancestors(), 3))
    return element.tag != "body" and is_byline(element)


def holds_authors(segment: Segment) -> bool:
    """Tell whether an element in a segment is an author."""
    return any(map(_is_mark, islice(segment.element.iterdescendants("a", "span", "b", "strong", "em", "cite", "i"), MOST_INNER)))


def byline(segment: Segment) -> Byline:
    """The text of a segment as a byline, parted where its elements end."""
    runs = _runs(segment.element) if len(segment.element) else ()
    pieces = next((run for run in runs if segment.key == words("".join(text for text, _ in run))), None)
    return Byline(segment.text) if pieces is None else _parted(pieces, segment.element)


def _parted(pieces: Sequence[tuple[str, Any]], block: Any) -> Byline:
    parts = [(text, holder) for text, holder in _joined(pieces, _marked(pieces, block), block) if text.strip()]
    names = [name for text, holder in parts if holder is not None and (name := _tidy(text))]
    if names:
        names += [text[found.end() :] for text, holder in parts if holder is None and (found := _CONJUNCTION.match(text))]
    return Byline("\n".join(filter(None, (_tidy(text) for text, _ in parts))), tuple(names))


def _marked(pieces: Sequence[tuple[str, Any]], block: Any) -> set[Any]:
    """The innermost elements around pieces that are an author each."""
    marked = {element for _, piece in pieces for element in _up_to(piece, block) if _is_mark(element)}
    outer = {holder for element in marked for holder in _up_to(element.getparent(), block)}
    return marked - outer


def _tidy(text: str) -> str:
    """A text whose lines are squeezed."""
    return "\n".join(filter(None, map(squeeze, text.split("\n")))) if "\n" in text else squeeze(text)


def _is_mark(element: Any) -> bool:
    return is_author_mark(element) or (element.tag == "a" and PROFILE.search(element.get("href") or "") is not None)


def _joined(pieces: Sequence[tuple[str, Any]], inner: set[Any], block: Any) -> Iterator[tuple[str, Any]]:
    """The texts between the ends of elements, each with the author's element around it."""
    text, holder, before = "", None, None
    for piece, element in pieces:
        chain = [*_up_to(element, block)]
        now = next((node for node in chain if node in inner), None)
        beside = any(_is_beside(node) for node in chain)
        if now is not holder or beside:
            yield text, holder
            text = ""
        holder = now
        if beside:
            continue
        if text and element is not before and (_is_glued(text, piece) or is_lead(text.strip())):
            text += "\n"
        text, before = text + piece, element
    yield text, holder


def _up_to(element: Any, block: Any) -> Iterator[Any]:
    while element is not None and element is not block:
        yield element
        element = element.getparent()


def _is_beside(element: Any) -> bool:
    """Tell whether an element holds a time, a role, a place or an address."""
    return element.tag == "time" or _beside(element.get("class") or "", element.get("itemprop") or "")


@lru_cache(maxsize=1024)
def _beside(classes: str, name: str) -> bool:
    for token in (*classes.split(), name):
        parts = {word.lower() for word in _WORD.findall(token)}
        if parts & _BESIDE or ("title" in parts and len(parts) > 1):
            return True
    return False


def _is_glued(text: str, piece: str) -> bool:
    """Tell whether two texts meet without a blank, and the second begins another word."""
    last, first = text[-1:], piece[:1]
    if not last.isalnum() or not text[-2:-1].isalnum():
        return False  # a capital drawn large
    return first.isupper() or first.isdecimal() or (first.isalpha() and not first.islower())


def _runs(block: Any) -> Iterator[list[tuple[str, Any]]]:
    """The runs of text of a block, each text with its innermost element."""
    run: list[tuple[str, Any]] = []
    size = 0
    for text, holder in _pieces(block):
        size += len(text)
        if size > MAX_CHARACTERS:
            return
        ends = text == _END or (text == "\n" and _is_broken(run))
        if ends and any(part.strip() for part, _ in run):
            yield run
        if ends:
            run, size = [], 0
        else:
            run.append((text, holder))
    yield run


def _is_broken(run: list[tuple[str, Any]]) -> bool:
    """Tell whether a run ends with a line break."""
    return next((text == "\n" for text, _ in reversed(run) if text == "\n" or text.strip()), False)


def _pieces(block: Any) -> Iterator[tuple[str, Any]]:
    walk = etree.iterwalk(block, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        inline = node is block or node.tag in _INLINE or node.tag == "br" or not isinstance(node.tag, str)
        if event == "start" and not inline:
            walk.skip_subtree()
            yield (" " if node.tag in _PASSED_OVER else _END), node
        elif event == "start":
            yield ("\n" if node.tag == "br" else (node.text or "")), node
        elif node is block:
            return
        elif node.tail:
            yield node.tail, node.getparent()
