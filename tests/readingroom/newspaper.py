"""A collection for the room: stories with versions, pictures of all kinds, texts from right to left, and hostile ones."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path
from typing import Any

from exchange_makers import exchange, lease
from pictures_made import HTML, SVG, png

from crawler.collection.collection import Collection
from crawler.index.index import Index
from crawler.items import Article, Block, Capture, Image, SpooledBytes

XSS = "\"'><script>alert('xss')</script><img src=x onerror=alert(1)></title><svg/onload=alert(2)>\u202egnp\x00\x1b[2J{{7*7}}"


PICTURES: dict[str, tuple[bytes, tuple[tuple[str, str], ...]]] = {
    "quay.png": (png(320, 200), (("Content-Type", "image/png"),)),
    "zipped.png": (gzip.compress(png(64, 48)), (("Content-Type", "image/png"), ("Content-Encoding", "gzip"))),
    "lies.jpg": (png(30, 20), (("Content-Type", "text/html"),)),
    "drawing.svg": (SVG, (("Content-Type", "image/png"),)),
    "page.jpg": (HTML, (("Content-Type", "image/jpeg"),)),
}
"""Archived pictures by name: payload as sent, and header fields."""


def answer(body: bytes, fields: tuple[tuple[str, str], ...], *, chunked: bool = False) -> dict[str, Any]:
    """An answer's parts as `exchange` takes them."""
    more = (("Transfer-Encoding", "chunked"),) if chunked else (("Content-Length", str(len(body))),)
    head = b"HTTP/1.1 200 OK\r\n" + b"".join(f"{name}: {value}\r\n".encode() for name, value in (*fields, *more)) + b"\r\n"
    sent = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if chunked else body
    return {"response": SpooledBytes(head + sent), "payload": SpooledBytes(body), "head_length": len(head), "headers": (*fields, *more)}


def text(n: int, **changes: Any) -> Article:
    """Version n of the first story."""
    blocks = (
        Block(kind="picture", image=0), Block(kind="paragraph", text=f"The ferry left at {n} past seven. It was a calm day, and the quay was full."),
        Block(kind="heading", text="What changes"), Block(kind="list", text="First boat at seven\nLast boat at nine"),
        Block(kind="quote", text="A town without its ferry is an island."), Block(kind="table", text="Boat\tSeats\nKestrel\t41"),
        Block(kind="picture", image=1), Block(kind="embed", text="A film", url="javascript:alert(1)"), Block(kind="related", text="The Linnet", url="https://www.a.example/2"),
    )  # fmt: skip
    images = tuple(
        Image(url=f"https://pics.a.example/{name}", key=name, caption=f"Caption of {name}", credit="Ada Berg", alt=f"Alt of {name}")
        for name in (*PICTURES, "nowhere.png", "again.png")
    )
    values: dict[str, Any] = {
        "url": "https://www.a.example/1", "story": "paper/1", "template": "modern", "headline": f"Ferry sails again, edition {n}", "deck": "After nine days.",
        "blocks": blocks, "images": images, "authors": ("Ada Quill", "Bo Reed"), "published": "2026-03-01T09:00:00Z", "published_raw": "1 March 2026",
        "section": "Harbour", "language": "en", "canonical_url": "https://www.a.example/1", "tags": ("ferry",),
    }  # fmt: skip
    return Article(**{**values, **changes})


PERSIAN = Article(
    url="https://www.a.example/2", story="paper/2", headline="کشتی آبی دوباره راه افتاد", language="fa",
    blocks=(Block(kind="paragraph", text="کشتی ساعت هفت صبح از اسکله جدا شد."),), published="2026-03-02",
)  # fmt: skip
HOSTILE = Article(
    url="https://www.a.example/3", story="paper/3", template=XSS, headline=XSS, deck=XSS, authors=(XSS,), section=XSS, language='en" onload="x', tags=(XSS,),
    published=XSS, published_raw=XSS, modified=XSS, canonical_url="javascript:alert(3)", videos=("data:text/html,<script>x</script>",), problems=(XSS,),
    blocks=(*(Block(kind=kind, text=XSS, url="javascript:alert(4)") for kind in ("paragraph", "heading", "quote", "list", "table", "embed", "related", "correction", "entry")),),
    images=(Image(url="javascript:x", key="quay.png", caption=XSS, credit=XSS, alt=XSS),),
)  # fmt: skip
WEB = Article(url="https://b.example/a.json?x=1", story="web/https://b.example/a.json?x=1", headline="A page without a site file", blocks=())


async def _recorded(collection: Collection) -> tuple[dict[str, Capture], list[Capture]]:
    """Record the pictures, one twice, and pages for the articles."""
    pictures: dict[str, Capture] = {}
    for n, (name, (body, fields)) in enumerate(PICTURES.items(), 1):
        leased = lease(n, url=f"https://pics.a.example/{name}", key=name, role="requisite", site="paper", story="paper/1")
        pictures[name] = await collection.record(exchange(n, url=leased.url, **answer(body, fields, chunked=n % 2 == 1)), leased)
    again = lease(20, url="https://pics.a.example/again.png", key="again.png", role="requisite", site="paper", story="paper/1")
    pictures["again.png"] = await collection.record(exchange(20, url=again.url, **answer(*PICTURES["quay.png"])), again)
    pages = []
    for n, (number, host) in enumerate([(1, "www.a.example"), (1, "www.a.example"), (1, "mirror.a.example"), (2, "www.a.example"), (3, "www.a.example")]):
        leased = lease(30 + n, url=f"https://{host}/{number}", key=f"paper/{number}", site="paper", story=f"paper/{number}")
        pages.append(await collection.record(exchange(30 + n, b"<p>page %d" % n, url=leased.url), leased))
    leased = lease(50, url=WEB.url, key=WEB.url, site="web", role="page", story=WEB.story)
    pages.append(await collection.record(exchange(50, b"<p>web", url=leased.url), leased))
    return pictures, pages


def newspaper(path: Path) -> Path:
    """Make the collection."""
    collection = Collection.open(path)
    pictures, pages = asyncio.run(_recorded(collection))
    collection.close()
    with Index.open(path / "index.db") as index, index.atomic():
        for shot, article in zip(pages, (text(1), text(2), text(3), PERSIAN, HOSTILE, WEB), strict=True):
            index.file_article(shot, article)
        for shot in pictures.values():
            index.link_image(shot)
    return path
