"""Link values as `Link` headers and `application/link-format` have them.

Source: RFC 8288 section 3 and appendix B, RFC 6690, RFC 7089 section 5.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from attrs import field, frozen

MAX_PARAMETERS = 50
"""Parameters of one link that are read."""

_BLANK = r"[ \t\r\n]*"
_TARGET = re.compile(rf"{_BLANK}(?:,{_BLANK})*<([^<>]*)>")
_PARAMETER = re.compile(
    rf'{_BLANK};{_BLANK}(?:([!#$%&\'*+\-.^_`|~0-9A-Za-z]+){_BLANK}(?:={_BLANK}(?:"((?:[^"\\]|\\.)*)"|([^\s";,]*)))?)?', re.DOTALL
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_NEXT = re.compile(r",[ \t\r\n]*<")


@frozen
class LinkValue:
    """One link: target and parameters."""

    target: str
    parameters: Mapping[str, str] = field(factory=dict)
    """By name in lower case; of a name that comes twice, the first."""

    @property
    def relations(self) -> frozenset[str]:
        """The words of `rel`, lower case."""
        return frozenset(self.parameters.get("rel", "").lower().split())


def read_links(text: str, most: int) -> tuple[list[LinkValue], int]:
    """Read link values; what is no link is passed over.

    Args:
        most: Links that are read.
    Returns:
        The links in order, and how many pieces were passed over or left.
    """
    found: list[LinkValue] = []
    at = passed = 0
    while (target := _TARGET.match(text, at)) is not None or (target := _next_target(text, at)) is not None:
        passed += bool(text[at : target.start()].strip(", \t\r\n"))
        if len(found) >= most:
            return found, passed + 1
        parameters, at = _parameters(text, target.end())
        found.append(LinkValue(target[1].strip(), parameters))
    return found, passed + bool(text[at:].strip(", \t\r\n"))


def _next_target(text: str, at: int) -> re.Match[str] | None:
    """The next target behind what is no link."""
    behind = _NEXT.search(text, at)
    return _TARGET.match(text, behind.start()) if behind else None


def _parameters(text: str, at: int) -> tuple[dict[str, str], int]:
    values: dict[str, str] = {}
    for parameter in islice(_matches(text, at), MAX_PARAMETERS):
        at = parameter.end()
        if (name := parameter[1]) is not None:
            quoted = parameter[2]
            values.setdefault(name.lower(), _ESCAPED.sub(r"\1", quoted) if quoted is not None else parameter[3] or "")
    return values, at


def _matches(text: str, at: int) -> Iterator[re.Match[str]]:
    while (found := _PARAMETER.match(text, at)) is not None:
        yield found
        at = found.end()


def write_links(links: Iterable[LinkValue]) -> str:
    """Write links, one a line, as `application/link-format`.

    >>> write_links([LinkValue("http://a.example/", {"rel": "original"})])
    '<http://a.example/>; rel="original"\\n'
    """
    return ",\n".join(f"<{_uri(link.target)}>" + "".join(_written(*pair) for pair in link.parameters.items()) for link in links) + "\n"


def _written(name: str, value: str) -> str:
    text = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'; {name}="{text}"'


def _uri(target: str) -> str:
    """An address without the signs that end it."""
    return target.replace("<", "%3C").replace(">", "%3E").replace("\r", "%0D").replace("\n", "%0A").strip()
