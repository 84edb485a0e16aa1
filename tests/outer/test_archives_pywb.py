"""Lost stories found in a real web archive: pywb, raw and rewriting, by TimeMap, TimeGate and CDX server. Group `outer`: needs it."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from archive_hosts import PAPER, TEXT, World, feed, page, played
from stands import Scrapy
from test_replay_pywb import served
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.parsers.timemaps.memento_list import http_date

pytestmark = pytest.mark.outer

LOST, LIVE = f"http://{PAPER}/2019/7/horn", f"http://{PAPER}/2019/9/live"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 60
FIGURE = '<figure><img src="/p/7.png" width="800" height="500"><figcaption>The wall, seen from the quay.</figcaption></figure>'
MORE = f'{FIGURE}<p><a href="/2019/9/live">More on the wall</a> and <a href="http://b.example/web/2019/http://c.example/">a copy</a></p>'
KINDS = {
    "raw": "{0}", "cdx": "cdx+{0}cdx", "rewritten": "rewritten+timemap+{0}timemap/link/", "timegate": "timegate+{0}",
    "json": "timemap+{0}timemap/json/|{0}",
}  # fmt: skip


@pytest.fixture(scope="module")
def archive(wayback: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """pywb over three copies of a lost story and its picture; the address of its collection."""
    folder = tmp_path_factory.mktemp("archive")
    with (folder / "in.warc.gz").open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for year in (2019, 2020, 2021):
            record(
                writer,
                LOST,
                f"{year}-05-03T04:05:06Z",
                page("The horn is silent", f"{TEXT}In {year} it was. ", more=MORE),
                "text/html; charset=utf-8",
            )
        record(writer, LOST, "2022-05-03T04:05:06Z", b"", "text/html", status="302 Found", location=f"http://{PAPER}/")
        record(writer, f"http://{PAPER}/", "2022-05-03T04:05:07Z", b"<h1>Front</h1>", "text/html")
        record(writer, f"http://{PAPER}/p/7.png", "2020-01-01T00:00:00Z", PNG, "image/png")
    scrapy = Scrapy(folder / "archives")
    scrapy("crawl", "replay", "-a", f"warcs={folder / 'in.warc.gz'}", "-a", "collection=kept")
    with served(wayback, scrapy.archives) as address:
        yield f"{address}/kept/"


def record(writer: WARCWriter, url: str, date: str, body: bytes, mime: str, *, status: str = "200 OK", location: str = "") -> None:
    fields = [("Content-Type", mime), ("Content-Length", str(len(body))), *([("Location", location)] if location else [])]
    made = writer.create_warc_record(
        url,
        "response",
        payload=io.BytesIO(body),
        http_headers=StatusAndHeaders(status, fields, protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": date},
    )
    writer.write_record(made)


@pytest.fixture(scope="module")
def found(archive: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The paper crawled once with each kind of endpoint, each into a collection of its own; the reports."""
    folder = tmp_path_factory.mktemp("found")
    world = World(live={"/feed.xml": feed("/2019/7/horn", "/2019/8/nowhere", "/2019/9/live"), "/2019/9/live": page("Live")})
    reports = {}
    with played(world, folder) as options:
        place = archive.split("/")[2]
        hosts = ",".join(f"{host}:80=127.0.0.1:{world.port}" for host in (PAPER, "old.gazette.example"))
        for kind, form in KINDS.items():
            own = {
                "ARCHIVE_CONNECT_TO": hosts, "ARCHIVE_ALLOW_ADDRESSES": place, "ARCHIVE_COLLECTION": kind,
                "ARCHIVE_MEMENTO_ENDPOINTS": form.format(archive),
            }  # fmt: skip
            more = [word for name, value in own.items() for word in ("-s", f"{name}={value}")]
            report = folder / f"{kind}.json"
            Scrapy(folder / "archives")("crawl", "gazette", "-a", "from_archives=yes", *options, *more, "--report-json", str(report))
            reports[kind] = json.loads(report.read_text())["stats"]["archives"]
    return folder / "archives", reports


def rows(archives: Path, kind: str, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(archives / kind / "index.db")) as db:
        return db.execute(sql).fetchall()


