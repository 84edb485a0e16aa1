"""WACZ files of ours, checked by py-wacz. Group `outer`: it has an environment of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from stands import ROOT, Scrapy, outer

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
