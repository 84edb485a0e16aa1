"""`scrapy export`: what it refuses, what it prints, and where."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from index_makers import article, capture
from small_collections import twelve
from typed_commands import Typed

from crawler.index.index import Index


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    path = tmp_path / "harbour"
    (path / "archive").mkdir(parents=True)
    with Index.open(path / "index.db") as index, index.atomic():
        shot = capture(1)
        index.add_capture(shot)
        index.file_article(shot, article())
        index.set_read_state(shot.record_id, "read")
    return path


@pytest.mark.usefixtures("collection")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("harbour", "out"), "name one format"),
        (("harbour", "out", "--csv", "--jsonl"), "name one format"),
        (("--csv",), "the file to write"),
        (("harbour", "a", "b", "--csv"), "the file to write"),
        (("harbour", "out", "--jsonl", "--bom"), "--bom"),
        (("harbour", "-", "--jsonl", "--json"), "--json"),
        (("harbour", "out", "--jsonl", "--since", "yesterday"), "no date"),
        (("harbour", "out", "--jsonl", "--query", " "), "empty query"),
    ],
)
def test_what_means_nothing_is_refused(typed: Typed, words: tuple[str, ...], told: str) -> None:
    answer = typed("export", *words)
    assert answer.code == 2
    assert told in answer.err


def test_a_file_and_its_line(typed: Typed, collection: Path, tmp_path: Path) -> None:
    place = tmp_path / "out.jsonl"
    answer = typed("export", "harbour", "--jsonl", str(place))
    assert answer.code == 0
    assert answer.out == f"1 article in {place} ({place.stat().st_size / 1024:.1f} KiB)\n"
    again = typed("export", "harbour", "--jsonl", str(place))
    assert again.code == 1
    assert "--force" in again.err
    assert typed("export", "--jsonl", str(place), "--force", "--story", "1000").code == 0


def test_json_tells_the_end(typed: Typed, collection: Path, tmp_path: Path) -> None:
    answer = typed("export", "harbour", "--csv", str(tmp_path / "a.csv"), "--json", "--since", "2026-03-01")
    document = json.loads(answer.out)
    assert document["counts"] == {"articles": 1}
    assert document["selection"] == "captured since 2026-03-01T00:00:00.000000Z"
    assert document["exit_code"] == answer.code == 0


def test_nothing_selected(typed: Typed, collection: Path, tmp_path: Path) -> None:
    answer = typed("export", "harbour", "--jsonl", str(tmp_path / "a.jsonl"), "--until", "1999-01-01")
    assert answer.code == 10
    assert "nothing selected" in answer.err
    assert not (tmp_path / "a.jsonl").exists()


def test_import_says_what_imports(typed: Typed) -> None:
    answer = typed("import", "x.wacz")
    assert answer.code == 2
    assert answer.err.startswith("import: not used here, since to import is to replay: `scrapy crawl replay -a warcs=FILE -a collection=NAME` reads WARC")
    assert answer.err.count("\n") == 1
    assert "crawl replay" in " ".join(typed("export", "-h").out.split())


def test_a_wacz_is_signed_by_the_key_of_a_setting(typed: Typed, tmp_path: Path) -> None:
    twelve(tmp_path / "twelve")
    key = ec.generate_private_key(ec.SECP384R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(key)
    answer = typed("export", "twelve", "--wacz", str(tmp_path / "a.wacz"), "-s", f"ARCHIVE_WACZ_KEY={tmp_path / 'key.pem'}")
    assert answer.code == 0
    assert "note: signed: anonymous signature" in answer.out
    with zipfile.ZipFile(tmp_path / "a.wacz") as package:
        assert "signedData" in json.loads(package.read("datapackage-digest.json"))
    assert typed("export", "twelve", "--wacz", "-").code == 2
