"""pywb serves pages of a collection whose WARCs lie in a store alone, and `check-replay` looks at them. Group `outer`."""

from __future__ import annotations

import json
import shutil
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from s3_store import Store
from stands import Scrapy

from crawler.errors import SetupError
from crawler.playback.replay import check_boto3, config_of, start_pywb
from crawler.uploading.upload import AtRest, Upload

pytestmark = pytest.mark.outer


def test_pywb_serves_a_page_out_of_the_store(
    wayback: str, chromium: str, demo_copy: Callable[[Path], Scrapy], store: Store, tmp_path: Path
) -> None:
    scrapy = demo_copy(tmp_path / "archives")
    path = scrapy.archives / "demo"
    assert config_of(scrapy.archives) is None
    names = [one.name for one in Upload(AtRest(path), "s3://news/shelf", keep_local=False).some(at_once=True)]
    assert names
    assert not list((path / "archive").glob("*.warc.gz"))
    assert (path / "warcs.paths").read_text() == "".join(f"{name}\ts3://news/shelf/demo/archive/{name}\n" for name in sorted(names))
    shutil.rmtree(path / "elsewhere", ignore_errors=True)
    with start_pywb(Path(wayback), scrapy.archives) as replay:
        with urllib.request.urlopen(f"{replay.base}/demo/cdx?url=courier.mirror.example&matchType=host&output=json", timeout=20) as answer:
            lines = [json.loads(line) for line in answer.read().decode().splitlines()]
        url = next(line["url"] for line in lines if line["status"] == "200" and "/2026/" in line["url"] and line["mime"] == "text/html")
        with urllib.request.urlopen(f"{replay.base}/demo/2026mp_/{url}", timeout=20) as answer:
            assert answer.status == 200
            assert "<h1" in (page := answer.read().decode()) or "<h2" in page
    done = scrapy("check-replay", "demo", "--sample", "1", "--threshold", "0.5", "-s", f"ARCHIVE_CHROMIUM={chromium}", exits=None)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_pywb_without_boto3_and_a_changed_config_are_told(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "warcs.paths").write_text("a\ts3://news/a\n")
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    with pytest.raises(SetupError, match="install boto3"):
        check_boto3(tmp_path / "venv" / "bin" / "wayback", tmp_path)
    assert f"- file://{tmp_path}/a/warcs.paths\n" in (config_of(tmp_path) or "")
    (tmp_path / "config.yaml").write_text("collections_root: mine\n")
    assert config_of(tmp_path) is None
