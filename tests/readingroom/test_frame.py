"""The frame of the room: headers, errors, read-only opening, names of collections, static files."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import tomllib
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import get_args

import pytest
from rooms import Room
from small_collections import change, twelve

from crawler.collection.collection import Collection
from crawler.errors import SetupError
from crawler.evidence.hand_checks import Step
from crawler.readingroom.server import reading_room
from crawler.roomframe import rendering
from crawler.roomframe.addresses import Addresses, decoded, encoded, outer
from crawler.roomframe.strings import TEXTS, WORDS

TEMPLATES = resources.files("crawler.readingroom") / "templates"


@pytest.fixture(scope="module")
def twelve_captures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return twelve(tmp_path_factory.mktemp("archives") / "small.one")


def copied(collection: Path, to: Path) -> Path:
    return Path(shutil.copytree(collection, to, ignore=shutil.ignore_patterns("*-wal", "*-shm")))


EVERY = ("/", "/.json", "/small~2Eone", "/small~2Eone/captures", "/small~2Eone/captures.json", "/nope", "/nope.json", "/small~2Eone/captures/1",
         "/small~2Eone?sql=select+1", "/-/versions.json", "/-/room/room.css", "/-/static/app.css", "/small~2Eone/-/front", "/small~2Eone/-/nope",
         "/small~2Eone/captures.csv", "/-/metadata", "/small~2Eone/-/front.json", "/favicon.ico")  # fmt: skip


@pytest.mark.parametrize("path", EVERY)
async def test_every_response_has_the_headers(room: Room, twelve_captures: Path, path: str) -> None:
    answer = await room(twelve_captures).client.get(path)
    assert answer.status_code == (404 if "nope" in path else 200)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"script-src[^;]*(?:unsafe|\*|http)", policy)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", [path for path in EVERY if "." not in path.rpartition("/")[2].replace("small~2Eone", "")])
async def test_no_page_has_a_script_within(room: Room, twelve_captures: Path, path: str) -> None:
    html = (await room(twelve_captures).client.get(path)).text
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", html)
    assert not re.search(r"<[^>]+\son[a-z]+\s*=", html)
    assert not re.search(r"""src\s*=\s*["']?(?:https?:)?//(?!localhost/)""", html)
    assert not re.search(r"""<link[^>]*stylesheet[^>]*//""", html)


async def test_own_pages_allow_no_script_at_all(room: Room, twelve_captures: Path) -> None:
    policy = (await room(twelve_captures).client.get("/small~2Eone/-/front")).headers["content-security-policy"]
    assert "script" not in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options"])
async def test_only_reading_is_answered(room: Room, twelve_captures: Path, method: str) -> None:
    answer = await room(twelve_captures).client.request(method.upper(), "/small~2Eone")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("sql", ["delete from captures", "select load_extension('x')", "attach '/tmp/x' as x", "pragma query_only = off"])
async def test_sql_cannot_write(room: Room, twelve_captures: Path, sql: str) -> None:
    answer = await room(twelve_captures).client.get("/small~2Eone.json", params={"sql": sql})
    assert answer.status_code == 400


async def test_sql_ends_in_time(room: Room, twelve_captures: Path) -> None:
    datasette = room(twelve_captures)
    datasette.sql_time_limit_ms = 50
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n"
    assert (await datasette.client.get("/small~2Eone.json", params={"sql": endless})).status_code == 400


async def test_nothing_is_opened_for_writing(room: Room, twelve_captures: Path) -> None:
    database = room(twelve_captures).get_database("small.one")
    with pytest.raises(SetupError, match="writes nothing"):
        database.connect(write=True)
    with pytest.raises(sqlite3.OperationalError):
        await database.execute_fn(lambda conn: conn.execute("DELETE FROM captures"))


@pytest.mark.parametrize("name", ["evil.example", "localhost.evil.example", "[::2]", "127.0.0.1.nip.example", ""])
async def test_a_name_that_is_not_of_this_machine_is_refused(room: Room, twelve_captures: Path, name: str) -> None:
    answer = await room(twelve_captures).client.get("/", headers={"host": name})
    assert answer.status_code == 421
    assert "localhost" in answer.text


@pytest.mark.parametrize("name", ["localhost", "localhost:8001", "127.0.0.1:8001", "[::1]:8001"])
async def test_names_of_this_machine_are_answered(room: Room, twelve_captures: Path, name: str) -> None:
    assert (await room(twelve_captures).client.get("/", headers={"host": name})).status_code == 200


