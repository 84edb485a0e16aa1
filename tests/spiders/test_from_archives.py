"""Stories that no mirror serves, looked for in web archives: a whole crawl against an archive on loopback, with the faults archives have."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from archive_hosts import ARCHIVE, PAPER, TEXT, Copy, Reply, World, feed, page, played, stamp
from stands import Scrapy

from crawler.parsers.timemaps.link_format import read_links
from crawler.parsers.timemaps.memento_list import read_memento_list

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 60
FIGURE = '<figure><img src="/p/7.png" width="800" height="500"><figcaption>The wall, seen from the quay.</figcaption></figure>'
LINK = f'<p><a href="http://{PAPER}/2019/9/live">More on the wall</a></p>'


def url(path: str) -> str:
    return f"http://{PAPER}{path}"


def copies(path: str, *years: int, **more: Any) -> list[Copy]:
    number = path.split("/")[2]
    return [
        Copy(url=url(path), timestamp=stamp(year), body=page(f"Story {number}", TEXT + str(year), more=FIGURE + LINK), **more)
        for year in years
    ]


def crawl(folder: Path, world: World, *more: str, exits: int = 0) -> dict[str, Any]:
    """Crawl with from_archives; the report's `stats` and `checks`."""
    report = folder / "report.json"
    with played(world, folder) as options:
        # What is said twice wins: options of a test stand behind those that lead there.
        Scrapy(folder / "archives")(
            "crawl", "gazette", "-a", "from_archives=yes", *options, *more, "--report-json", str(report), exits=exits
        )
    found: dict[str, Any] = json.loads(report.read_text())
    return found


def rows(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "archives" / "gazette" / "index.db")) as db:
        return db.execute(sql).fetchall()


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World, dict[str, Any]]:
    """One crawl over stories that each show something else."""
    folder = tmp_path_factory.mktemp("gazette")
    world = World(
        live={
            "/feed.xml": feed("/2019/7/horn", "/2019/8/nowhere", "/2019/9/live", "/2019/10/bad", "/2019/11/moved"),
            "/2019/9/live": page("Live"),
        }
    )
    world.copies += copies("/2019/7/horn", 2019, 2020, 2021, 2022, 2023)
    world.copies += [Copy(url=url("/p/7.png"), timestamp=stamp(2020), body=PNG, mime="image/png")]
    # The first and the last copy are of no use: an error that was archived, and the banner of a seizure.
    seized = b"<html><title>This website has been seized</title><body><h1>This website has been seized</h1><p>by the Office of Export Enforcement</p></body></html>"
    world.copies += [
        Copy(url=url("/2019/10/bad"), timestamp=stamp(2018), status=200, body=b"<html><body><h1>Page not found</h1></body></html>"),
        *copies("/2019/10/bad", 2020),
        Copy(url=url("/2019/10/bad"), timestamp=stamp(2023), body=seized),
    ]
    # Archived on the other mirror only, and as a redirect to another form of its address.
    world.copies += [
        Copy(url="http://old.gazette.example/2019/11/moved", timestamp=stamp(2019), status=301, location=url("/2019/11/moved-on")),
        *copies("/2019/11/moved-on", 2019),
    ]
    return folder, world, crawl(folder, world)


def test_copies_spread_over_time_are_versions_dated_by_the_archive(first: tuple[Path, World, dict[str, Any]]) -> None:
    folder, _, report = first
    seen = rows(folder, "SELECT n, substr(first_seen, 1, 10) FROM versions WHERE story_id = 'gazette/7' ORDER BY n")
    assert seen == [(1, "2019-05-03"), (2, "2021-05-03"), (3, "2023-05-03")]
    via = rows(
        folder,
        "SELECT url, via, host, memento_date, date > '2026' FROM captures WHERE story_id = 'gazette/7' AND via IS NOT NULL ORDER BY 4",
    )
    assert {row for row in via if row[3].startswith("2019")} == {
        (url("/2019/7/horn"), f"http://{ARCHIVE}/web/{stamp(2019)}id_/{url('/2019/7/horn')}", ARCHIVE, "2019-05-03T04:05:06.000000Z", 1)
    }
    told = report["stats"]["archives"]
    assert told["found"] == {"gazette/7": ARCHIVE, "gazette/10": ARCHIVE, "gazette/11": ARCHIVE}
    assert (told["wanted"], told["not_found"], told["not_found_first"], told["undecided"]) == (4, 1, ["gazette/8"], 0)


