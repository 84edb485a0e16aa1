"""WACZ files of ours, checked by py-wacz and replayed by pywb. Group `outer`: both have environments of their own."""

from __future__ import annotations

import json
import subprocess
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from stands import ROOT, Scrapy, outer
from test_replay_pywb import served

pytestmark = pytest.mark.outer


@pytest.fixture(scope="session")
def py_wacz() -> str:
    """py-wacz, in an environment of its own."""
    return outer("wacz", ROOT / ".venv-wacz" / "bin" / "wacz")


def validated(py_wacz: str, file: Path) -> str:
    """What `wacz validate` says of a file that it accepts."""
    done = subprocess.run([py_wacz, "validate", "-f", str(file)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_whole_collection_signed(py_wacz: str, demo_copy: Callable[[Path], Scrapy], tmp_path: Path) -> None:
    scrapy = demo_copy(tmp_path / "archives")
    key = tmp_path / "key.pem"
    subprocess.run(["openssl", "ecparam", "-name", "secp384r1", "-genkey", "-noout", "-out", str(key)], check=True, capture_output=True)
    scrapy("export", "demo", "--wacz", str(tmp_path / "demo.wacz"), "-s", f"ARCHIVE_WACZ_KEY={key}")
    assert "is valid" in validated(py_wacz, tmp_path / "demo.wacz")


def test_a_part_of_a_collection(py_wacz: str, demo_copy: Callable[[Path], Scrapy], tmp_path: Path) -> None:
    scrapy = demo_copy(tmp_path / "archives")
    scrapy("export", "demo", "--wacz", str(tmp_path / "part.wacz"), "--story", "courier/1017", "--story", "courier/1003")
    assert "is valid" in validated(py_wacz, tmp_path / "part.wacz")


def test_pywb_replays_a_part_of_a_collection(wayback: str, demo_copy: Callable[[Path], Scrapy], tmp_path: Path) -> None:
    """Each page of its lists is there: those whose revisits were made whole too."""
    scrapy, folder = demo_copy(tmp_path / "archives"), tmp_path / "replay"
    folder.mkdir()
    file = tmp_path / "part.wacz"
    scrapy("export", "demo", "--wacz", str(file), "--story", "courier/1017", "--story", "courier/1003")
    manager = str(Path(wayback).with_name("wb-manager"))
    for words in (("init", "part"), ("add", "part", str(file), "--unpack-wacz")):
        subprocess.run([manager, *words], cwd=folder, check=True, capture_output=True, timeout=120)
    with zipfile.ZipFile(file) as package:
        lines = [json.loads(line) for name in ("pages", "extraPages") for line in package.read(f"pages/{name}.jsonl").splitlines()]
    pages = [line for line in lines if "url" in line]
    assert len(pages) >= 3
    with served(wayback, folder) as address:
        for page in pages:
            stamp = "".join(filter(str.isdigit, page["ts"]))[:14]
            with urllib.request.urlopen(f"{address}/part/{stamp}mp_/{page['url']}", timeout=20) as answer:
                assert "Courier" in answer.read().decode()
