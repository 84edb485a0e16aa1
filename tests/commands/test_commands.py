"""The commands as a user meets them: what they print, what they refuse, and by which exit code."""

import json
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from stands import ROOT, Mirrors, Scrapy

from crawler.index.index import Index

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(demo_copy: Callable[[Path], Scrapy], tmp_path_factory: pytest.TempPathFactory) -> Scrapy:
    """An ARCHIVE_DIR in which the demo has run."""
    return demo_copy(tmp_path_factory.mktemp("commands") / "archives")


def test_a_report_that_cannot_be_written_is_told_before_the_crawl(scrapy: Scrapy, tmp_path: Path) -> None:
    done = scrapy("crawl", "web", "-a", "seeds=http://a.example/", "--report-json", str(tmp_path / "no" / "report.json"), exits=1)
    assert done.stderr.splitlines()[-1].endswith("cannot write: No such file or directory")
    assert not (scrapy.archives / "web").exists()


def test_list_names_the_sites_and_the_two_others(scrapy: Scrapy) -> None:
    names = {path.stem for path in (ROOT / "crawler" / "sites").glob("*.py")} - {"__init__", "known", "site"}
    assert scrapy("list").stdout.split() == sorted([*names, "replay", "web"])
    assert {"presstv", "rt", "irna"} <= names


def test_demo_again_replaces_and_keep_finds_only_the_changes(demo: Scrapy, tmp_path: Path) -> None:
    kept = demo("demo", "--keep", "--report-json", str(tmp_path / "report.json"))
    document = json.loads((tmp_path / "report.json").read_text())
    assert (document["verdict"], document["exit_code"], document["stats"]["stories"]["changed"]) == ("COMPLETE", 0, 1)
    assert {check["name"] for check in document["checks"]} >= {"a host answered", "every address settled"}
    assert "1 changed" in kept.stdout
    assert " 0 new" in kept.stdout
    assert "19 new" in demo("demo").stdout


