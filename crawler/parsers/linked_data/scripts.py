"""Values of a JSON-LD script, as whole as they can be had."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from crawler.parsers.linked_data.lenient_json import values

MAX_BROKEN = 500_000
"""Characters of a broken script that are read."""

_OPENED = re.compile(r"^(?:\s|//|/\*|\*/|<!--|<!\[CDATA\[|&lt;!--|&lt;!\[CDATA\[|\ufeff)+")
_ENTITIES = re.compile(r"[\s\[{]{0,200}&(?:amp;)?(?:quot|#0{0,6}34|#x0{0,6}22|#8220|ldquo);", re.IGNORECASE)
_PARAGRAPHS = re.compile(r"[\s\[{]{0,200}<(?:br|p)\b", re.IGNORECASE)
_BREAK = re.compile(r"<br\s{0,9}/?>|</?p>", re.IGNORECASE)
_CURLY = re.compile(r"[\s\[{]{0,200}[“”„″]")
_QUOTES = str.maketrans(dict.fromkeys("“”„″", '"'))
_NO_BRACE = re.compile(r'"@(?:context|type|graph|id)"\s*:')


def loaded(text: str) -> Any:
    """Read the text of a script.

    Returns:
        Its value; a list of all values where it is broken, or holds several.
    """
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return _repaired(text[:MAX_BROKEN])


def _repaired(text: str) -> list[Any]:
    """The objects and lists in a broken script."""
    opened = _OPENED.match(text)
    text = text[opened.end() :] if opened else text
    for _ in range(2):
        if _ENTITIES.match(text):
            text = html.unescape(text)
    if _PARAGRAPHS.match(text):  # an editor that makes paragraphs of all lines
        text = _BREAK.sub("", text)
    if _CURLY.match(text):
        text = text.translate(_QUOTES)
    if _NO_BRACE.match(text):
        text = "{" + text
    return values(text, loose_quotes=True)