async def test_any_address_of_loopback_answers_to_its_names_only(room: Room, twelve_captures: Path) -> None:
    datasette = room(twelve_captures, host="127.0.0.2")
    for name, status in (("evil.example", 421), ("127.0.0.2:8001", 200), ("localhost", 200)):
        assert (await datasette.client.get("/", headers={"host": name})).status_code == status


async def test_an_address_of_the_network_answers_to_any_name(room: Room, twelve_captures: Path) -> None:
    answer = await room(twelve_captures, host="0.0.0.0").client.get("/", headers={"host": "archive.example"})
    assert answer.status_code == 200


async def test_the_only_collection_is_the_front_page(room: Room, twelve_captures: Path) -> None:
    answer = await room(twelve_captures).client.get("/.json")
    assert answer.json()["collection"] == "small.one"
    assert answer.json()["holdings"]["captures"] == 12


async def test_several_collections_are_listed(room: Room, twelve_captures: Path, tmp_path: Path) -> None:
    Collection.open(tmp_path / "b").close()
    datasette = room(twelve_captures, tmp_path / "b")
    answer = await datasette.client.get("/.json")
    assert [(one["name"], one["holdings"]["captures"]) for one in answer.json()["collections"]] == [("small.one", 12), ("b", 0)]
    page = (await datasette.client.get("/")).text
    assert 'href="/small~2Eone/-/front"' in page
    assert TEXTS["empty_collection"] in page


async def test_two_folders_of_one_name_have_two_addresses(room: Room, twelve_captures: Path, tmp_path: Path) -> None:
    Collection.open(tmp_path / "small.one").close()
    datasette = room(twelve_captures, tmp_path / "small.one")
    assert (await datasette.client.get("/small~2Eone/-/front.json")).json()["holdings"]["captures"] == 12
    assert (await datasette.client.get("/small~2Eone_2/-/front.json")).json()["holdings"]["captures"] == 0


async def test_a_folder_with_signs_of_addresses_in_its_name(room: Room, twelve_captures: Path, tmp_path: Path) -> None:
    path = copied(twelve_captures, tmp_path / "a?b#c%41 d&é")
    datasette = room(path)
    answer = await datasette.client.get(f"/{encoded(path.name)}/-/front.json")
    assert answer.json()["holdings"]["captures"] == 12
    assert encoded(path.name) in (await datasette.client.get("/")).text


async def test_what_a_crawl_writes_meanwhile_is_seen(room: Room, twelve_captures: Path, tmp_path: Path) -> None:
    path = copied(twelve_captures, tmp_path / "a")
    datasette = room(path)
    writer = Collection.open(path)
    try:
        assert (await datasette.client.get("/.json")).json()["holdings"]["captures"] == 12
        change(path, "UPDATE totals SET captures = 13")
        assert (await datasette.client.get("/.json")).json()["holdings"]["captures"] == 13
    finally:
        writer.close()


async def test_an_index_that_was_replaced_is_opened_anew(room: Room, twelve_captures: Path, tmp_path: Path) -> None:
    path = copied(twelve_captures, tmp_path / "a")
    Collection.open(tmp_path / "new").close()
    datasette = room(path)
    assert (await datasette.client.get("/.json")).json()["holdings"]["captures"] == 12
    (tmp_path / "new" / "index.db").replace(path / "index.db")
    assert (await datasette.client.get("/.json")).json()["holdings"]["captures"] == 0


async def test_no_file_is_left_beside_the_index(twelve_captures: Path, tmp_path: Path) -> None:
    from crawler.readingroom.server import reading_room
    from crawler.roomframe.database import left_as_found

    path = copied(twelve_captures, tmp_path / "a")
    before = sorted(file.name for file in path.iterdir())
    datasette = reading_room([path])
    with left_as_found(datasette):
        await datasette.client.get("/")
    assert sorted(file.name for file in path.iterdir()) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_folder_that_cannot_be_written_is_read(room: Room, twelve_captures: Path, tmp_path: Path) -> None:
    path = copied(twelve_captures, tmp_path / "a")
    path.chmod(0o500)
    try:
        assert (await room(path).client.get("/.json")).json()["holdings"]["captures"] == 12
    finally:
        path.chmod(0o700)