def test_demo_leaves_alone_what_is_no_collection(scrapy: Scrapy, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep me")
    done = scrapy("demo", "--dir", str(tmp_path / "mine"), exits=1)
    assert "is no collection" in done.stderr
    assert (tmp_path / "mine" / "letter.txt").read_text() == "keep me"


def test_search_stats_versions_verify_and_reindex_on_the_demo(demo: Scrapy) -> None:
    hits = json.loads(demo("search", "harbour", "--json").stdout)
    assert hits
    assert "harbour" in demo("search", "harbour").stdout.lower()
    stats = json.loads(demo("stats", "demo", "--json").stdout)
    assert stats
    assert "courier/1017" in demo("versions", "courier/1017").stdout
    demo("verify", "demo")
    before = json.loads(demo("stats", "demo", "--json").stdout)
    demo("reindex", "demo")
    after = json.loads(demo("stats", "demo", "--json").stdout)
    for name in (
        "captures",
        "revisits",
        "stories",
        "versions",
        "stories_gone",
        "pictures_with_credit",
        "pictures_archived",
        "failures",
        "templates",
    ):
        assert after[name] == before[name], name


def makers(path: Path) -> list[tuple[object, ...]]:
    """Printed credit and what the file says, for each picture of a collection that says something."""
    with Index.open(path / "index.db", readonly=True) as index:
        sql = "SELECT url, credit, file_byline, file_credit, file_copyright FROM images WHERE file_byline IS NOT NULL ORDER BY url, id"
        return [tuple(row) for row in index.query(sql)]


def test_what_picture_files_say_is_the_same_live_rebuilt_and_replayed(demo_copy: Callable[[Path], Scrapy], tmp_path: Path) -> None:
    demo = demo_copy(tmp_path / "archives")
    live = makers(demo.archives / "demo")
    kinds = {str(row[0]).rpartition(".")[2] for row in live}
    assert kinds == {"jpg", "png"}
    assert any(row[1] == "Marit Holm" and row[2:] == ("Tomas Ilic", "Courier picture desk", "© The Harbour Courier") for row in live)
    demo("reindex", "demo")
    assert makers(demo.archives / "demo") == live
    demo("crawl", "replay", "-a", f"warcs={demo.archives}/demo/archive/*.warc.gz", "-a", "collection=makers")
    assert makers(demo.archives / "makers") == live


def test_replay_reads_warcs_of_another_collection(demo: Scrapy) -> None:
    warcs = f"{demo.archives}/demo/archive/*.warc.gz"
    for copy, name in (("yes", "copied"), ("no", "referred")):
        done = demo("crawl", "replay", "-a", f"warcs={warcs}", "-a", f"collection={name}", "-a", f"copy={copy}")
        assert "COMPLETE" in done.stdout
        files = list((demo.archives / name / "archive").glob("*.warc.gz"))
        assert len(files) == (1 if copy == "yes" else 0)
        stats = json.loads(demo("stats", name, "--json").stdout)
        demo("verify", name)
        (demo.archives / name / "index.db").unlink()
        demo("reindex", name)
        assert json.loads(demo("stats", name, "--json").stdout)["captures"] == stats["captures"]
        demo("search", "harbour", "-c", name)


@pytest.mark.parametrize(
    ("arguments", "exits", "says"),
    [
        (("list", "-s", "ARCHIVE_SITES=/nowhere"), 1, "/nowhere"),
        (("crawl", "presstv", "-s", "ARCHIVE_SITES=/nowhere"), 1, "/nowhere"),
        (("crawl", "nosuch"), 2, "no site named 'nosuch'"),
        (("crawl",), 2, "name one site"),
        (("crawl", "presstv", "-a", "colour=red"), 2, "unknown spider argument 'colour'"),
        (("crawl", "presstv", "-a", "since=soon"), 2, "is no date"),
        (("crawl", "presstv", "--bogus"), 2, "unknown option --bogus"),
        (("crawl", "presstv", "-s", "ARCHIVE_CONNECT_TO=nonsense"), 1, "ARCHIVE_CONNECT_TO"),
        (("crawl", "presstv", "-s", "ARCHIVE_CA_FILE=/nowhere.pem"), 1, "/nowhere.pem"),
        (("crawl", "presstv", "-s", "ARCHIVE_TLS=maybe"), 1, "ARCHIVE_TLS"),
        (("crawl", "web"), 2, "name what to archive"),
        (("crawl", "replay", "-a", "warcs=/nowhere/*.warc.gz", "-a", "collection=x"), 1, "no file matches"),
        (("verify", "nosuch"), 1, "nosuch"),
        (("verify", "pyproject.toml"), 13, "pyproject.toml"),
        (("reindex", "nosuch"), 1, "no collection 'nosuch'"),
        (("search", "x", "-c", "nosuch"), 1, "no collection 'nosuch'"),
        (("stats",), 1, "no collection under"),
        (("read", "/nowhere.html"), 1, "/nowhere.html"),
    ],
)
def test_bad_input_is_one_clear_line_and_the_right_exit_code(scrapy: Scrapy, arguments: tuple[str, ...], exits: int, says: str) -> None:
    quiet = ("-s", "LOG_LEVEL=WARNING") if arguments[0] == "crawl" and exits != 2 else ()
    done = scrapy(*arguments, *quiet, exits=exits)
    assert "[scrapy." not in done.stderr, "a usage error is told before Scrapy logs about itself"
    assert says in done.stderr + done.stdout
    lines = [line for line in done.stderr.splitlines() if says in line]
    assert len(lines) <= 1


def test_replay_of_a_file_that_is_no_warc_changes_nothing(scrapy: Scrapy, tmp_path: Path) -> None:
    (tmp_path / "fake.warc.gz").write_bytes(b"not a warc at all")
    done = scrapy("crawl", "replay", "-a", f"warcs={tmp_path}/fake.warc.gz", "-a", "collection=x", exits=1)
    assert "fake.warc.gz" in done.stderr
    assert not (scrapy.archives / "x").exists()


def test_a_collection_that_cannot_be_read_is_a_set_up_error(scrapy: Scrapy) -> None:
    (scrapy.archives / "presstv").mkdir(parents=True)
    (scrapy.archives / "presstv" / "index.db").write_bytes(b"garbage" * 1000)
    done = scrapy("crawl", "presstv", "-L", "WARNING", exits=1)
    assert "index.db" in done.stderr
    scrapy("stats", "presstv", exits=1)


def test_a_second_crawl_of_the_same_collection_is_told_at_once(scrapy: Scrapy, mirrors: Mirrors) -> None:
    mirrors.control("mode", host="co.uk", mode="slow")
    first = scrapy.start("crawl", "presstv", *mirrors.settings)
    try:
        for _ in range(100):
            time.sleep(0.1)
            if (scrapy.archives / "presstv" / "index.db").exists():
                break
        done = scrapy("crawl", "presstv", "-L", "WARNING", *mirrors.settings, exits=11)
        assert "in use by" in done.stderr
    finally:
        first.kill()
        first.communicate()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_crawl_stopped_half_way_goes_on_where_it_was(scrapy: Scrapy, mirrors: Mirrors, how: signal.Signals) -> None:
    settings = [*mirrors.settings, "-s", "DOWNLOAD_DELAY=0.05"]
    process = scrapy.start("crawl", "presstv", "-a", "backfill=sitemap", *settings)
    for _ in range(200):
        time.sleep(0.05)
        if len([row for row in mirrors.control("log", kind="exchange", bytes=0) if row["story"]]) > 5:
            break
    process.send_signal(how)
    process.communicate(timeout=60)
    assert process.returncode == (14 if how == signal.SIGTERM else -signal.SIGKILL)
    done = scrapy("crawl", "presstv", "-a", "backfill=sitemap", *settings)
    assert "COMPLETE" in done.stdout
    scrapy("verify", "presstv")
    stats = json.loads(scrapy("stats", "presstv", "--json").stdout)
    assert stats["stories"] >= 24
    asked = [
        row["story"] for row in mirrors.control("log", kind="exchange", bytes=0) if row["story"] and row["host"] == "www.presstv.co.uk"
    ]
    assert len(asked) - len(set(asked)) <= 8


def test_read_answers_a_page_offline(scrapy: Scrapy, tmp_path: Path) -> None:
    page = (
        "<html><body><h1>The wall is mended</h1><p>" + "The harbour wall was mended on Monday after the storm. " * 8 + "</p></body></html>"
    )
    (tmp_path / "page.html").write_text(page)
    answer = json.loads(scrapy("read", str(tmp_path / "page.html"), "--url", "https://news.example/1").stdout)
    assert answer["headline"] == "The wall is mended"
    lines = [json.dumps({"id": "a", "url": "https://news.example/1", "html": page}), "not json", json.dumps({"id": "b"})]
    answers = [json.loads(line) for line in scrapy("read", "--jsonl", exits=10, stdin="\n".join(lines) + "\n").stdout.splitlines()]
    assert len(answers) == 3
    assert answers[0]["id"] == "a"
    assert answers[0]["headline"] == "The wall is mended"
    assert "error" in answers[1]
    assert "error" in answers[2]


def test_read_gives_up_a_page_that_takes_too_long(scrapy: Scrapy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COVERAGE_PROCESS_START", raising=False)  # measuring costs processor time, which this is about
    line = json.dumps({"id": "a", "html": "<html><body><h1>Long</h1>" + "<p>A word, <b>and</b> another.</p>" * 50_000})
    short = json.dumps({"id": "b", "html": "<html><body><h1>The wall is mended</h1><p>" + "Some words of a story. " * 20})
    out = scrapy("read", "--jsonl", "-s", "ARCHIVE_PARSE_SECONDS=0.9", stdin=f"{line}\n{short}\n").stdout
    first, second = map(json.loads, out.splitlines())
    assert "took over 0.9 s" in first["error"]
    assert second["headline"] == "The wall is mended"


def test_the_help_of_each_command_works(scrapy: Scrapy) -> None:
    for command in ("crawl", "demo", "search", "verify"):
        assert "usage: " in scrapy(command, "-h").stdout


@pytest.mark.parametrize("words", [("fetch", "http://127.0.0.1:1/"), ("runspider", "spider.py")])
def test_commands_that_would_fetch_past_the_record_refuse_in_one_line(scrapy: Scrapy, words: tuple[str, ...]) -> None:
    (told,) = scrapy(*words, exits=2).stderr.splitlines()
    assert told.startswith(f"{words[0]}: not used here")
    assert "`scrapy " in told
