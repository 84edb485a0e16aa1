"""The benchmarks measure what they say, and a run of them goes through; how fast anything is, no test asserts."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from attrs import evolve
from parsel import Selector

from benchmarks import table
from benchmarks.__main__ import main
from benchmarks.contestants import BASE, CONTESTANTS, ROOT, Task
from benchmarks.measure import Run, serving
from benchmarks.newspaper import Newspaper
from benchmarks.stages import stages
from benchmarks.workers import compared
from crawler import read_page

RUN = Run(
    contestant=BASE,
    exit_code=0,
    pages=100,
    requests=101,
    wire=2_000_000,
    wall=2.0,
    cpu=1.0,
    rss=100 * table.MIB,
    warc=0,
    index=0,
    other=0.01,
)


def test_the_newspaper_is_the_same_each_time_and_every_page_is_linked() -> None:
    paper = Newspaper(320)
    pages = {path: text for path, _, text in paper.pages()}
    assert pages == {path: text for path, _, text in Newspaper(320).pages()}
    assert len(pages) == paper.count()
    reached, waiting = {"/"}, ["/"]
    while waiting:
        for href in Selector(pages[waiting.pop()]).css("a::attr(href)").getall():
            path = urlsplit(href).path
            if path not in reached:
                reached.add(path)
                waiting.append(path)
    assert reached == set(pages)


def test_an_article_is_of_the_size_of_a_news_page_and_can_be_read_by_the_site_file() -> None:
    paper = Newspaper(4)
    text = {path: text for path, _, text in paper.pages()}[paper.path(1)]
    assert 50_000 < len(text) < 120_000
    article = read_page(text, f"http://www.gazette.example{paper.path(1)}", folders=[ROOT / "benchmarks" / "sites"])
    assert article.template == "story"
    assert article.headline == Selector(text).css("h1::text").get()
    assert len([block for block in article.blocks if block.kind == "paragraph"]) == len(Selector(text).css(".text > p"))
    assert all(image.caption and image.credit for image in article.images)
    assert len(article.authors) == 1


def test_the_server_counts_what_it_sends_since_the_last_question() -> None:
    with serving(3, small=True) as server:
        url = f"http://127.0.0.1:{server.port}"
        for _ in range(2):
            with urllib.request.urlopen(url) as answer:
                body = answer.read()
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{url}/nothing")
        counts = server.counts()
        assert (counts["pages"], counts["requests"]) == (1, 3)
        assert counts["bytes"] > 2 * len(body)
        assert server.counts()["requests"] == 0


def test_ratios_are_of_medians_against_plain_scrapy() -> None:
    ours = [evolve(RUN, contestant="capture", wall=wall, warc=1_900_000, index=380_000) for wall in (0.5, 1.0, 4.0)]
    lines = table.table({"capture": ours, BASE: [RUN, RUN, RUN]}).splitlines()
    assert [line.split()[0] for line in lines] == ["contestant", BASE, "capture"]
    assert lines[2].split()[1:] == ["100.0", "2.00", "10.00", "1.00", "100", "0.95", "0.20", "100", "1"]
    line = table.history({"capture": ours, BASE: [RUN]}, version="1")
    assert line["capture"] == {"speed": 2.0, "cpu": 1.0, "rss_mib": 100, "index_per_warc": 0.2}
    assert line["version"] == "1"


def test_a_run_that_proves_nothing_is_told() -> None:
    assert table.warnings({BASE: [RUN]}, 100) == []
    told = table.warnings({BASE: [evolve(RUN, exit_code=10, pages=99, other=0.5)]}, 100)
    assert [warning.partition(": ")[2] for warning in told] == [
        "99 of 100 pages in one run", "exit codes [10]", "others used up to 50% of the machine; pages/s say little",
    ]  # fmt: skip
    assert f"{BASE} (!)" in table.table({BASE: [evolve(RUN, exit_code=10)]})


def test_an_unknown_contestant_is_refused_and_a_missing_program_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="no such contestant: nosuch; there are scrapy-plain"):
        main(["--contestants", "nosuch"])
    monkeypatch.setattr("shutil.which", lambda name: None)
    wget = next(one for one in CONTESTANTS if one.needs)
    assert wget.missing
    assert not any(one.missing for one in CONTESTANTS if one.needs is None)
    assert main(["--contestants", wget.name, "--articles", "1", "--no-stages", "--no-workers"]) == 0
    assert "wget-warc is not run: wget is not installed" in capsys.readouterr().err


def test_every_contestant_is_told_where_to_crawl_and_how_many_at_once(tmp_path: Path) -> None:
    for one in CONTESTANTS:
        command = " ".join(one.command(Task(port=4711, at_once=7, out=tmp_path)))
        assert "127.0.0.1:4711" in command
        assert str(tmp_path) in command or one.name == BASE
        assert "7" in command or one.name == "wget-warc"


def test_each_step_of_a_page_has_a_time() -> None:
    made = stages(2)
    assert len(made) == 6
    assert all(seconds > 0 for _, seconds in made)


@pytest.mark.slow
def test_a_short_run_prints_the_table_and_writes_its_figures(tmp_path: Path) -> None:
    names = [one.name for one in CONTESTANTS if not one.missing]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--articles", "6", "--rounds", "1", "--no-stages", "--no-workers", "--contestants", ",".join(names),
         "--json", str(tmp_path / "figures.json")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    runs = json.loads((tmp_path / "figures.json").read_text())
    assert [run["contestant"] for run in runs] == names
    assert {run["pages"] for run in runs} == {Newspaper(6).count()}
    assert all((run["warc"] > 0) == (run["contestant"] != BASE) for run in runs)
    assert all(name in done.stdout for name in names)


@pytest.mark.slow
def test_workers_are_compared_without_a_server_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("benchmarks.workers.has_postgresql", lambda: False)
    one, many = compared(short=True)
    assert "PostgreSQL is not installed" in capsys.readouterr().err
    assert (one.what, many.what) == ("1 sites", "40 sites")
    assert all(figures.codes == [0] and figures.verdict.requests == 200 and not figures.verdict.lost for figures in (one, many))
