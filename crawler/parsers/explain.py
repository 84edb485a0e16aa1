"""Explain an article: the rule that won each field, and the others' answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from crawler.formatting import one_line
from crawler.items import Article, Block, Image, Link
from crawler.parsers.authors.sources import PLACES
from crawler.parsers.body.finder import DOUBTS
from crawler.parsers.body.lines import LINES
from crawler.parsers.captions.caption_rules import CAPTION
from crawler.parsers.captions.captions import CREDIT
from crawler.parsers.captions.pairing import Caption
from crawler.parsers.credits.wordings import WORDINGS, Split
from crawler.parsers.dates.dates import Moment
from crawler.parsers.document.rules import Asked, Trace, name_of
from crawler.parsers.document.segments import Segment
from crawler.parsers.forms.corrections import CORRECTION
from crawler.parsers.forms.entry_lines import LEFT_OUT as ENTRY_LEFT_OUT
from crawler.parsers.forms.stub import IS_STUB
from crawler.parsers.generic.deck_related import DECK
from crawler.parsers.generic.trim import TRAILING
from crawler.parsers.headlines.headline import PRINTED
from crawler.parsers.headlines.kickers import KICKER
from crawler.parsers.images.collect import CUSTOM
from crawler.parsers.images.editorial import BELONGS, LEFT_OUT, PORTRAIT
from crawler.parsers.images.page_data import DATA
from crawler.parsers.text_order.headline import HEADLINE

MAX_ANSWERS = 12
"""Answers of one field that the text shows; JSON holds all."""
MAX_CHARACTERS = 110
Answer = dict[str, Any]
Named = tuple[tuple[str, Callable[..., Any]], ...]

GROUPS: tuple[tuple[str, Named], ...] = (
    (HEADLINE.field, HEADLINE.rules),
    (PRINTED.field, PRINTED.rules),
    (KICKER.field, KICKER.rules),
    ("authors", tuple((name_of(place), place) for place in PLACES)),
    (DECK.field, DECK.rules),
    (DOUBTS.field, DOUBTS.rules),
    (LINES.field, LINES.rules),
    (TRAILING.field, TRAILING.rules),
    (ENTRY_LEFT_OUT.field, ENTRY_LEFT_OUT.rules),
    (CORRECTION.field, CORRECTION.rules),
    (IS_STUB.field, IS_STUB.rules),
    (LEFT_OUT.field, LEFT_OUT.rules),
    (BELONGS.field, BELONGS.rules),
    (PORTRAIT.field, PORTRAIT.rules),
    (CAPTION.field, CAPTION.rules),
    (CREDIT.field, CREDIT.rules),
    (WORDINGS.field, WORDINGS.rules),
    (CUSTOM.field, (*CUSTOM.steps, *DATA.steps)),
)
"""The rules that can win, by what they find, in the order they are asked; docs/reading-rules.md is made from it."""


def explanation(article: Article, trace: Trace) -> dict[str, Any]:
    """Make the `explain` object of an article's JSON.

    Returns:
        `reader`, `templates`, `fields` (name to answers), `pictures` (url, caption, credit, rules) and `left_out` (url, rule).
        Answers are `won` (a rule's name or null), `said` (rule and answer of those that spoke) and `silent` (names).
    """
    mine = [asked for asked in trace.asked if asked.reader == article.template]
    pictures = [{"url": i.url, "caption": i.caption, "credit": i.credit, "rules": _joined(_about(mine, i))} for i in article.images]
    left = [{"url": asked.about, "rule": asked.won} for asked in mine if asked.about and asked.field == LEFT_OUT.field]
    return {
        "reader": article.template,
        "templates": _joined(asked for asked in trace.asked if asked.reader == ""),
        "fields": _joined(asked for asked in mine if asked.about is None) | _untraced(article, {asked.field for asked in mine}),
        "pictures": pictures,
        "left_out": left,
    }


def _untraced(article: Article, known: set[str]) -> dict[str, Answer]:
    """The winners of fields that have one source or whose rules note nothing."""
    return {name: {"won": by, "said": [], "silent": []} for name, by in article.read_by.items() if name not in known}


def as_text(document: dict[str, Any]) -> str:
    """Write the `explain` object of an article's JSON document for a terminal."""
    explained = document["explain"]
    lines = [f"{document['id']}: read by {explained['reader']}", *_fields(explained["templates"], {})]
    lines += ["", "FIELDS", *_fields(explained["fields"], document)]
    for number, picture in enumerate(explained["pictures"], 1):
        lines += ["", f"PICTURE {number}  {one_line(picture['url'])}"]
        lines += [f"  {name} = {_short(picture[name])}" for name in ("caption", "credit")]
        lines += _fields(picture["rules"], {})
    lines += ["", "PICTURES LEFT OUT"] if explained["left_out"] else []
    lines += [f"  {left['rule']}: {one_line(left['url'])}" for left in explained["left_out"]]
    return "\n".join(lines)


def _about(asked: Sequence[Asked], image: Image) -> Iterator[Asked]:
    """The answers for one picture."""
    return (one for one in asked if one.about and one.about == image.url and one.field != LEFT_OUT.field)


def _joined(asked: Iterator[Asked]) -> dict[str, Answer]:
    """Join the answers for each field; one asked twice has the answers of both."""
    out: dict[str, Answer] = {}
    for one in asked:
        field = out.setdefault(one.field, {"won": None, "said": [], "silent": []})
        field["won"] = one.won or field["won"]
        field["said"] += [told for rule, value in one.said if (told := {"rule": rule, "answer": plain(value)}) not in field["said"]]
        field["silent"] += [name for name in one.silent if name not in field["silent"]]
    return out


def plain(value: Any) -> Any:
    """Make an answer of a rule fit for JSON."""
    match value:
        case None | str() | bool() | int() | float():
            return value
        case list() | tuple() | set() | frozenset():
            return [plain(one) for one in value]
        case Split():
            return {"caption": value.caption, "credit": value.credit, "printed": value.wording, "shape": value.shape}
        case Image():
            return {"url": value.url, "caption": value.caption, "credit": value.credit}
        case Caption():
            return " ".join(segment.line for segment in value.segments)
        case Segment():
            return value.picture or value.line
        case Block():
            return value.text if value.text is not None else f"picture {value.image}"
        case Link():
            return f"{value.text} <{value.url}>"
        case Moment():
            return (value.time or value.day).isoformat()
    return str(value)


_LONG = ("body", "blocks", "images")
"""Fields whose values the text does not repeat."""


def _fields(fields: dict[str, Answer], document: dict[str, Any]) -> Iterator[str]:
    """Write some fields: the winner and its value, the other answers, the silent rules."""
    for name, field in fields.items():
        value = document.get(name) if name not in _LONG else None
        yield f"  {name}: {field['won'] or 'no rule won'}" + (f" = {_short(value)}" if value else "")
        for told in field["said"][:MAX_ANSWERS]:
            yield f"    {'*' if told['rule'] == field['won'] else '-'} {told['rule']}: {_short(told['answer'])}"
        if len(field["said"]) > MAX_ANSWERS:
            yield f"    - and {len(field['said']) - MAX_ANSWERS} more"
        if field["silent"]:
            yield f"    silent: {', '.join(field['silent'])}"


def _short(value: Any) -> str:
    """An answer on one line."""
    if isinstance(value, dict) and value.keys() == {"text", "url"}:
        value = f"{value['text']} <{value['url']}>"
    if isinstance(value, dict):
        return ", ".join(f"{key} = {_short(one)}" for key, one in value.items() if one is not None) or "nothing"
    if isinstance(value, list):
        value = "; ".join(map(_short, value))
    text = one_line("nothing" if value is None else str(value))
    return text if len(text) <= MAX_CHARACTERS else f"{text[: MAX_CHARACTERS - 1]}…"
