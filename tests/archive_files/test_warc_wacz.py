"""WACZ files: their WARCs, their digests, their pages, nested and damaged."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from warc_makers import warc_record

from crawler.archive_files.formats import kind_of
from crawler.archive_files.verify import verify_file
from crawler.archive_files.wacz import PageEntry, unpack
from crawler.errors import SetupError

WARC = warc_record("response", b"HTTP/1.1 200 OK\r\n\r\n<p>hi</p>")
PAGES = b'{"format": "json-pages-1.0", "id": "pages", "title": "All"}\n{"url": "http://a.example/1", "title": "A page", "ts": "2020-01-02T03:04:05Z"}\n{"url": "http://a.example/2", "ts": 1577934245000}\nno json\n'


def resource(path: str, data: bytes, label: str = "sha256", **changes: Any) -> dict[str, Any]:
    digest = hashlib.new(label, data).hexdigest()
    return {"name": path, "path": path, "hash": f"{label}:{digest}", "bytes": len(data)} | changes


def wacz(entries: dict[str, bytes], *, compressed: bool = False, described: list[dict[str, Any]] | None = None) -> bytes:
    out = io.BytesIO()
    if described is None:
        described = [resource(path, data) for path, data in entries.items()]
    package = json.dumps({"profile": "data-package", "resources": described}).encode()
    own = json.dumps({"path": "datapackage.json", "hash": "sha256:" + hashlib.sha256(package).hexdigest()}).encode()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED) as zipped:
        for path, data in {**entries, "datapackage.json": package, "datapackage-digest.json": own}.items():
            zipped.writestr(path, data)
    return out.getvalue()


@pytest.mark.parametrize("compressed", [False, True])
def test_warcs_and_pages_of_a_wacz(tmp_path: Path, compressed: bool) -> None:
    file = tmp_path / "x.wacz"
    file.write_bytes(
        wacz(
            {"archive/a.warc": WARC, "archive/sub/a.warc": WARC + WARC, "indexes/index.cdx": b"x", "pages/pages.jsonl": PAGES},
            compressed=compressed,
        )
    )
    assert kind_of(file) == "wacz"
    contents = unpack(file, tmp_path / "out")
    assert [(path.name, len(path.read_bytes())) for path in contents.warcs] == [("a.warc", len(WARC)), ("2-a.warc", 2 * len(WARC))]
    date = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert contents.pages == [
        PageEntry(url="http://a.example/1", title="A page", date=date),
        PageEntry(url="http://a.example/2", title="", date=date),
    ]
    assert (contents.faults, contents.notes) == ([], [])


def test_wacz_files_in_a_wacz_and_beside_a_description(tmp_path: Path) -> None:
    inner = wacz({"archive/a.warc": WARC, "pages/pages.jsonl": PAGES})
    file = tmp_path / "outer.wacz"
    file.write_bytes(wacz({"one.wacz": inner, "two.wacz": inner}))
    contents = unpack(file, tmp_path / "out")
    assert [path.relative_to(tmp_path / "out").as_posix() for path in contents.warcs] == ["one/a.warc", "two/a.warc"]
    assert (len(contents.pages), contents.faults) == (4, [])
    (tmp_path / "one.wacz").write_bytes(inner)
    listed = [
        resource("one.wacz", inner),
        resource("gone.wacz", inner),
        resource("../x.wacz", inner),
        resource("https://a.example/x.wacz", inner),
    ]
    multi = tmp_path / "datapackage.json"
    multi.write_text(json.dumps({"profile": "multi-wacz-package", "resources": listed}))
    assert kind_of(multi) == "multi-wacz"
    contents = unpack(multi, tmp_path / "out2")
    assert [path.name for path in contents.warcs] == ["a.warc"]
    assert [fault.what.partition(" is listed")[0] for fault in contents.faults] == ["gone.wacz", "../x.wacz", "https://a.example/x.wacz"]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"hash": "sha256:" + "0" * 64}, "archive/a.warc does not have its digest"),
        ({"hash": "md5:" + "0" * 32}, "archive/a.warc does not have its digest"),
        ({"bytes": 3}, f"archive/a.warc: {len(WARC)} bytes, 3 in datapackage.json"),
        ({"path": "archive/b.warc"}, "archive/b.warc: is listed in datapackage.json and not there"),
    ],
)
def test_what_does_not_fit_its_description_is_told_and_read_all_the_same(tmp_path: Path, changes: dict[str, Any], what: str) -> None:
    (tmp_path / "x.wacz").write_bytes(wacz({"archive/a.warc": WARC}, described=[resource("archive/a.warc", WARC) | changes]))
    contents = unpack(tmp_path / "x.wacz", tmp_path / "out")
    assert [what in fault.what for fault in contents.faults] == [True]
    assert [path.read_bytes() for path in contents.warcs] == [WARC]


@pytest.mark.parametrize("hash_", ["sha-256:" + hashlib.sha256(WARC).hexdigest(), "blake3:abc", "sha256:", ""])
def test_labels_of_digests(tmp_path: Path, hash_: str) -> None:
    (tmp_path / "x.wacz").write_bytes(wacz({"archive/a.warc": WARC}, described=[resource("archive/a.warc", WARC, hash=hash_)]))
    contents = unpack(tmp_path / "x.wacz", tmp_path / "out")
    assert contents.faults == []
    why = {"blake3:abc": "algorithm blake3", "sha256:": "it has no value"}.get(hash_)
    assert contents.notes == ([f"archive/a.warc: digest not checked: {why}"] if why else [])


def test_a_changed_description_and_a_damaged_entry_are_told(tmp_path: Path) -> None:
    data = bytearray(wacz({"archive/a.warc": WARC, "archive/b.warc": WARC}))
    at = data.index(b"<p>hi")
    data[at] ^= 1
    (tmp_path / "x.wacz").write_bytes(data)
    contents = unpack(tmp_path / "x.wacz", tmp_path / "out")
    assert ["archive/a.warc: cannot be read" in fault.what for fault in contents.faults] == [True]
    assert [path.read_bytes() for path in contents.warcs] == [WARC.replace(b"<p>hi", b"=p>hi"), WARC]
    data[at] ^= 1
    data = data.replace(b'"profile": "data-package"', b'"profile": "DATA-package"')
    (tmp_path / "y.wacz").write_bytes(data)
    contents = unpack(tmp_path / "y.wacz", tmp_path / "out2")
    assert any("datapackage" in fault.what for fault in contents.faults)


def test_names_that_lead_out_of_the_folder_do_not(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        zipped.writestr("archive/../../../evil.warc", WARC)
        zipped.writestr("/archive/..\\worse.warc", WARC)
        zipped.writestr("datapackage.json", "{}")
    (tmp_path / "x.wacz").write_bytes(out.getvalue())
    contents = unpack(tmp_path / "x.wacz", tmp_path / "a" / "out")
    assert {path.parent for path in contents.warcs} == {tmp_path / "a" / "out"}
    assert len(contents.warcs) == 2


@pytest.mark.parametrize("data", [b"PK\x03\x04 broken", wacz({"archive/a.warc": WARC})[:-30], b"{not json"])
def test_what_is_no_package_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.wacz").write_bytes(data)
    with pytest.raises(SetupError, match=r"x\.wacz"):
        unpack(tmp_path / "x.wacz", tmp_path / "out")


def test_a_wacz_is_verified_with_the_records_in_it(tmp_path: Path) -> None:
    digest = "WARC-Block-Digest: sha-256:" + hashlib.sha256(b"HTTP/1.1 200 OK\r\n\r\n<p>hi</p>").hexdigest()
    warc = warc_record("response", b"HTTP/1.1 200 OK\r\n\r\n<p>hi</p>", digest)
    path = tmp_path / "x.wacz"
    path.write_bytes(wacz({"archive/a.warc": warc}))
    report = verify_file(path)
    assert (report.faults, report.records) == ([], 1)
    assert report.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_bytes(wacz({"archive/a.warc": warc.replace(b"<p>hi", b"<p>ho")}))
    assert [fault.what.split(" does")[0] for fault in verify_file(path).faults] == ["a.warc offset 0: the block"]
    path.write_bytes(wacz({"archive/a.warc": warc}, described=[resource("archive/a.warc", warc, hash="sha256:" + "0" * 64)]))
    assert ["archive/a.warc does not have its digest" in fault.what for fault in verify_file(path).faults] == [True]
