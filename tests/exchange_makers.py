"""Exchanges and frontier requests made up for the tests that record them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from targets import made

from crawler.items import Exchange, LeasedRequest, SpooledBytes

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


def exchange(n: int = 1, body: bytes = b"<p>hello", **more: object) -> Exchange:
    values = {
        "url": f"https://a.example/{n}", "method": "GET", "started": START + timedelta(seconds=n), "ended": START + timedelta(seconds=n + 1),
        "request": b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n", "response": SpooledBytes(HEAD + body), "payload": SpooledBytes(body),
        "head_length": len(HEAD), "status": 200, "headers": (("Content-Type", "text/html"),), "ip": "127.0.0.1",
    }  # fmt: skip
    return Exchange(**values | more)  # type: ignore[arg-type]


def lease(n: int = 1, **more: object) -> LeasedRequest:
    return made(LeasedRequest, {"key": f"demo/{n}", "url": f"https://a.example/{n}", "site": "demo", "role": "story", "story": f"demo/{n}"} | more)
