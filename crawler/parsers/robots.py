"""robots.txt within limits (RFC 9309)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from protego import Protego

from crawler.limits import ReadLimits
from crawler.parsers.decode import content_decoded

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
    # The last line of what was cut off may say less than it meant: `Disallow: /` of `Disallow: /private`.
    plain = plain[:max_bytes].rpartition(b"\n")[0] if left_out else plain
    text = plain.decode("utf-8", "replace").removeprefix("\ufeff")
    rule = next(islice(_RULE.finditer(text), max_rules, None), None)
    if rule is not None:
        text, left_out = text[: rule.start()], f"over {max_rules} rules"
    return text, left_out
