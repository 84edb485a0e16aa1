"""Whole crawls over faults: every address ends in one row, every exchange and failure has its own, nothing private is touched."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from fault_server import FaultServer, fault_server, page

SETTINGS = {
    "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0, "ARCHIVE_RETRY_DELAY": 0.05, "DOWNLOAD_DELAY": 0, "ARCHIVE_IDLE_TIMEOUT": 1,
    "ARCHIVE_TOTAL_TIMEOUT": 3, "ARCHIVE_CONNECT_TIMEOUT": 2, "ARCHIVE_MAX_RETRY_AFTER": 0,
}  # fmt: skip
ARTICLE = "<html><head><title>{0}</title></head><body><h1>{0}</h1><p>" + "Some words that make a paragraph. " * 20 + "</p>{1}</body></html>"
LISTENING = "0A"


class Crawled:
    """What a crawl left behind."""

    def __init__(self, archives: Path, code: int, out: str, log: str) -> None:
        self.code, self.out, self.log = code, out, log
        self._db = sqlite3.connect(archives / "web" / "index.db")
        self._db.row_factory = sqlite3.Row

    def rows(self, table: str) -> list[sqlite3.Row]:
        """All rows of a table."""
        return self._db.execute(f"SELECT * FROM {table}").fetchall()

    def states(self) -> dict[str, tuple[str, str | None]]:
        """State and reason of each address, by path."""
        return {re.sub(r"^https?://[^/]*/", "", r["url"]): (r["state"], r["reason"]) for r in self.rows("frontier")}


async def crawl(
    scrapy: Any, server: FaultServer, *paths: str, watch: Any = None, arguments: tuple[str, ...] = (), **settings: Any
) -> Crawled:
    values = SETTINGS | {"ARCHIVE_ALLOW_ADDRESSES": f"127.0.0.1:{server.port}"} | settings
    words = [w for name, value in values.items() for w in ("-s", f"{name}={value}")]
    seeds = ",".join(path if "://" in path else f"{server.url}/{path}" for path in paths)
    process = scrapy.start("crawl", "web", "-a", f"seeds={seeds}", *arguments, *words)
    waiting = asyncio.ensure_future(asyncio.to_thread(process.communicate, None, 120))
    while not waiting.done():
        if watch:
            watch(process.pid)
        await asyncio.sleep(0.05)
    out, log = waiting.result()
    assert "Traceback" not in log, log[-3000:]
    return Crawled(scrapy.archives, process.returncode, out, log)


def listening_sockets(pid: int) -> set[str]:
    """Inodes of the TCP sockets on which a process listens, and of its listening UNIX sockets."""
    own = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            own |= set(re.findall(r"socket:\[(\d+)\]", str(entry.readlink())))
        except OSError:
            continue  # closed since it was listed
    found = set()
    for name, state, inode in (("tcp", 3, 9), ("tcp6", 3, 9)):
        for line in Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:]:
            fields = line.split()
            found |= {fields[inode]} if fields[state] == LISTENING else set()
    for line in Path(f"/proc/{pid}/net/unix").read_text().splitlines()[1:]:
        fields = line.split()
        found |= {fields[6]} if int(fields[3], 16) & 0x10000 else set()
    return own & found


async def test_every_fault_ends_in_its_rows(scrapy: Any, server: FaultServer) -> None:
    faults = [
        "cut-length",
        "cut-chunks",
        "no-answer-rst",
        "garbage",
        "interim-flood",
        "lengths-differ",
        "stall-body",
        "surplus-204",
        "status-999",
    ]
    server.pages["/start"] = page(ARTICLE.format("Start", "".join(f'<a href="/{name}">x</a>' for name in [*faults, "fine"])))
    server.pages["/fine"] = page(ARTICLE.format("Fine \u202e\x1b[31m\x85 words", ""))
    seen: set[str] = set()
    looks = 0

    def watch(pid: int) -> None:
        nonlocal looks
        try:
            seen.update(listening_sockets(pid))
            looks += 1
        except OSError:
            return  # it has just ended

    done = await crawl(scrapy, server, "start", watch=watch)
    assert done.code == 10
    states = done.states()
    assert {states[name][0] for name in [*faults, "fine", "start"]} <= {"done", "failed", "refused"}
    assert states["fine"][0] == "done"
    assert states["cut-length"] == ("failed", "disconnect")
    failures, captures = done.rows("failures"), done.rows("captures")
    assert len([f for f in failures if f["url"].endswith("/no-answer-rst") and f["capture_id"] is None]) == 3
    assert [c["truncated"] for c in captures if c["url"].endswith("/cut-length")] == ["disconnect"] * 3
    silent = [f for f in failures if f["capture_id"] is None]
    told = [*(c["problem"] for c in captures), *(f["detail"] for f in silent)]
    twice = len([text for text in told if "sent again" in (text or "")])
    assert len(server.requests) == len(captures) + len(silent) + twice
    assert looks > 3
    assert seen == set()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", done.log)
    assert "headline=" in done.log


async def test_no_way_of_writing_an_address_leads_inside(scrapy: Any, server: FaultServer) -> None:
    async with fault_server() as canary:
        inside = f"127.0.0.1:{canary.port}"
        links = "".join(
            f'<a href="{a}">x</a>' for a in (f"http://{inside}/link", f"http://localhost:{canary.port}/", "file:///etc/passwd", "rel")
        )
        server.pages["/start"] = page(
            f'<html><head><base href="http://localhost:{canary.port}/"><meta http-equiv="refresh" content="0;url=http://{inside}/meta"></head>'
            f'<body><h1>News of the day</h1><p>{"Words in a row. " * 40}</p><img src="http://{inside}/img">{links}</body></html>'
        )
        server.pages["/hop"] = f"HTTP/1.1 302 F\r\nLocation: http://{inside}/hop\r\nContent-Length: 0\r\n\r\n".encode()
        server.pages["/map.xml"] = page(
            f"<urlset><url><loc>http://{inside}/map</loc></url><url><loc>file:///etc/passwd</loc></url></urlset>", "text/xml"
        )
        done = await crawl(scrapy, server, "start", "hop", "map.xml", arguments=("-a", "requisites=all"))
        assert canary.connections == 0
        assert done.code == 10  # a seed was named and did not come; what the guard refuses besides is our own policy
        rows = {r["url"]: r for r in done.rows("frontier")}
        assert rows[f"http://{inside}/link"]["state"] == "refused"
        assert rows[f"http://{inside}/map"]["reason"] == "guard"
        assert rows[f"{server.url}/hop"]["reason"] == "guard"
        assert not [url for url in rows if url.endswith("/rel")]  # where the base leads is out of scope
        assert not [url for url in rows if not url.startswith("http")]


@pytest.mark.parametrize("name", ["no-answer-rst", "busy"])
async def test_a_host_that_only_fails_is_given_up(scrapy: Any, server: FaultServer, name: str) -> None:
    paths = [f"{name}?{n}" for n in range(300)]
    busy = b"HTTP/1.1 503 Busy\r\nRetry-After: 99999999999999999999\r\nContent-Length: 0\r\n\r\n"
    server.pages |= {f"/{path}": busy for path in paths if name == "busy"}
    done = await crawl(scrapy, server, *paths, ARCHIVE_HOST_FAILURES=8, ROBOTSTXT_OBEY=False)
    assert done.code == 10
    assert len(server.requests) <= 8 + 4  # what was in flight when the eighth failed
    assert {r["state"] for r in done.rows("frontier")} == {"failed"}
    assert "host given up" in done.out


async def test_limits_are_told(scrapy: Any, server: FaultServer) -> None:
    more = (
        "".join(f'<a href="/s/{n}">x</a>' for n in range(50))
        + '<a href="/a/b/a/b/a/b/a/b">x</a>'
        + '<a href="/q?b=1&a=2">x</a><a href="/q?a=2&b=1">x</a>'
    )
    server.pages["/start"] = page(ARTICLE.format("Start", more))
    done = await crawl(scrapy, server, "start", ARCHIVE_MAX_PAGES_PER_HOST=5, ARCHIVE_MAX_LINKS=20)
    assert "limits hit" in done.out
    assert re.search(r"limits hit +.*15 pages per host", done.out)
    assert "1 links per page" in done.out
    assert len([r for r in done.rows("frontier") if r["role"] == "page"]) == 6


async def test_a_page_that_takes_too_long_is_kept_and_can_be_read_later(scrapy: Any, server: FaultServer) -> None:
    server.pages["/long"] = page(ARTICLE.format("A long page", "<p>And <b>more</b> words to read.</p>" * 40_000))
    done = await crawl(scrapy, server, "long", "fine", ARCHIVE_PARSE_SECONDS=0.4)

    def states() -> dict[str, str]:
        return {c["url"].rpartition("/")[2]: c["read_state"] for c in Crawled(scrapy.archives, 0, "", "").rows("captures")}

    assert done.code == 10  # told, since a story may be missing from the index; the bytes are there
    assert "1 reading" in done.out
    assert states()["long"] == "unreadable"
    await asyncio.to_thread(scrapy, "reindex", "web", "-s", "ARCHIVE_PARSE_SECONDS=0.4", exits=10)
    assert states()["long"] == "unreadable"
    await asyncio.to_thread(scrapy, "reindex", "web", "-s", "ARCHIVE_PARSE_SECONDS=60")
    assert states()["long"] == "read"


async def test_addresses_without_end_that_show_one_page_end(scrapy: Any, server: FaultServer) -> None:
    class Endless(dict[str, bytes]):
        def get(self, path: str, default: bytes | None = None) -> bytes | None:  # type: ignore[override]
            return (
                page(ARTICLE.format("The same", '<a href="deeper/">x</a><a href="?a=1&b=2">x</a>')) if path.startswith("/same") else default
            )

    server.pages = Endless()
    done = await crawl(scrapy, server, "same/")
    assert done.code == 0
    assert len(server.requests) < 10
    assert "page seen under another address" in done.out


@pytest.mark.parametrize(
    ("robots", "code", "state", "reason"),
    [
        ("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", 10, "failed", "status"),
        ("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", 0, "done", None),
        ("HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\nUser-agent: *\r\nDisallow: /\n", 10, "refused", "robots"),
        ("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 31\r\n\r\n<html><body>Home</body></html>\n", 0, "done", None),
    ],
    ids=["5xx", "4xx", "disallow", "html"],
)
async def test_robots(scrapy: Any, server: FaultServer, robots: str, code: int, state: str, reason: str | None) -> None:
    server.pages["/robots.txt"] = robots.encode()
    server.pages["/start"] = page(ARTICLE.format("Start", ""))
    done = await crawl(scrapy, server, "start")
    assert done.states()["start"] == (state, reason)
    assert done.code == code
    assert [c for c in done.rows("captures") if c["role"] == "robots"]