def test_the_mirrors_word_on_a_story_stands(first: tuple[Path, World, dict[str, Any]]) -> None:
    folder, _, report = first
    states = dict(rows(folder, "SELECT id, state FROM stories"))
    assert states["gazette/9"] == "live"
    assert states["gazette/7"] != "live" or rows(folder, "SELECT 1 FROM frontier WHERE story_id = 'gazette/7' AND reason IS NOT NULL")
    assert set(report["stats"]["mirrors"]) <= {PAPER, "old.gazette.example"}
    assert report["stats"]["stories"]["new"] == 1
    assert not rows(folder, f"SELECT 1 FROM mirrors WHERE host = '{ARCHIVE}'")
    assert rows(folder, "SELECT DISTINCT host FROM failures WHERE reason = 'seized'") in ([(ARCHIVE,)], [])
    assert set(dict(rows(folder, "SELECT host, state FROM mirrors")).values()) == {"well"}


def test_copies_of_no_use_are_passed_over_for_those_between(first: tuple[Path, World, dict[str, Any]]) -> None:
    folder, _, report = first
    assert [row[0][:4] for row in rows(folder, "SELECT first_seen FROM versions WHERE story_id = 'gazette/10'")] == ["2020"]
    assert sum(report["stats"]["archives"]["unusable"].values()) == 2


def test_a_story_is_found_under_another_mirrors_address_behind_an_archived_redirect(first: tuple[Path, World, dict[str, Any]]) -> None:
    folder, _, _ = first
    assert rows(folder, "SELECT headline FROM versions WHERE story_id = 'gazette/11'") == [("Story 11",)]


def test_pictures_of_a_copy_are_asked_for_as_of_its_time(first: tuple[Path, World, dict[str, Any]]) -> None:
    folder, world, report = first
    assert rows(
        folder,
        "SELECT DISTINCT c.via FROM images i JOIN captures c ON c.id = i.capture_id JOIN versions v ON v.id = i.version_id WHERE v.story_id = 'gazette/7'",
    ) == [(f"http://{ARCHIVE}/web/{stamp(2020)}id_/{url('/p/7.png')}",)]
    assert report["stats"]["archives"]["pictures"] == {ARCHIVE: 1}
    assert sum("/p/7.png" in one for one in world.of_archive()) <= 2, "a redirect at most, one picture, and never again"


def test_an_archive_is_asked_one_thing_at_a_time_and_only_when_mirrors_have_answered(first: tuple[Path, World, dict[str, Any]]) -> None:
    _, world, _ = first
    assert world.most_at_once == 1
    places = [one.startswith(ARCHIVE) for one in world.asked]
    assert places == sorted(places)
    assert any("/robots.txt" in one for one in world.asked if one.startswith(ARCHIVE))


def test_what_was_found_or_is_in_no_archive_is_not_looked_for_again(first: tuple[Path, World, dict[str, Any]]) -> None:
    folder, world, _ = first
    world.asked.clear()
    report = crawl(folder, world)
    assert world.of_archive() == []
    assert report["stats"]["archives"]["wanted"] == 0
    # But where it is named, it is.
    crawl(folder, world, "-a", f"url={url('/2019/8/nowhere')}", exits=10)
    assert world.of_archive()


def test_versions_say_where_a_text_is_from(first: tuple[Path, World, dict[str, Any]]) -> None:
    folder, _, _ = first
    scrapy = Scrapy(folder / "archives")
    text = scrapy("versions", "gazette/7", "-c", "gazette").stdout
    assert f"via http://{ARCHIVE}/web/{stamp(2019)}id_/" in text
    document = json.loads(scrapy("versions", "gazette/7", "-c", "gazette", "--json").stdout)
    assert document["versions"][0]["sightings"][0]["via"].startswith(f"http://{ARCHIVE}/web/")
    assert scrapy("verify", "gazette", "--deep", "-s", f"ARCHIVE_SITES={folder / 'sites'}").returncode == 0


def test_the_timemap_of_a_story_goes_across_mirrors_and_archives(first: tuple[Path, World, dict[str, Any]]) -> None:
    folder, _, _ = first
    scrapy = Scrapy(folder / "archives")
    text = scrapy("versions", "gazette/7", "-c", "gazette", "--timemap", "-").stdout
    scrapy("versions", "gazette/7", "-c", "gazette", "--timemap", str(folder / "map.json"), "--base", "https://replay.example/g")
    links, passed = read_links(text, 100)
    assert passed == 0
    assert [sorted(link.relations) for link in links] == [
        ["original"],
        ["timegate"],
        ["self"],
        ["first", "memento"],
        ["memento"],
        ["last", "memento"],
    ]
    assert links[2].parameters["until"] == "Wed, 03 May 2023 04:05:06 GMT"
    for found in (read_memento_list(text, "http://x.example/"), read_memento_list((folder / "map.json").read_text(), "http://x.example/")):
        assert [one.address for one in found.mementos] == [
            f"http://{ARCHIVE}/web/{stamp(year)}id_/{url('/2019/7/horn')}" for year in (2019, 2021, 2023)
        ]
    held = scrapy("versions", "gazette/9", "-c", "gazette", "--timemap", "-", "--base", "https://replay.example/g").stdout
    assert f'<https://replay.example/g/{url("/2019/9/live")}>; rel="timegate"' in held
    scrapy("versions", "gazette/7", "-c", "gazette", "--timemap", str(folder / "no" / "such"), exits=1)
    scrapy("versions", "gazette/7", "-c", "gazette", "--timemap", "-", "--base", "replay", exits=2)


