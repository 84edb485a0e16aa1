"""Security headers of every response, and refusal of what a reading room never needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from ipaddress import ip_address
from typing import Any, TypeAlias
from urllib.parse import urlsplit

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Any]]
Send: TypeAlias = Callable[[Any], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

ROOM_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Of our own pages: no script, no inline style, nothing from elsewhere."""
DATASETTE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Of Datasette's pages of tables and SQL: scripts from files of this server only, and the style attributes that its editor writes."""
FILE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""Of archived bytes: nothing runs, nothing is loaded, whatever they are taken for."""

FIXED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
}
"""On every response that does not say otherwise."""

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class SecurityHeaders:
    """ASGI wrapper: headers on every response; other methods and names are refused.

    Only GET and HEAD are answered, on loopback only under a name of this machine.

    The name keeps a page of the net from reading the room through a name that it lets point to 127.0.0.1.

    Args:
        host: The address that is listened on; at one of loopback other names are refused.
    """

    def __init__(self, app: App, *, host: str | None = None) -> None:
        self._app = app
        self._names = _LOOPBACK | {host} if is_loopback(host) else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": with_fixed(message.get("headers", []))}
            await send(message)

        if scope["method"] not in ("GET", "HEAD"):
            await _refuse(send_with_headers, 405, b"This room is only read: GET and HEAD.", [(b"allow", b"GET, HEAD")])
        elif self._names is not None and host_of(scope) not in self._names:
            await _refuse(send_with_headers, 421, b"This room answers under localhost and 127.0.0.1 only; --host names another address.")
        else:
            await self._app(scope, receive, send_with_headers)


def is_loopback(host: str | None) -> bool:
    """True for an address that no other machine reaches.

    >>> is_loopback("127.0.0.2"), is_loopback("::1"), is_loopback("localhost"), is_loopback("0.0.0.0"), is_loopback(None)
    (True, True, True, False, False)
    """
    try:
        return host in _LOOPBACK or ip_address(host or "").is_loopback
    except ValueError:
        return False


def with_fixed(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Add the headers that a response lacks."""
    there = {bytes(name).lower() for name, _ in headers}
    more = {**FIXED, "content-security-policy": DATASETTE_POLICY}
    return [*headers, *((name.encode(), value.encode()) for name, value in more.items() if name.encode() not in there)]


def host_of(scope: Scope) -> str | None:
    """The host that a request names, without its port."""
    named = next((value for name, value in scope.get("headers", []) if name.lower() == b"host"), b"")
    try:
        return urlsplit(f"//{named.decode('latin-1')}").hostname
    except ValueError:
        return None


async def _refuse(send: Send, status: int, text: bytes, more: list[tuple[bytes, bytes]] | None = None) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *(more or [])]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text + b"\n"})
