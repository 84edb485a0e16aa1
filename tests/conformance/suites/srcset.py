"""Web Platform Tests' cases of `srcset`: from their own page, and from the copy that a JavaScript reader of `srcset` carries."""

import re
from collections.abc import Iterator
from pathlib import Path

from crawler.parsers.picture_urls.srcset import candidates
from suites import Case, judged

PAGE = "html/semantics/embedded-content/the-img-element/srcset/parse-a-srcset-attribute.html"
_IMG = re.compile(r"<img srcset='([^']*)' data-expect='([^']*)'")
_OBJECT = re.compile(r"\{\s*srcset:\s*'((?:[^'\\]|\\.)*)'\s*,\s*expect:\s*'((?:[^'\\]|\\.)*)'")


def of_wpt(checkout: Path) -> Iterator[Case]:
    """The page that browsers run: `currentSrc` is the first address of those that differ in nothing."""
    for value, wanted in _IMG.findall((checkout / PAGE).read_text("utf-8")):
        yield _case("parse-a-srcset-attribute.html", value, wanted)


def of_parse_srcset(checkout: Path) -> Iterator[Case]:
    """The copy in tests/unit/ps.js, with references as in HTML and escapes as in JavaScript."""
    for value, wanted in _OBJECT.findall((checkout / "tests/unit/ps.js").read_text("utf-8")):
        yield _case("tests/unit/ps.js", *(re.sub(r"\\(.)", r"\1", text) for text in (value, wanted)))


def _case(group: str, value: str, wanted: str) -> Case:
    first = next((address for address, _ in candidates(_unescaped(value))), "")
    return judged(group, repr(value), _unescaped(wanted), first)


def _unescaped(text: str) -> str:
    """The text with its references resolved; Python's own reader of HTML leaves out those to control characters."""
    return re.sub("&#x([0-9A-Fa-f]+);", lambda found: chr(int(found[1], 16)), text).replace("&nbsp;", "\xa0")


SUITES = {"web-platform-tests+wpt": of_wpt, "albell+parse-srcset": of_parse_srcset}
