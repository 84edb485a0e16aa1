"""robots.txt within limits (RFC 9309): groups, rules, delays, sitemaps."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from attrs import define, field

from crawler.parsers.encoding.content_coding import content_decoded
from crawler.parsers.limits import ReadLimits
from crawler.parsers.robotstxt.rules import RuleSet

AGENT = "news-archive-crawler"
"""Our product token: the name by which a robots.txt speaks to us."""
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
"""Byte order marks; the longer of two that begin alike first."""
_PART_OF_MARK = re.compile(rb"\xef(?:\xbb\xbf?)?")
_LINE_CHARACTERS = 8 * 2083 - 1
"""What is behind them on a line is left out, as Google's parser does."""
_BLANK = " \t\v\f\x85\xa0\ufeff\u200b"
_DISALLOW = r"d[ie](?:ss?a|as)ll?[oa]w"
"""The name and the misspellings of it that Google and crawler-commons accept."""
_LINE = re.compile(
    rf"(?:(?P<agent>use[rg][-_ ]?agent)|(?P<disallow>{_DISALLOW})|(?P<allow>allow)|(?P<delay>crawl[-_ ]?delay)|(?P<sitemap>site[-_ ]?map))"
    # Blanks serve for a forgotten colon where one word follows; else all before the colon is the name, as `Disallowed:`.
    r"(?:[^\s:]*[ \t]+(?=[^\s:]\S*$)|[^:]*:)",
    re.IGNORECASE,
)
"""The name of a line and what parts it from its value."""
_RULE = re.compile(rf"^[{_BLANK}]*(?:allow|{_DISALLOW})", re.IGNORECASE | re.MULTILINE)
_FORBIDS = re.compile(rf"[{_BLANK}]*{_DISALLOW}[ \t]*:[ \t]*[^\s#]", re.IGNORECASE)
_ALL = re.compile(r"\*(?:\s|$)")
_TOKEN = re.compile(r"[a-z_-]+")
_WORD = re.compile(r"[^\s/*]+")
_OURS = re.compile(rf"(?<![\w./-]){AGENT}(?![\w-])", re.IGNORECASE)
_COMPATIBLE = re.compile(r"\(compatible;\s*([A-Za-z_-]+)")
_PRODUCT = re.compile(r"\s*(?!Mozilla/)([A-Za-z_-]+)")
_SECONDS = re.compile(r"\d+(?:\.\d*)?|\.\d+", re.ASCII)
_MOST_SECONDS = 1e9
_TAG = re.compile(r"<[^<>\n]*>")
_LINE_TAG = re.compile(r"</?(?:br|p|div|pre|li|tr|h[1-6]|body)\b[^<>\n]*>", re.IGNORECASE)


def token_of(user_agent: str) -> str:
    """The product token by which a robots.txt speaks to who sends this User-Agent.

    Ours, if it is in there; else the first product, or the one behind a browser's `(compatible;`.

    >>> token_of("Paper-Keeper/2.1 (+https://keeper.example)"), token_of("Mozilla/5.0 (compatible; keeper/1)")
    ('Paper-Keeper', 'keeper')
    """
    if _OURS.search(user_agent):
        return AGENT
    found = _COMPATIBLE.search(user_agent) or _PRODUCT.match(user_agent)
    return found[1] if found else AGENT


PlainRobots = tuple[tuple[str, ...], list[tuple[list[str], list[tuple[bool, str]]]], dict[str, float]]
"""Sitemaps, groups of names and rules, and delays, as a worker process sends them."""


@define
class _Group:
    """User-agent lines and the rules below them, as (whether it allows, pattern)."""

    names: set[str] = field(factory=set)
    rules: list[tuple[bool, str]] = field(factory=list)


@define(kw_only=True)
class Robots:
    """Groups, delays and sitemaps of one robots.txt."""

    sitemaps: tuple[str, ...] = ()
    """Values of its `Sitemap:` lines as written, each once."""
    _groups: list[_Group] = field(factory=list)
    _delays: dict[str, float] = field(factory=dict)
    _sets: dict[str, RuleSet] = field(factory=dict, init=False)

    @classmethod
    def of(cls, plain: PlainRobots) -> Robots:
        """Make the value that `plain` was written of."""
        sitemaps, groups, delays = plain
        return cls(sitemaps=sitemaps, groups=[_Group(set(names), rules) for names, rules in groups], delays=delays)

    def plain(self) -> PlainRobots:
        """Write it as plain data."""
        return self.sitemaps, [(sorted(group.names), group.rules) for group in self._groups], self._delays

    def can_fetch(self, url: str, agent: str = AGENT) -> bool:
        """Test for permission to request an address.

        Args:
            url: As it is sent: with escapes, not with characters outside ASCII.
            agent: A product token; what follows a slash is its version.
        """
        return self.rules_for(agent).allows(url)

    def rules_for(self, agent: str) -> RuleSet:
        """The rules that count for an agent, made ready when they are first asked for."""
        name = self._name(agent)
        if (found := self._sets.get(name)) is None:
            found = self._sets[name] = RuleSet.of(rule for group in self._groups if name in group.names for rule in group.rules)
        return found

    def crawl_delay(self, agent: str = AGENT) -> float | None:
        """Seconds between two requests of an agent, or None."""
        return self._delays.get(self._name(agent))

    def _name(self, agent: str) -> str:
        """The agent's name if a group names it, else `*`.

        A group of one's own stands in place of the one for all.
        """
        name = agent.partition("/")[0].strip().lower()
        return name if any(name in group.names for group in self._groups) else "*"