# -- archives in trouble, and hostile ones


def test_a_timegate_that_only_serves_rewritten_pages_gives_the_same_text(tmp_path: Path) -> None:
    world = World(live={"/feed.xml": feed("/2019/7/horn")}, raw=False)
    world.copies += copies("/2019/7/horn", 2019)
    # A TimeGate without TimeMaps, which knows no raw replay either.
    crawl(tmp_path, world, "-s", f"ARCHIVE_MEMENTO_ENDPOINTS=rewritten+timegate+http://{ARCHIVE}/web/")
    ((headline, body, links),) = rows(
        tmp_path,
        "SELECT v.headline, v.body, (SELECT group_concat(l.url, ' ') FROM links l WHERE l.capture_id = v.capture_id) FROM versions v",
    )
    assert headline == "Story 7"
    assert "captures" not in body
    assert url("/2019/9/live") in links.split()
    assert "/web/" not in links


def test_a_busy_archive_is_waited_for_and_a_dead_one_given_up_and_told(tmp_path: Path) -> None:
    def busy(target: str, number: int) -> Reply | None:
        return (429, [("Retry-After", "1")], b"slow down") if number == 0 else None

    world = World(live={"/feed.xml": feed("/2019/7/horn", "/2019/8/x")}, fault=busy)
    world.copies += copies("/2019/7/horn", 2019)
    report = crawl(tmp_path, world)
    assert report["stats"]["archives"]["found"] == {"gazette/7": ARCHIVE}
    asked = world.of_archive()
    assert asked[0] == asked[1], "the same again"
    world.fault = lambda target, number: (503, [], b"down")
    world.asked.clear()
    world.live["/feed.xml"] = feed("/2019/7/horn", "/2019/8/x", "/2019/12/y", "/2019/13/z")
    report = crawl(tmp_path, world, exits=10)
    assert len(world.of_archive()) <= 5, "asked a few times, then left alone"
    told = report["stats"]["archives"]
    assert set(told["undecided_first"]) == {"gazette/12", "gazette/13"}
    assert ARCHIVE in told["given_up"]
    world.fault = lambda target, number: None
    world.copies += copies("/2019/12/y", 2020)
    report = crawl(tmp_path, world)
    assert report["stats"]["archives"]["found"] == {"gazette/12": ARCHIVE}, "what was undecided is looked for again"


def test_a_hostile_archive_is_bounded_and_told(tmp_path: Path) -> None:
    def endless(target: str, number: int) -> Reply | None:
        if "/timemap/" in target and "/2019/7/" in target:
            page = int(target.split("page=")[1]) if "page=" in target else 0
            return (
                200,
                [],
                f'<{url("/2019/7/horn")}>; rel="original", <http://{ARCHIVE}{target.split("?")[0]}?page={page + 1}>; rel="timemap"'.encode(),
            )
        if "/timemap/" in target and "/2019/8/" in target:
            others = [
                f'<http://other.example/web/{stamp(2019)}/{url("/2019/8/x")}>; rel="memento"; datetime="Fri, 03 May 2019 04:05:06 GMT"'
            ]
            others += [
                f'<http://{ARCHIVE}/web/{stamp(2019)}/http://elsewhere.example/8>; rel="memento"; datetime="Fri, 03 May 2019 04:05:06 GMT"'
            ]
            others += [f'<http://{ARCHIVE}/web/{stamp(2019)}/{url("/2019/8/x")}>; rel="memento"; datetime="Fri, 03 May 2019 04:05:06 GMT"']
            return 200, [], ",".join(others).encode()
        if f"id_/{url('/2019/8/x')}" in target:  # a copy from the future, of another story
            return (
                200,
                [("Memento-Datetime", "Fri, 01 Jan 2100 00:00:00 GMT"), ("Link", f'<{url("/2019/9/y")}>; rel="original"')],
                page("Other"),
            )
        return None

    world = World(live={"/feed.xml": feed("/2019/7/horn", "/2019/8/x", "/2019/14/loop")}, fault=endless)
    world.copies += [
        Copy(url=url("/2019/14/loop"), timestamp=stamp(2019), status=302, location=url("/2019/14/loop?b")),
        Copy(url=url("/2019/14/loop?b"), timestamp=stamp(2019), status=302, location=url("/2019/14/loop")),
    ]
    report = crawl(tmp_path, world)
    told = report["stats"]["archives"]
    assert told["found"] == {}
    assert told["elsewhere"] >= 1
    assert not any(one.startswith(("other.example", "elsewhere.example")) for one in world.asked)
    assert sum("page=" in one for one in world.of_archive()) <= 3 * 6
    assert rows(tmp_path, "SELECT count(*) FROM versions") == [(0,)]
    assert rows(tmp_path, "SELECT count(*) FROM captures WHERE memento_date > '2027'") == [(0,)]


