"""Templates of the room: their environment, filters, and what every page has."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import attrs
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from crawler.formatting import counted, size
from crawler.roomframe.addresses import address_with, outer
from crawler.roomframe.list_filters import FILTERS
from crawler.roomframe.strings import NAVIGATION, TEXTS, WORDS

_CONTROL = {code: 0x2400 + code for code in range(32) if code not in (9, 10, 13)} | {127: 0x2421}
_CONTROL |= dict.fromkeys((*range(0x80, 0xA0), *range(0xD800, 0xE000)), 0xFFFD)
_DIRECTIONAL = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
RIGHT_TO_LEFT = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ku-arab", "nqo", "pa-arab", "ps", "sd", "syr", "ug", "ur", "yi"}
)
"""Languages (and a script of two) that are written from right to left."""


_OURS = frozenset(TEXTS.values())
"""Texts in which braces stand for values: in others they are but signs."""


def plain(text: object) -> str:
    """Text for an attribute or a title: control characters shown, marks of direction left out.

    >>> plain("a\\x00b\\u202ec")
    'a␀bc'
    """
    return _DIRECTIONAL.sub("", visible(text))


def visible(text: object) -> str:
    """Text with its control characters shown as signs."""
    return ("" if text is None else str(text)).translate(_CONTROL)


def isolated(text: object) -> Markup:
    """Text of any origin within a page: escaped, its direction its own."""
    return Markup("<bdi>{}</bdi>").format(visible(text))


def direction(language: str | None) -> str:
    """`rtl` or `ltr` by the language; `auto` where none is known.

    >>> direction("fa"), direction("en-GB"), direction(None)
    ('rtl', 'ltr', 'auto')
    """
    if not language:
        return "auto"
    tag = language.lower().replace("_", "-")
    return "rtl" if tag in RIGHT_TO_LEFT or tag.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def tag_of(language: str | None) -> str | None:
    """The language as a `lang` attribute; None if it is no language tag."""
    return language if language and re.fullmatch(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}", language) else None


def moment(value: str | datetime | None, *, seconds: bool = False) -> Markup:
    """A moment in UTC as `<time>`; a bare date stays one; nothing for None."""
    if value is None or value == "":
        return Markup("")
    text = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else str(value)
    if not re.match(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d|$)", text):
        return isolated(text)
    shown = text[:10] + (f" {text[11 : 19 if seconds else 16]} UTC" if len(text) > 10 else "")
    return Markup('<time datetime="{}">{}</time>').format(text, shown)


def number(value: int | None) -> str:
    """A number with separators of thousands."""
    return "" if value is None else f"{value:,}"


def linked(url: str | None, text: object = None) -> Markup:
    """An original address as a link without referrer, or as mere text."""
    shown, there = isolated(text if text is not None else url), outer(url)
    if there is None:
        return shown
    return Markup('<a href="{}" rel="noreferrer nofollow noopener external">{}</a>').format(there, shown)


def filled(text: str, **values: object) -> Markup:
    """A text of ours with its values; each is escaped, or markup already."""
    return Markup(escape(text)).format(**values) if text in _OURS else isolated(text)


def word(family: str, name: str | None) -> Markup:
    """The text for a word of the index, such as a role; else the word."""
    return Markup(escape(TEXTS[f"{family}_{name}"])) if f"{family}_{name}" in TEXTS else isolated(name)


@cache
def environment() -> Environment:
    """The templates of the room: strict about names, all values escaped."""
    env = Environment(
        loader=PackageLoader("crawler.readingroom", "templates/room"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.filters |= {
        "plain": plain, "isolated": isolated, "direction": direction, "tag": tag_of, "moment": moment, "number": number, "linked": linked,
        "size": size, "with": filled, "counted": counted, "visible": visible,
        **FILTERS,
    }  # fmt: skip
    env.globals |= {"t": TEXTS, "words": WORDS, "word": word, "navigation": NAVIGATION, "address_with": address_with}
    return env


def html_of(template: str, context: Mapping[str, Any]) -> str:
    """Fill a template."""
    return environment().get_template(template).render(context).encode("utf-8", "replace").decode("utf-8")


def json_of(data: Any, **more: object) -> bytes:
    """The data of a page as one JSON document in ASCII, times in UTC."""
    return json.dumps({**more, **_plain(data)}, ensure_ascii=True, indent=1).encode()


def _plain(value: Any) -> Any:
    if attrs.has(type(value)):
        return {one.name: _plain(getattr(value, one.name)) for one in attrs.fields(type(value)) if not one.name.startswith("_")}
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value