def read_robots(
    body: bytes, headers: Sequence[tuple[str, str]], max_bytes: int, max_rules: int, *, cut: bool = False
) -> tuple[Robots, str | None]:  # fmt: skip
    """The rules of a robots.txt within its limits, and what was left out of it."""
    text, left_out = rules_of(body, headers, max_bytes, max_rules, cut=cut)
    return _Parser().parse(text), left_out


def read_plainly(reader: Callable[..., tuple[Robots, str | None]], *arguments: Any) -> tuple[PlainRobots, str | None]:
    """As `read_robots` or another reader, with the rules as plain data."""
    robots, left_out = reader(*arguments)
    return robots.plain(), left_out


def rules_of(
    body: bytes, headers: Sequence[tuple[str, str]], max_bytes: int, max_rules: int, *, cut: bool = False
) -> tuple[str, str | None]:  # fmt: skip
    """The text of a robots.txt within limits, and a note of the rest.

    Its lines are ended by LF.

    Args:
        cut: Whether the body is the beginning of one: of its last line, where that has no end, only what forbids is believed.

    >>> rules_of(b"User-agent: *\\nDisallow: /a\\nDisallow: /b\\n", (), 1000, 1)
    ('User-agent: *\\nDisallow: /a\\n', 'over 1 rules')
    """
    plain, _ = content_decoded(body, headers, ReadLimits(text_bytes=max_bytes))
    left_out = f"over {max_bytes} bytes" if len(plain) >= max_bytes else None
    text = _decoded(plain[:max_bytes]).replace("\r\n", "\n").replace("\r", "\n")
    if left_out:
        # The last line of what was cut off may say less than it meant: `Disallow: /` of `Disallow: /private`.
        text = text.rpartition("\n")[0]
    elif cut and not text.endswith("\n"):
        whole, end, last = text.rpartition("\n")
        text = text if _FORBIDS.match(last) else whole + end
    rule = next(islice(_RULE.finditer(text), max_rules, None), None)
    if rule is not None:
        text, left_out = text[: rule.start()], f"over {max_rules} rules"
    return text, left_out


def _decoded(plain: bytes) -> str:
    """Decode a robots.txt: UTF-8 (RFC 9309), or by its byte order mark.

    NUL bytes, as of UTF-16 without a mark, are removed.

    Octets that are no UTF-8 are kept as lone surrogates: they are escaped, octet by octet, before a rule is compared.
    """
    encoding = next((name for mark, name in _MARKS if plain.startswith(mark)), None)
    if encoding is None:
        mark = _PART_OF_MARK.match(plain)
        text = plain[mark.end() if mark else 0 :].decode("utf-8", "surrogateescape")
    else:
        text = plain.decode(encoding, "replace")
    text = text.lstrip("\ufeff").replace("\0", "")
    # A robots.txt saved as a page of HTML: `Disallow: /<BR>`.
    return _TAG.sub("", _LINE_TAG.sub("\n", text)) if text.lstrip().startswith("<") else text


@define
class _Parser:
    """Parser for the lines of a robots.txt.

    Lines of other kinds are passed over and do not end a group.
    """

    groups: list[_Group] = field(factory=lambda: [_Group()])
    delays: dict[str, float] = field(factory=dict)
    sitemaps: dict[str, None] = field(factory=dict)
    paced: set[str] = field(factory=set)
    """The names to which a Crawl-delay would belong: of the user-agent lines above, up to another delay or a rule."""
    last: str = ""

    def parse(self, text: str) -> Robots:
        """All that a text says whose lines end with LF."""
        for line in text.split("\n"):
            line = line[:_LINE_CHARACTERS].partition("#")[0].strip(_BLANK)
            if found := _LINE.match(line):
                self._take(found.lastgroup or "", line[found.end() :].strip(_BLANK))
        robots = Robots(sitemaps=tuple(self.sitemaps), groups=self.groups, delays=self.delays)
        # Here, where the text is read, and not in the crawl's own thread: there may be ten thousand.
        robots.rules_for(AGENT)
        return robots

    def _take(self, kind: str, value: str) -> None:
        if kind == "sitemap":
            self.sitemaps |= {value: None} if value else {}
            return
        if kind == "agent":
            self._agent(value)
        elif kind == "delay":
            # It ends no group of rules, as with Google and crawler-commons: those above it share in the rules further down.
            if _SECONDS.fullmatch(value):
                seconds = min(float(value), _MOST_SECONDS)
                self.delays |= {name: max(seconds, self.delays.get(name, 0.0)) for name in self.paced}
        elif self.groups[-1].names:
            self.groups[-1].rules.append((kind == "allow", value))
        self.last = kind

    def _agent(self, value: str) -> None:
        if self.groups[-1].rules:
            self.groups.append(_Group())
        if self.last != "agent":
            self.paced = set()
        names = _names(value.lower())
        self.groups[-1].names |= names
        self.paced |= names


def _names(value: str) -> set[str]:
    """Names in a user-agent line: the product token, and the whole first word.

    The word is for agents whose name holds digits.
    """
    if _ALL.match(value):
        return {"*"}
    return {found[0] for pattern in (_TOKEN, _WORD) if (found := pattern.match(value))}
