"""robots.txt within limits (RFC 9309)."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from itertools import islice

from protego import Protego

from crawler.limits import ReadLimits
from crawler.parsers.decode import content_decoded

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
"""Byte order marks; the longer of two that begin alike first."""
AGENT = "news-archive-crawler"
"""Our product token."""
_AGENT_LINE = re.compile(r"^([ \t]*user[- ]?agent[ \t]*:[ \t]*)(\*|[a-z_-]+)?([^\r\n#]*)", re.IGNORECASE | re.MULTILINE)
_RULE = re.compile(r"^[ \t]*(?:dis)?allow[ \t]*:", re.IGNORECASE | re.MULTILINE)


def read_robots(body: bytes, headers: Sequence[tuple[str, str]], max_bytes: int, max_rules: int) -> tuple[Protego, str | None]:
    """The rules of a robots.txt within its limits, and what was left out of it."""
    text, left_out = rules_of(body, headers, max_bytes, max_rules)
    return Protego.parse(text), left_out


def rules_of(body: bytes, headers: Sequence[tuple[str, str]], max_bytes: int, max_rules: int) -> tuple[str, str | None]:
    """The text of a robots.txt within its limits, and what was left out of it.

    >>> rules_of(b"User-agent: *\\nDisallow: /a\\nDisallow: /b\\n", (), 1000, 1)
    ('User-agent: *\\nDisallow: /a\\n', 'over 1 rules')
    """
    plain, _ = content_decoded(body, headers, ReadLimits(text_bytes=max_bytes))
    left_out = f"over {max_bytes} bytes" if len(plain) >= max_bytes else None
    text = _text(plain[:max_bytes])
    if left_out:
        # The last line of what was cut off may say less than it meant: `Disallow: /` of `Disallow: /private`.
        text = text.rpartition("\n")[0]
    text = _AGENT_LINE.sub(_token_line, text)
    rule = next(islice(_RULE.finditer(text), max_rules, None), None)
    if rule is not None:
        text, left_out = text[: rule.start()], f"over {max_rules} rules"
    return text, left_out


def _text(plain: bytes) -> str:
    """The text of a robots.txt: UTF-8 (RFC 9309), or what its byte order mark says; NUL bytes, as of UTF-16 without a mark, left out."""
    encoding = next((name for mark, name in _MARKS if plain.startswith(mark)), "utf-8")
    return plain.decode(encoding, "replace").removeprefix("\ufeff").replace("\0", "")


def _token_line(line: re.Match[str]) -> str:
    """A user-agent line with its product token alone (RFC 9309 2.2.1), and no token that is a part of ours left to be taken for it."""
    token = line[2] or ""
    if token == "*" or token.lower() == AGENT:
        return f"{line[1]}{token}"
    return f"{line[1]}other:{token}{line[3]}".rstrip()
