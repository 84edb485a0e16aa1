"""Cookies of one chain of redirects, by the rules of RFC 6265."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import Message
from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.request import Request

from crawler.items import Headers
from crawler.urls import host_of, is_public_suffix

MAX_COOKIES = 50
"""Kept by one chain (RFC 6265 6.1 asks for 50 a domain)."""
MAX_COOKIE_BYTES = 4096
"""Of one name and value; a longer one is not kept, as browsers do."""


class _Policy(DefaultCookiePolicy):
    """Rules for Netscape cookies; none for a public suffix, none too long."""

    def set_ok(self, cookie: Cookie, request: Any) -> bool:
        """True if a cookie may be kept."""
        domain = cookie.domain.lstrip(".")
        foreign = cookie.domain_specified and domain != host_of(request.get_full_url()) and is_public_suffix(domain)
        size = len(cookie.name) + len(cookie.value or "")
        return not foreign and size <= MAX_COOKIE_BYTES and bool(super().set_ok(cookie, request))


class Cookies:
    """Cookie jar of one chain of redirects."""

    def __init__(self) -> None:
        self._policy = _Policy(rfc2965=False, hide_cookie2=True)
        self._jar = CookieJar(policy=self._policy)

    def receive(self, url: str, headers: Sequence[tuple[str, str]]) -> tuple[str, ...]:
        """Keep the cookies of a response; returns the names that it sets.

        Args:
            headers: Names and values as received, decoded as latin-1.
        """
        lines = Headers(headers).all("set-cookie")
        if lines:
            request = _request(url)
            for cookie in self._jar.make_cookies(_Answer(lines), request):  # type: ignore[arg-type]
                if len(self._jar) < MAX_COOKIES and self._policy.set_ok(cookie, request):
                    self._jar.set_cookie(cookie)
        return tuple(dict.fromkeys(name for name in (line.partition("=")[0].strip() for line in lines) if name))

    def header(self, url: str) -> str:
        """The value of the Cookie header for a request; empty if none applies."""
        request = _request(url)
        self._jar.add_cookie_header(request)
        return str(request.get_header("Cookie", ""))


class _Answer:
    """A response as `http.cookiejar` reads one."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._message = Message()
        for line in lines:
            self._message["Set-Cookie"] = line.replace("\r", " ").replace("\n", " ")

    def info(self) -> Message:
        """Its header."""
        return self._message


def _request(url: str) -> Request:
    # Never opened: it is only asked which cookies may go with it.
    return Request(url)