def test_a_cdx_server_is_asked_for_all_slugs_at_once_and_the_budget_ends_the_search(tmp_path: Path) -> None:
    addresses = tmp_path / "list.txt"
    addresses.write_text(f"# lost\n{url('/2019/7')}\n\n{url('/2019/8')}\n")
    world = World()
    world.copies += [one for slug in ("first-slug", "second-slug") for one in copies(f"/2019/7/{slug}", 2019 if slug[0] == "f" else 2021)]
    world.copies += copies("/2019/71/other", 2019)
    options = ("-s", f"ARCHIVE_MEMENTO_ENDPOINTS=cdx+http://{ARCHIVE}/cdx|http://{ARCHIVE}/web/", "-a", f"url=@{addresses}")
    report = crawl(tmp_path, world, *options, "-s", "ARCHIVE_MEMENTO_REQUESTS=3", exits=10)
    told = report["stats"]["archives"]
    assert told["found"] == {"gazette/7": ARCHIVE}
    assert {row[0] for row in rows(tmp_path, "SELECT url FROM captures WHERE via IS NOT NULL")} == {
        url("/2019/7/first-slug"),
        url("/2019/7/second-slug"),
    }
    assert told["undecided_first"] == ["gazette/8"]
    assert told["budget"] == "ARCHIVE_MEMENTO_REQUESTS=3"
    assert next(one for one in world.of_archive() if one.startswith("/cdx")).count("matchType=prefix") == 1


def test_the_settings_of_the_search_count(tmp_path: Path) -> None:
    world = World(live={"/feed.xml": feed("/2019/7/horn", "/2019/8/x")})
    world.fault = lambda target, number: (200, [], b"User-agent: *\nDisallow: /web/") if target == "/robots.txt" else None
    world.copies += copies("/2019/7/horn", 2019, 2020, 2021)
    report = crawl(tmp_path, world, exits=10)
    assert world.of_archive() == [], "its robots.txt forbids it"
    assert report["stats"]["failures"]["robots"] >= 1
    values = {
        "ARCHIVE_MEMENTO_ENDPOINTS": f"http://{ARCHIVE}/web/", "ARCHIVE_MAX_MEMENTOS": 1, "ARCHIVE_MEMENTO_FORMS": 1, "ARCHIVE_MEMENTO_PICTURES": 0,
        "ARCHIVE_MEMENTO_REQUESTS": 50, "ARCHIVE_MEMENTO_DELAY": 0.3, "ARCHIVE_MEMENTO_AGAIN_DAYS": 0, "ARCHIVE_MEMENTO_ROBOTS": False,
    }  # fmt: skip
    options = [word for name, value in values.items() for word in ("-s", f"{name}={value}")]
    for again in (False, True):
        world.asked.clear()
        began = time.monotonic()
        crawl(tmp_path, world, *options)
        asked = world.of_archive()
        assert sum("/timemap/" in one for one in asked) == (1 if again else 2), "one form of each, again at once where no day has to pass"
        assert sum("id_/" in one for one in asked) == (0 if again else 1)
        assert again or time.monotonic() - began > 2 * 0.3


def test_archives_must_be_named(tmp_path: Path) -> None:
    world = World(live={"/feed.xml": feed()})
    with played(world, tmp_path) as options:
        done = Scrapy(tmp_path / "archives")(
            "crawl", "gazette", "-a", "from_archives=yes", *options, "-s", "ARCHIVE_MEMENTO_ENDPOINTS=", exits=2
        )
    assert "ARCHIVE_MEMENTO_ENDPOINTS" in done.stderr
    assert world.asked == []
