"""A newspaper of any size on loopback, made as it is asked for: page N links to pages 10N+1 to 10N+10. Writes down who asked for what."""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
from pathlib import Path

WORDS = [
    "harbour",
    "council",
    "mayor",
    "bridge",
    "winter",
    "market",
    "school",
    "river",
    "storm",
    "budget",
    "library",
    "tram",
    "garden",
    "museum",
    "strike",
    "election",
]


def page(number: int, pages: int, size: int) -> bytes:
    """The page of a number, the same each time."""
    dice = random.Random(number)
    children = [n for n in range(10 * number + 1, 10 * number + 11) if n < pages]
    links = "".join(f'<li><a href="/p/{n}">Story {n}</a></li>' for n in children)
    text, title = [], " ".join(dice.choices(WORDS, k=6)).capitalize()
    while sum(map(len, text)) < size:
        text.append(f"<p>{' '.join(dice.choices(WORDS, k=40)).capitalize()}.</p>")
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>{''.join(text)}</article>"
        f"<ul>{links}</ul></body></html>"
    ).encode()


def every_link(pages: int) -> bytes:
    """One page that links to all the others."""
    links = "".join(f'<li><a href="/p/{n}/a-story-of-its-own">Story number {n} of today</a></li>' for n in range(1, pages))
    return (
        f"<!doctype html><html lang=en><head><title>All</title></head><body><h1>All our stories</h1><ul>{links}</ul></body></html>".encode()
    )


def sitemap(pages: int) -> bytes:
    """A sitemap that names all pages."""
    places = "".join(f"<url><loc>http://paper.example/p/{n}/a-story-of-its-own</loc></url>" for n in range(1, pages))
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>'.encode()


class Paper:
    """Answers, and remembers."""

    def __init__(self, pages: int, size: int, delay: float, log: Path) -> None:
        self.pages, self.size, self.delay = pages, size, delay
        self.log = log.open("a", buffering=1)

    def _body(self, path: str) -> tuple[bytes, str]:
        if path == "/sitemap.xml":
            return sitemap(self.pages), "application/xml"
        if path == "/all":
            return every_link(self.pages), "text/html"
        _, folder, number, *_ = f"{path}//".split("/")
        n = 0 if path == "/" else int(number) if folder == "p" and number.isdigit() else self.pages
        return (page(n, self.pages, self.size) if n < self.pages else b""), "text/html"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            while line := await reader.readline():
                while (await reader.readline()).strip():
                    pass
                path = line.split()[1].decode()
                self.log.write(f"{path}\n")
                await asyncio.sleep(30 if path == "/p/3" and self.delay < 0 else max(self.delay, 0))
                body, kind = self._body(path)
                head = f"HTTP/1.1 {'200 OK' if body else '404 Not Found'}\r\nContent-Type: {kind}; charset=utf-8\r\n"
                writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
                await writer.drain()
        except (ConnectionError, IndexError, ValueError):
            pass  # a client that was killed, or that speaks no HTTP, is the test's business
        finally:
            writer.close()


async def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--size", type=int, default=2000)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer; below 0, page 3 takes half a minute")
    parser.add_argument("--log", type=Path, required=True)
    options = parser.parse_args()
    paper = Paper(options.pages, options.size, options.delay, options.log)
    server = await asyncio.start_server(paper.serve, "127.0.0.1", 0)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