@pytest.mark.parametrize("kind", KINDS)
def test_a_lost_story_is_found_by_each_interface(found: tuple[Path, dict[str, Any]], kind: str) -> None:
    archives, reports = found
    assert list(reports[kind]["found"]) == ["gazette/7"], reports[kind]
    assert reports[kind]["not_found_first"] == ["gazette/8"]
    sql = "SELECT v.first_seen, v.headline, v.body FROM versions v WHERE v.story_id = 'gazette/7' ORDER BY v.n"
    got, raw = rows(archives, kind, sql), rows(archives, "raw", sql)
    assert got
    assert set(got) <= set(raw), "the same texts of the same dates"
    if kind != "timegate":
        assert [row[0][:4] for row in got] == ["2019", "2020", "2021"]


@pytest.mark.parametrize("kind", KINDS)
def test_no_rewriting_is_left_in_links_and_pictures(found: tuple[Path, dict[str, Any]], kind: str) -> None:
    archives, _ = found
    links = {
        row[0] for row in rows(archives, kind, "SELECT l.url FROM links l JOIN captures c ON c.id = l.capture_id WHERE c.via IS NOT NULL")
    }
    assert links == {LIVE, "http://b.example/web/2019/http://c.example/"}
    pictures = rows(archives, kind, "SELECT DISTINCT i.url, c.via IS NOT NULL FROM images i LEFT JOIN captures c ON c.id = i.capture_id")
    assert pictures == [(f"http://{PAPER}/p/7.png", 1)]


def test_the_record_is_replayed_under_the_archives_address(found: tuple[Path, dict[str, Any]], wayback: str) -> None:
    archives, _ = found
    ((via,),) = rows(archives, "raw", "SELECT via FROM captures WHERE via LIKE '%20190503040506id_%' AND role = 'story'")
    with served(wayback, archives) as address:
        got = subprocess.run(["curl", "-s", f"{address}/raw/2026id_/{via}"], capture_output=True, check=True).stdout
        assert b"The horn is silent" in got
        told = subprocess.run(
            ["curl", "-s", f"{address}/raw/cdx?url={LOST}&output=json"], capture_output=True, text=True, check=True
        ).stdout
        assert all(json.loads(line)["status"] != "200" for line in told.splitlines()), "the mirror itself never gave it"


CLIENT = """
import json, sys
from memento_client import MementoClient
from pywb.utils.memento import MementoUtils
text = " ".join(open(sys.argv[1]).read().split())
held = MementoUtils.parse_links(text)
links = MementoClient.parse_link_header(text)
mementos = {uri: one["datetime"][0] for uri, one in links.items() if "memento" in one["rel"]}
print(json.dumps([held["original"]["url"], {one["url"]: one["datetime"] for one in held["mementos"]}, mementos]))
"""


def test_memento_clients_read_our_timemap(found: tuple[Path, dict[str, Any]], wayback: str, tmp_path: Path) -> None:
    archives, _ = found
    python = str(Path(wayback).resolve().parent / "python")
    if subprocess.run([python, "-c", "import memento_client"], capture_output=True, check=False).returncode:
        if os.environ.get("ARCHIVE_OUTER") == "required":
            pytest.fail("memento-client is required beside pywb")
        pytest.skip("outer: memento-client is not installed beside pywb")
    scrapy, file = Scrapy(archives), tmp_path / "map.link"
    with served(wayback, archives) as address:
        for story, original in (("gazette/9", LIVE), ("gazette/7", LOST)):
            scrapy("versions", story, "-c", "raw", "--timemap", str(file), "--base", f"{address}/raw/")
            got = subprocess.run([python, "-c", CLIENT, str(file)], capture_output=True, text=True, check=False)
            assert got.returncode == 0, got.stderr[-2000:]
            asked, by_pywb, by_client = json.loads(got.stdout)
            seen = rows(
                archives,
                "raw",
                f"SELECT s.date FROM sightings s JOIN versions v ON v.id = s.version_id WHERE v.story_id = '{story}' ORDER BY 1",
            )
            assert asked == original
            assert by_pywb == by_client
            assert sorted(http_date(one).isoformat() for one in by_client.values()) == [f"{when[:19]}+00:00" for (when,) in seen]
            # Each is served there: ours by a pywb over our collection.
            for memento in by_client:
                status = subprocess.run(
                    ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", memento], capture_output=True, text=True, check=True
                )
                assert status.stdout == "200", memento
