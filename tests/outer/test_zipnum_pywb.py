"""pywb, answering out of a ZipNum of two collections. Group `outer`: needs pywb."""

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from exchange_makers import exchange, lease
from small_collections import recorded
from stands import Scrapy
from test_replay_pywb import served

pytestmark = pytest.mark.outer

CONFIG = """\
collections:
  all:
    index_paths: {folder}/cluster.idx
    archive_paths: {folder}/warcs.paths
"""


def test_pywb_answers_from_a_zipnum_of_two_collections(wayback: str, demo_copy: Callable[[Path], Scrapy], tmp_path: Path) -> None:
    scrapy = demo_copy(tmp_path / "archives")
    other = recorded(tmp_path / "archives" / "other", [(exchange(n, b"<p>page %d of the other" % n), lease(n)) for n in range(12)])
    folder = tmp_path / "zipnum"
    scrapy("export", "demo", "other", str(folder), "--zipnum")
    (tmp_path / "pywb").mkdir()
    (tmp_path / "pywb" / "config.yaml").write_text(CONFIG.format(folder=folder))
    with served(wayback, tmp_path / "pywb") as address:
        found = f"{address}/all/cdx?url=courier.mirror.example&matchType=host&output=json"
        with urllib.request.urlopen(found, timeout=20) as answer:
            rows = [json.loads(line) for line in answer.read().decode().splitlines()]
        stories = [row["url"] for row in rows if row["status"] == "200" and "/2026/" in row["url"] and row["mime"] == "text/html"]
        assert stories
        for url in stories[:3]:
            with urllib.request.urlopen(f"{address}/all/2026id_/{url}", timeout=20) as answer:
                assert answer.status == 200
                assert answer.read()
        url = exchange(7, b"").url
        with urllib.request.urlopen(f"{address}/all/2026id_/{url}", timeout=20) as answer:
            assert b"page 7 of the other" in answer.read()
    assert other.is_dir()
