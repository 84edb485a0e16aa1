"""Arguments of addresses that name a session, recognised by the pages, not by name alone."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from hashlib import blake2b

from attrs import define, field

from crawler.items import Parsed, Unparsed, Usable
from crawler.urls import host_of

REMEMBERED = 10_000
"""Addresses, without their session; older ones are forgotten."""
PROOFS = 3
"""How often pages that differ only in an argument must have shown the same before the argument counts as a session's on that host."""

_CANDIDATE = re.compile(
    r"(?:phpsessid|jsessionid|aspsessionid\w*|sid|sessid|session|sessionid|session_id|oscsid|zenid|cfid|cftoken"
    r"|utm_\w+|fbclid|gclid|mc_[ce]id|igshid|ref_src)$", re.IGNORECASE
)  # fmt: skip
_IN_PATH = re.compile(r";(jsessionid|phpsessid|sid)=[^/?;]*|/\(([A-Z])\([\w.-]+\)\)", re.IGNORECASE)


@define
class SessionArguments:
    """Session arguments learnt in one run, host by host."""

    _shown: OrderedDict[bytes, tuple[bytes, bytes]] = field(factory=OrderedDict, init=False)
    """Host, argument and address without it: to the address asked for and what it showed."""
    _proofs: dict[tuple[str, str], list[int]] = field(factory=dict, init=False)
    """Host and argument: how often two values showed the same, and how often not."""

    def learn(self, outcome: Usable) -> None:
        """Compare a page with one whose address differs only in a session-like argument."""
        url = outcome.url
        candidates = dict(arguments_of(url))
        if not candidates or (content := _content(outcome)) is None:
            return
        host, address = host_of(url), _hash(url)
        for name, bare in candidates.items():
            key = _hash(host, name, bare)
            known = self._shown.get(key)
            self._shown[key] = address, content
            if len(self._shown) > REMEMBERED:
                self._shown.popitem(last=False)
            if known is not None and known[0] != address:
                if len(self._proofs) >= REMEMBERED:
                    self._proofs.clear()
                self._proofs.setdefault((host, name), [0, 0])[known[1] != content] += 1

    def bare(self, url: str) -> str | None:
        """Return an address without its host's session arguments; None if it has none."""
        if not self._proofs:
            return None
        host, bare = host_of(url), url
        for name, _ in arguments_of(url):
            same, other = self._proofs.get((host, name), (0, 0))
            if same >= PROOFS and same > PROOFS * other:
                bare = dict(arguments_of(bare)).get(name, bare)
        return bare if bare != url else None

    def shown(self, url: str) -> bool:
        """Return True for a page that was seen in some session."""
        host = host_of(url)
        return any(_hash(host, name, bare) in self._shown for name, bare in arguments_of(url))


def arguments_of(url: str) -> Iterator[tuple[str, str]]:
    """Yield the session-like arguments of an address, each with the address without it.

    >>> list(arguments_of("http://a.example/x;jsessionid=1?id=2&SID=3"))
    [('sid', 'http://a.example/x;jsessionid=1?id=2'), (';jsessionid', 'http://a.example/x?id=2&SID=3')]
    """
    path, mark, query = url.partition("?")
    pieces = query.split("&") if mark else []
    for n, piece in enumerate(pieces):
        name = piece.partition("=")[0]
        if _CANDIDATE.match(name):
            rest = "&".join(pieces[:n] + pieces[n + 1 :])
            yield name.lower(), f"{path}?{rest}" if rest else path
    for found in _IN_PATH.finditer(path):
        yield f";{(found[1] or found[2]).lower()}", f"{path[: found.start()]}{path[found.end() :]}{mark}{query}"


def _content(outcome: Usable) -> bytes | None:
    """Digest of a page's text, else of its links; None for an unread page."""
    if isinstance(outcome, Unparsed):
        return None
    if isinstance(outcome, Parsed) and (outcome.article.headline or outcome.article.body):
        return _hash(outcome.article.headline or "", outcome.article.body)
    links = [_plain(link.url) for link in outcome.links]
    return _hash(*links) if links else None


def _plain(url: str) -> str:
    while found := next(arguments_of(url), None):
        url = found[1]
    return url


def _hash(*texts: str) -> bytes:
    return blake2b("\n".join(texts).encode("utf-8", "surrogatepass"), digest_size=12).digest()
