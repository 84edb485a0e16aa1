"""Records, proof sheets and `scrapy prove` of a collection whose WARCs lie in a store alone."""

from __future__ import annotations

import gzip
import subprocess
from pathlib import Path

import pytest
from newspaper import newspaper
from rooms import Room
from s3_store import Store
from stands import Scrapy

from crawler.collection.layout import refer_stored, warc_files
from crawler.collection.reader import CollectionReader
from crawler.roomframe.addresses import Addresses


@pytest.fixture
def paper(tmp_path: Path, store: Store) -> Path:
    """A newspaper whose sealed WARCs were moved into the store."""
    path = newspaper(tmp_path / "archives" / "paper")
    files = {one.name: one.path for one in warc_files(path)}
    refer_stored(path, {name: store.put(f"paper/{name}", file.read_bytes()) for name, file in files.items()}, own=True)
    for file in files.values():
        file.unlink()
    return path


async def test_records_and_proof_sheets_are_shown(paper: Path, room: Room) -> None:
    with CollectionReader(paper) as reader:
        found = list(reader.captures())
    assert found
    datasette, to = room(paper), Addresses("/paper")
    for capture in found:
        file = await datasette.client.get(to.record(capture.record_id))
        assert file.status_code == 200
        assert capture.record_id.encode() in gzip.decompress(file.content)
        page = await datasette.client.get(to.proof(capture.record_id))
        assert page.status_code == 200
        assert "measured just now: equal" in page.text


def test_proofs_are_made(paper: Path, tmp_path: Path) -> None:
    done = Scrapy(paper.parent)("prove", "paper/1", "-c", "paper", "--all", "--out", str(tmp_path / "proof"))
    assert done.returncode == 0
    checked = subprocess.run(["sh", str(tmp_path / "proof" / "check.sh")], capture_output=True, text=True, check=False, timeout=60)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "good: " in checked.stdout
