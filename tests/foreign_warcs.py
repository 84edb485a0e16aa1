"""Makers of small WARCs as other programs write them."""

from __future__ import annotations

import gzip
import hashlib
from base64 import b32encode
from pathlib import Path

HOST = "http://courier.example"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
SAME = "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/server-not-modified"


def story(title: str) -> bytes:
    """A page that is read as a story."""
    text = "".join(
        f"<p>On the {day} day of the week the council of the harbour town talked about {title}, and nobody could say what would "
        "become of it before the winter storms were over and the ships had come home again.</p>"
        for day in ("first", "second", "third", "fourth")
    )
    head = f"<title>{title}</title></head><body><article><h1>{title}</h1><p class=byline>By Ada Quill</p>"
    return f"<!doctype html><html lang=en><head>{head}<time datetime='2024-02-20'>20 February 2024</time>{text}</article></body></html>".encode()


def answer(body: bytes, head: bytes = HEAD) -> bytes:
    """A whole HTTP response."""
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def sha1(body: bytes) -> str:
    """As WARC-Payload-Digest writes it."""
    return "sha1:" + b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


def uid(n: int) -> str:
    """The record id of a number."""
    return f"urn:uuid:00000000-0000-4000-8000-{n:012d}"


def record(
    block: bytes,
    url: str,
    *more: str,
    n: int | None = 1,
    kind: str = "response",
    date: str = "2024-03-01T12:00:00Z",
    content: str = "application/http; msgtype=response",
) -> bytes:
    """One record; without a WARC-Record-ID where n is None."""
    lines = ["WARC/1.0", f"WARC-Type: {kind}", f"WARC-Date: {date}", f"WARC-Target-URI: {HOST}{url}", f"Content-Type: {content}", *more]
    if n is not None:
        lines.append(f"WARC-Record-ID: <{uid(n)}>")
    return "\r\n".join([*lines, f"Content-Length: {len(block)}", "", ""]).encode() + block + b"\r\n\r\n"


def revisit(n: int, url: str, *more: str, head: bytes = HEAD + b"\r\n", date: str = "2024-03-02T12:00:00Z") -> bytes:
    """A revisit record with a head of its own."""
    return record(head, url, *more, n=n, kind="revisit", date=date)


def write(path: Path, *records: bytes) -> Path:
    """A WARC with one gzip member a record."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(gzip.compress(one, mtime=0) for one in records))
    return path