async def test_a_medium_that_cannot_be_written_is_read_without_locks(
    room: Room, twelve_captures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = copied(twelve_captures, tmp_path / "a")
    monkeypatch.setattr("crawler.roomframe.database.os.access", lambda *_: False)
    assert (await room(path).client.get("/.json")).json()["holdings"]["captures"] == 12
    assert not (path / "index.db-shm").exists()


async def test_errors_say_what_and_where(room: Room, twelve_captures: Path) -> None:
    datasette = room(twelve_captures)
    page = await datasette.client.get("/small~2Eone/nothing")
    assert page.status_code == 404
    assert "/small~2Eone/nothing" in page.text
    assert "room.css" in page.text
    answer = (await datasette.client.get("/small~2Eone/nothing.json")).json()
    assert (answer["ok"], answer["status"]) == (False, 404)
    hostile = await datasette.client.get("/x<script>alert(1)</script>\u202e")
    assert "<script>" not in hostile.text


async def test_a_fault_of_ours_is_a_page_and_a_traceback(
    room: Room, twelve_captures: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("crawler.readingroom.front.holdings", lambda _: 1 // 0)
    answer = await room(twelve_captures).client.get("/small~2Eone/-/front")
    assert answer.status_code == 500
    assert "ZeroDivisionError" in answer.text
    assert "Traceback" in capsys.readouterr().err


async def test_static_files_are_kept_by_browsers_until_they_change(room: Room, twelve_captures: Path) -> None:
    datasette = room(twelve_captures)
    found = re.search(r'href="(/-/room/room\.css\?\w+)"', (await datasette.client.get("/")).text)
    assert found
    sheet = await datasette.client.get(found[1])
    assert "immutable" in sheet.headers["cache-control"]
    assert sheet.headers["content-type"].startswith("text/css")
    assert (await datasette.client.get("/-/room/room.css")).headers["cache-control"] == "no-cache"
    assert (await datasette.client.get("/-/room/no.css")).status_code == 404
    assert not re.search(r"url\(|@import|https?:", sheet.text)


def test_templates_hold_no_words_of_their_own() -> None:
    """Texts stand in `strings.toml`."""
    for file in (TEMPLATES / "room").iterdir():
        markup = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", " ", file.read_text(), flags=re.DOTALL)
        bare = re.sub(r"<[^>]*>", " ", markup)
        assert not re.findall(r"[A-Za-z]{2,}", bare), file.name


def test_every_text_is_used() -> None:
    sources = [file.read_text() for file in (TEMPLATES / "room").iterdir()]
    house = Path(str(TEMPLATES)).parents[1]
    code = "\n".join([*sources, *(file.read_text() for room in ("readingroom", "roomframe") for file in (house / room).glob("*.py"))])
    families = ("error_", "nav_", *(f"{name}_" for name in re.findall(r'word\("(\w+)"', code)))
    unused = [name for name in TEXTS if f"t.{name}" not in code and f'"{name}"' not in code and not name.startswith(families)]
    assert unused == []


def test_every_text_is_there() -> None:
    sources = "\n".join(file.read_text() for file in (TEMPLATES / "room").iterdir())
    assert set(re.findall(r"\bt\.(\w+)", sources)) - set(TEXTS) == set()
    assert set(re.findall(r"\bwords\.(\w+)", sources)) - {"get"} - set(WORDS) == set()


def test_no_text_hides_another() -> None:
    tables = tomllib.loads((resources.files("crawler.roomframe") / "strings.toml").read_text())
    names = Counter(key for name, table in tables.items() if name not in ("navigation", "words") for key in table)
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("name", ["presstv/459588", "web/https://a.example/x.json?y=~1", "a b", "é\u202e", "", "%41", "/"])
def test_any_name_fits_into_an_address(name: str) -> None:
    assert decoded(encoded(name)) == name
    assert re.fullmatch(r"[A-Za-z0-9_~+-]*", encoded(name))
    story = Addresses("/c").story(name).removeprefix("/c/-/story/")
    assert decoded(story) == name
    assert "." not in story


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "JAVASCRIPT:x", " https://a.example/", "//a.example", "http://", "vbscript:x",
                                 "http:/a", "", "java\nscript:x", "http://[", "\x01javascript:x", "file:///etc/passwd", "https:a"])  # fmt: skip
def test_other_addresses_are_never_linked(url: str) -> None:
    assert outer(url) is None
    assert "href" not in rendering.linked(url)


def test_a_link_tells_nobody_where_it_came_from() -> None:
    html = str(rendering.linked('https://a.example/"><script>x', "<b>\u202e"))
    assert "<script>" not in html
    assert '"><' not in html.partition("rel=")[0]
    assert 'rel="noreferrer nofollow noopener external"' in html
    assert "<bdi>&lt;b&gt;\u202e</bdi>" in html


def test_signs_that_cannot_be_seen_are_shown() -> None:
    assert str(rendering.isolated("a\x00\x1b\x7f\x85b\n\ud800")) == "<bdi>a␀␛␡�b\n�</bdi>"
    assert rendering.plain("a\u202eb\u2066") == "ab"


@pytest.mark.parametrize(("language", "told"), [("fa", "rtl"), ("ar-EG", "rtl"), ("en", "ltr"), (None, "auto"), ("pa-Arab", "rtl"), ("pa", "ltr")])
def test_direction_goes_by_the_language(language: str | None, told: str) -> None:
    assert rendering.direction(language) == told


def test_a_language_that_is_none_is_no_attribute() -> None:
    assert [rendering.tag_of(one) for one in ("en-GB", 'x" onclick=', None, "")] == ["en-GB", None, None, None]


def test_moments() -> None:
    assert str(rendering.moment("2026-11-24T02:03:04.123456Z")) == '<time datetime="2026-11-24T02:03:04.123456Z">2026-11-24 02:03 UTC</time>'
    assert str(rendering.moment("2026-11-24")) == '<time datetime="2026-11-24">2026-11-24</time>'
    assert str(rendering.moment("<b>")) == "<bdi>&lt;b&gt;</bdi>"
    assert str(rendering.moment(None)) == ""


def test_every_word_of_the_index_has_a_text() -> None:
    from crawler.items.target import Role
    from crawler.timeline.changes import KINDS

    words = {"role": get_args(Role), "event": KINDS, "state": ("live", "gone", "moved", "unknown"), "diverged": ("different", "stale", "missing"),
             "field": ("headline", "deck", "body", "captions", "credits", "embeds"), "check": get_args(Step)}  # fmt: skip
    assert [f"{family}_{one}" for family, some in words.items() for one in some if f"{family}_{one}" not in TEXTS] == []


def test_a_word_without_a_text_is_shown_as_it_is() -> None:
    assert rendering.word("role", "<b>{x}") == "<bdi>&lt;b&gt;{x}</bdi>"
    assert rendering.filled("{0.__class__}") == "<bdi>{0.__class__}</bdi>"
    assert rendering.word("role", "timemap") == "list of copies"


async def test_an_index_that_is_gone_or_damaged_is_told_in_a_line(
    room: Room, twelve_captures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = copied(twelve_captures, tmp_path / "a")
    datasette = room(path)
    (path / "index.db").rename(path / "index.away")
    answer = await datasette.client.get("/a/-/front")
    assert answer.status_code == 500
    assert "the index cannot be read" in answer.text
    (path / "index.db").write_bytes(b"SQLite format 3\x00" + b"\xff" * 8000)
    answer = await datasette.client.get("/a/-/front.json")
    assert answer.status_code == 500
    assert "cannot be read as an index" in answer.json()["error"]
    (path / "index.away").rename(path / "index.db")
    assert (await datasette.client.get("/a/-/front")).status_code == 200
    assert "Traceback" not in capsys.readouterr().err


async def test_a_page_that_takes_too_long_is_ended(room: Room, twelve_captures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    monkeypatch.setattr("crawler.readingroom.front.holdings", lambda index: index.query(endless))
    monkeypatch.setattr("crawler.readingroom.answers.LIMIT_SECONDS", 0.1)
    answer = await room(twelve_captures).client.get("/small~2Eone/-/front")
    assert answer.status_code == 503
    assert "too long" in answer.text


async def test_a_plain_datasette_has_the_pages_of_a_collection_and_keeps_its_own(twelve_captures: Path) -> None:
    from datasette.app import Datasette

    reading_room([])  # registers the plugin, as its entry point does
    datasette = Datasette([str(twelve_captures / "index.db")])
    own = await datasette.client.get("/")
    assert "content-security-policy" not in own.headers
    assert "Reading room: index" in own.text
    for page in ("front", "story/demo/1", "runs", "events"):
        answer = await datasette.client.get(f"/index/-/{page}")
        assert answer.status_code == (404 if "story" in page else 200)
        assert "script" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "small.one" in answer.text
    assert (await datasette.client.get("/index/-/front.json")).json()["collection"] == "small.one"
    assert (await datasette.client.get("/nothing")).status_code == 404
