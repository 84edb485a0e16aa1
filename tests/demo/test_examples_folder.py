"""Each program of examples/ runs on the demo's collection; the site file there crawls the demo's newspaper.

`spark_reread` runs in tests/outer: Spark has an environment of its own.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from stands import ROOT, Scrapy

from crawler.demo.newspaper import start
from crawler.index.index import Index

EXAMPLES = ROOT / "examples"


def run(name: str, *arguments: str, exits: int = 0) -> str:
    command = [sys.executable, str(EXAMPLES / name), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, timeout=120, check=False)
    assert done.returncode == exits, done.stderr
    return done.stdout


def test_every_example_is_run_here_and_listed() -> None:
    files = {str(path.relative_to(EXAMPLES)) for path in EXAMPLES.rglob("*.py")}
    listed = (EXAMPLES / "README.md").read_text()
    here = Path(__file__).read_text()
    assert {name for name in files if f"({name})" in listed} == files
    assert {name for name in files if Path(name).stem in here} == files


def test_credits_are_listed(demo_archives: Path) -> None:
    lines = run("credits.py", str(demo_archives / "demo" / "index.db")).splitlines()
    assert len(lines) > 4
    assert any("Ternpress" in line for line in lines)


def test_warc_to_jsonl_gives_every_story_and_goes_on_behind_a_damaged_file(demo_archives: Path, tmp_path: Path) -> None:
    warc = min((demo_archives / "demo" / "archive").glob("*.warc.gz"))
    broken = tmp_path / "broken.warc.gz"
    broken.write_bytes(warc.read_bytes()[:-9])
    records = [json.loads(line) for line in run("warc_to_jsonl.py", str(broken), str(warc), exits=1).splitlines()]
    read = [record for record in records if record["headline"] == "A choir is tuned to the fog signal"]
    assert len(read) >= 2
    assert {"url", "date", "record", "body", "images"} <= set(read[0])


def test_check_proof_follows_each_record_to_its_root(demo_copy: Callable[[Path], Scrapy], tmp_path: Path) -> None:
    scrapy = demo_copy(tmp_path / "archives")
    scrapy("prove", "courier/1017", "-c", "demo", "--out", str(tmp_path / "proof"))
    assert "3 records lead to their roots" in run("check_proof.py", str(tmp_path / "proof"))


def test_the_site_file_crawls_the_newspaper(scrapy: Scrapy) -> None:
    assert "harbour" in scrapy("list", "-s", f"ARCHIVE_SITES={EXAMPLES / 'sites'}").stdout.split()
    with start() as newspaper:
        settings = {
            "ARCHIVE_SITES": EXAMPLES / "sites", "ARCHIVE_CONNECT_TO": newspaper.connect_to, "DOWNLOAD_DELAY": 0.05,
            "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RETRY_DELAY": 0.1,
        }  # fmt: skip
        given = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
        out = scrapy("crawl", "harbour", "-a", "backfill=sitemap", *given).stdout
    assert "COMPLETE" in out
    with Index.open(scrapy.archives / "harbour" / "index.db", readonly=True) as index:
        templates = dict(index.query("SELECT template, count(*) FROM versions GROUP BY template"))
    assert templates["modern"] >= 6
