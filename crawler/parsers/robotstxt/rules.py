"""Rules of a robots.txt and the addresses that they match (RFC 9309 2.2.2 and 2.2.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial

from attrs import frozen

_PATH = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?(?://[^/?#]*)?([^#]*)", re.IGNORECASE)
_SPELLED_PLAINLY = re.compile(r"[A-Za-z0-9._~/-]*")
_OTHER = re.compile(r"%([0-9A-Fa-f]{2})|[^A-Za-z0-9._~/%-]")
_ALNUM = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_MARKS = frozenset("-._~")
_DIRECTORY = re.compile(r".*/(?=index\.htm[^/]*$)", re.DOTALL)


@frozen
class Rule:
    """One pattern of an Allow or Disallow line."""

    weight: int
    """Octets of the pattern: of the rules that match, the one that has most of them counts."""
    allow: bool
    parts: tuple[str, ...]
    """What stands between its asterisks, in one spelling."""
    anchored: bool
    """Whether it ends with `$`."""

    @classmethod
    def of(cls, allow: bool, pattern: str) -> Rule:
        """Spell a pattern in the one way in which addresses are compared with it."""
        octets = pattern.encode("utf-8", "surrogateescape")
        anchored = pattern.endswith("$")
        first, *more = (pattern[:-1] if anchored else pattern).split("*")
        kept = [part for part in more[:-1] if part] + more[-1:]
        # An escaped letter or digit in an Allow line frees only what is escaped in the same way, as with Google: who
        # follows the RFC's reading there may be let in where the site did not mean to.
        spelled = partial(_spelled, plain=_MARKS if allow else _MARKS | _ALNUM)
        return cls(sum(1 if octet < 0x80 else 3 for octet in octets), allow, tuple(map(spelled, (first, *kept))), anchored)

    def matches(self, path: str) -> bool:
        """Test for a path that begins with the pattern, in linear time."""
        first, *more = self.parts
        if not path.startswith(first):
            return False
        at = len(first)
        if not more:
            return not self.anchored or at == len(path)
        for part in more[:-1]:
            found = path.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        if self.anchored:
            return len(path) - len(more[-1]) >= at and path.endswith(more[-1])
        return path.find(more[-1], at) >= 0


@frozen
class RuleSet:
    """The rules for one agent, the weightiest first, of two alike the one that allows."""

    rules: tuple[Rule, ...]
    prefixes: tuple[str, ...]
    """Those without `*` and `$`: most addresses match none of them, and one look tells."""
    others: tuple[Rule, ...]

    @classmethod
    def of(cls, lines: Iterable[tuple[bool, str]]) -> RuleSet:
        """The rules of Allow and Disallow lines; a line without a pattern rules nothing."""
        made = {rule: None for allow, pattern in lines for rule in _rules(allow, pattern)}
        rules = tuple(sorted(made, key=lambda rule: (rule.weight, rule.allow), reverse=True))
        plain = {rule for rule in rules if len(rule.parts) == 1 and not rule.anchored}
        return cls(rules, tuple(rule.parts[0] for rule in plain), tuple(rule for rule in rules if rule not in plain))

    def allows(self, url: str) -> bool:
        """Test for permission to request an address."""
        path = _path_of(url)
        if path == "/robots.txt":
            return True
        plain, *spellings = _spellings(path)
        # An address that is not escaped is none that is sent: it is not for an Allow line to free it.
        freed = (plain, *spellings[:1]) if path.isascii() else ()
        forbidden = (plain, *spellings[1:])
        rules = self.rules if spellings or plain.startswith(self.prefixes) else self.others
        for rule in rules:
            if any(rule.matches(one) for one in (freed if rule.allow else forbidden)):
                return rule.allow
        return True


def _rules(allow: bool, pattern: str) -> Iterator[Rule]:
    if not pattern:
        return
    yield Rule.of(allow, pattern)
    # `Allow: /a/index.html` frees the folder `/a/` too, as with Google.
    if allow and (folder := _DIRECTORY.match(pattern)):
        yield Rule.of(True, f"{folder[0]}$")


def _path_of(url: str) -> str:
    """Path and query of an address; undecodable octets become lone surrogates."""
    found = _PATH.match(url)
    path = found[1] if found else ""
    if not path.isascii():
        path = path.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")
    return path if path.startswith("/") else f"/{path}"


def _spellings(path: str) -> list[str]:
    """Spellings of a path as patterns may have it.

    With its own escapes of letters, then with its query's slashes.
    both ways, which the RFC holds to be alike."""
    plain = _spelled(path)
    if "%" not in path and "?" not in path:
        return [plain]
    before, mark, query = plain.partition("%3F")
    own = _spelled(path, plain=_MARKS)
    slashes = (before + mark + query.replace("%2F", "/"), before + mark + query.replace("/", "%2F"))
    ways = (own, *slashes)
    return [plain, *ways] if set(ways) != {plain} else [plain]


def _spelled(text: str, plain: frozenset[str] = _MARKS | _ALNUM) -> str:
    """A text with escapes in capitals, of all but unreserved characters and slashes.

    Args:
        plain: Characters whose escapes are undone.
    """
    if _SPELLED_PLAINLY.fullmatch(text):
        return text

    def one(found: re.Match[str]) -> str:
        if found[1] is None:
            return "".join(f"%{octet:02X}" for octet in found[0].encode("utf-8", "surrogateescape"))
        character = chr(int(found[1], 16))
        return character if character in plain else found[0].upper()

    return _OTHER.sub(one, text)
