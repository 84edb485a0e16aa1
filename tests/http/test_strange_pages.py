"""One crawl over every scene and every strange page: whatever an answer is, it ends in its rows, and nothing else happens."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from fault_server import FaultServer, fault_server, page, scenes
from strange_pages import STORY, strange_pages
from test_crawl import crawl

from crawler.archive_files.reader import payload_at

MAX_RSS_KIB = 400 * 1024
LOG_UNFIT = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Peak:
    """The most memory a process had, in KiB."""

    def __init__(self) -> None:
        self.kib = 0

    def __call__(self, pid: int) -> None:
        try:
            text = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return  # it has just ended
        self.kib = max([self.kib, *map(int, re.findall(r"VmHWM:\s*(\d+)", text))])


async def test_whatever_an_answer_is(scrapy: Any, server: FaultServer) -> None:
    async with fault_server() as canary:
        strange = strange_pages(canary.port)
        server.pages |= {f"/{name}": data for name, data in strange.items()}
        server.pages["/robots.txt"] = page("User-agent: *\nAllow: /\n", "text/plain")
        good = page(STORY.format("", ""))
        server.pages["/good"] = good
        names = [*scenes(), *strange]
        server.pages["/start"] = page("<html><body>" + "".join(f'<a href="/{name}">x</a>' for name in names) + "</body></html>")
        peak = Peak()
        done = await crawl(
            scrapy, server, "start", "good", "map-loop.xml", "map-odd.xml", "feed-entity.xml", watch=peak, arguments=("-a", "requisites=all"),
            ARCHIVE_ATTEMPTS=1, ARCHIVE_HOST_FAILURES=1000, CONCURRENT_REQUESTS_PER_DOMAIN=8, ARCHIVE_LEASES_PER_HOST=8,
        )  # fmt: skip
        assert canary.connections == 0
    assert done.code == 10
    assert peak.kib < MAX_RSS_KIB
    assert "-fault" not in done.log
    assert not LOG_UNFIT.search(done.log)
    frontier, captures, failures = done.rows("frontier"), done.rows("captures"), done.rows("failures")
    assert {r["state"] for r in frontier} <= {"done", "failed", "refused"}
    states = done.states()
    assert set(names) <= set(states)
    assert not [f["detail"] for f in failures if f["reason"] == "parser-fault"]
    unanswered = [f for f in failures if f["capture_id"] is None and f["reason"] not in ("guard", "bad-url")]
    assert len(server.requests) <= len(captures) + len(unanswered)  # one that a peer swallowed whole is no request to it
    check_bytes(scrapy, captures, strange)
    check_redirects(states, server)
    check_words(done)
    scrapy("verify", "web")


def check_bytes(scrapy: Any, captures: list[Any], strange: dict[str, bytes]) -> None:
    """What was sent whole is kept whole; where two have the same body, once."""
    kept = {}
    for capture in captures:
        name = capture["url"].rpartition("/")[2]
        if not capture["revisit_of"]:
            _, payload = payload_at(scrapy.archives / "web" / "archive" / capture["warc"], capture["offset"], limit=1 << 30)
            kept[name] = hashlib.sha256(payload).hexdigest()
    sent = {name: hashlib.sha256(data.partition(b"\r\n\r\n")[2]).hexdigest() for name, data in strange.items()}
    assert set(sent.values()) <= set(kept.values())
    assert all(kept.get(name, digest) == digest for name, digest in sent.items())


def check_redirects(states: dict[str, Any], server: FaultServer) -> None:
    """What may be followed is asked for with the bytes that the server wrote; nothing else is."""
    asked = {request.split(b" ")[1] for request in server.requests}
    assert {b"/caf%E9", b"/%D8%AE%D8%A8%D8%B1", b"/fine?two", b"/fine?map", b"/fine?cut"} <= asked
    assert b"/fine?feed" not in asked  # a document type is not read at all
    for name, (state, reason) in states.items():
        if name.startswith("to-") and name not in ("to-latin-1", "to-utf-8", "to-two"):
            assert (state, reason) in {("refused", "guard"), ("refused", "bad-url"), ("failed", "redirect")}, name


def check_words(done: Any) -> None:
    """The index holds text, addresses that may be shown, and no file of this machine."""
    for version in done.rows("versions"):
        text = "\n".join(str(value) for value in tuple(version))
        assert text.encode()
        assert "root:x:" not in text
        assert not (version["canonical_url"] or "http").startswith(("file", "data", "javascript"))
    assert all((link["url"] or "").startswith("http") for link in done.rows("links"))
