"""Wordings of the headline in machine words, without names of site and section."""

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import islice

from attrs import evolve

from crawler.parsers.document.segments import Segment, words
from crawler.parsers.document.structured_data import texts
from crawler.parsers.generic.candidates import Candidate, Candidates
from crawler.parsers.patterns import later

MAX_NAME = 45
"""Characters of the name of a site or section."""
MAX_SECTION = 28
MANY_DIGITS = 4
"""Digits of a number or year, which no name of a site has."""
MAX_PARTS = 8
MAX_LINES = 800
"""Segments among which a printed line with the words of a title is looked for."""
LINE = (8, 300)
"""Characters of a line that may be a headline."""
_META = (
    "og:title", "twitter:title", "title", "dc.title", "dcterms.title", "headline", "hdl", "article:title", "sailthru.title",
    "parsely-title",
)  # fmt: skip
"""Names of `meta` that hold a headline."""
_SEPARATOR = later(r"\s+[|–—·•»:«-]+\s+|\s*[|｜ㅣ]\s*|\s*：\s*|(?<=[\u3040-\u9fff\uac00-\ud7af])-(?=\S)")
_FRONT = later(r"\s+(?:[|–—·•»›>:«/~-]+|\.{3}|…)\s+|\s*[|｜ㅣ»›]\s*|\s*：\s*|(?<=\S)::?\s+|(?<=[\u3040-\u9fff\uac00-\ud7af])-(?=\S)")
"""What may also stand behind a name in front."""
_CJK_LABEL = later(r"[\u3040-\u9fff\uac00-\ud7af]{1,6}")
_BARS = ("|", "｜", "ㅣ")
_STEPS = (*_BARS, "»", "›", ">", "::", "/")
"""Separators of site, section and headline, unlike a dash or colon, which stand within one too."""


def told_headlines(page: Candidates) -> list[Candidate]:
    """The wordings of the headline in machine words, in order of trust."""
    spoken = texts(page.linked.article.get("headline"))
    known = {words(text) for text in spoken} | {p.key for p in page.tops}
    told = [(text, "jsonld headline") for text in spoken]
    told += [(text, f"meta {name}") for name in _META for text in page.meta.get(name, ())[:1]]
    told.append((page.title, "title"))
    return [(line, by) for text, by in told for line in _wordings(page, text, known) if line]


def _wordings(page: Candidates, text: str, known: Set[str]) -> Iterator[str]:
    """A wording without names, and with what a colon parts, if no name."""
    line = without_names(page, text, known)
    yield line
    front = text.partition(line)[0].rstrip() if line else ""
    if front.endswith((":", "：")) and not page.is_publisher(front.rstrip(":： "), title=True):
        yield _without_tail(page, text, known)


def without_names(page: Candidates, title: str, known: Set[str] = frozenset()) -> str:
    """A title without the names of site and section around it.

    Args:
        known: Wordings of the headline elsewhere on the page, for comparing: what stands beside one of them is no part of it.
    """
    text = _without_tail(page, title.strip(" |｜"), known)
    return text if words(text) in known or _FRONT.search(text) is None else _without_front(page, text, known)


def _without_tail(page: Candidates, title: str, known: Set[str]) -> str:
    text = title
    for found in reversed([*_SEPARATOR.finditer(title)][-4:]):
        head, tail = title[: found.start()].rstrip(), text[found.end() :]
        if len(tail) > MAX_NAME or not head or _is_story(page, tail, head, known):
            break
        cut = text != title and _CJK_LABEL.fullmatch(tail) is not None  # a section, in front of the site's name
        if cut or page.is_publisher(tail, title=True) or words(head) in known or _ends_at_bar(page, found[0], head, tail):
            text = head
    return text


def _is_story(page: Candidates, tail: str, head: str, known: Set[str]) -> bool:
    """Tell whether the text behind is printed, as no name is."""
    if len(tail) <= LINE[0] or words(tail) not in printed_lines(page):
        return False
    return words(head) not in known or len(tail) > len(head)


def _ends_at_bar(page: Candidates, mark: str, head: str, tail: str) -> bool:
    """Tell whether a headline ends at a bar: it is no name, and long enough."""
    if mark.strip() not in _BARS or len(head) <= 15 or 3 * len(head) < 2 * len(tail):
        return False
    return not page.is_publisher(_FRONT.split(head, maxsplit=1)[0], title=True)


def _without_front(page: Candidates, title: str, known: Set[str]) -> str:
    text = title
    steps: set[str] = set()
    for _ in range(4):
        found = _FRONT.search(text)
        if found is None or not found.start() or found.start() > MAX_NAME:
            break
        head, rest, mark = text[: found.start()].strip(), text[found.end() :].strip(), found[0].strip()
        section = mark in steps and len(head) <= MAX_SECTION and len(rest) > len(head)
        name = len(words(rest)) >= LINE[0] and _is_name(page, head, mark)
        if not (section or name or _is_told(page, text, head, rest, known)):
            break
        text, steps = rest, {*_STEPS, mark} - {":", "："}
    return text


def _is_told(page: Candidates, whole: str, head: str, rest: str, known: Set[str]) -> bool:
    """Tell whether the longer rest of a title is a headline elsewhere."""
    if len(rest) <= len(head) or words(head) in known:
        return False
    printed = printed_lines(page)
    return words(rest) in known or (words(rest) in printed and words(whole) not in printed)


def _is_name(page: Candidates, head: str, mark: str) -> bool:
    """Tell whether the text in front is the site's name.

    A colon stands behind a place or a topic of that name too.
    """
    if mark not in (":", "："):
        return page.is_publisher(head, title=True) and sum(map(str.isdecimal, head)) < MANY_DIGITS
    return words(head) in page.publisher_names or ("." in head and page.is_publisher(head))


def printed_lines(page: Candidates) -> dict[str, list[Segment]]:
    """The printed lines that may be a headline, by their words; collected once."""
    found = page.page.memo.get(printed_lines)
    if not isinstance(found, dict):
        found = page.page.memo[printed_lines] = {}
        for segment in islice(page.segments, MAX_LINES):
            if segment.linked < 0.5 and LINE[0] <= len(segment.text) <= LINE[1]:
                found.setdefault(segment.key, []).append(segment)
                if "\n" in segment.text:
                    first = segment.text.partition("\n")[0]  # the headline in bold, and the date in the next line
                    found.setdefault(words(first), []).append(evolve(segment, text=first))
    return found


def title_parts(title: str) -> Iterator[str]:
    """Texts between separators of a title and their joins, longest first."""
    bounds = [(found.start(), found.end()) for found in _FRONT.finditer(title)][: MAX_PARTS - 1]
    if bounds:
        starts, ends = [0, *(end for _, end in bounds)], [*(start for start, _ in bounds), len(title)]
        runs = ((i, j) for i in range(len(starts)) for j in range(i, len(ends)) if (i, j) != (0, len(ends) - 1))
        parts = [title[starts[i] : ends[j]].strip() for i, j in runs]
        yield from sorted(parts, key=len, reverse=True)
