"""Whatever a file is called and however it is packed: it gets a place in the collection, once, or is refused by its name."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from foreign_warcs import answer, record, story, write

from crawler.archive_files.inputs import Input, inputs_of
from crawler.archive_files.reader import archived
from crawler.collection.layout import find_warc, make_folders, warc_files
from crawler.errors import SetupError, Usage
from crawler.importing.import_warc import Imported, import_file
from crawler.importing.page_lists import add_page_lists
from crawler.importing.warc_names import name_in_collection
from crawler.index.index import Index

ONE, TWO = (record(answer(story(f"boat {n}")), f"/{n}", n=n) for n in (1, 2))


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    path = tmp_path / "archives" / "x"
    make_folders(path)
    return path


def take(file: Path, collection: Path, *, copy: bool = True) -> list[Imported]:
    return list(import_file(Input(path=file), collection, copy=copy))


def test_two_files_of_one_name_are_both_taken_and_one_content_once(tmp_path: Path, collection: Path) -> None:
    first, second = write(tmp_path / "a" / "crawl.warc.gz", ONE), write(tmp_path / "b" / "crawl.warc.gz", TWO)
    same = write(tmp_path / "c" / "crawl.warc.gz", ONE)
    plain = tmp_path / "crawl.warc"
    plain.write_bytes(TWO)
    (one,), (two,), (three,), (four,) = (take(file, collection) for file in (first, second, same, plain))
    assert (one.file.name, one.known, one.renamed) == ("crawl.warc.gz", False, False)
    assert (two.known, two.renamed) == (False, True)
    assert (three.file, three.known) == (one.file, True)
    assert len({imported.file.name.partition(".")[0] for imported in (one, two, four)}) == 3
    for source, imported in ((first, one), (second, two), (plain, four)):
        assert imported.file.path.read_bytes() == source.read_bytes()
        assert imported.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    assert len(warc_files(collection)) == 3
    assert [imported.known for file in (first, second, plain) for imported in take(file, collection)] == [True] * 3


def test_a_copy_that_was_cut_short_is_made_again(tmp_path: Path, collection: Path) -> None:
    file = write(tmp_path / "crawl.warc.gz", ONE)
    (collection / "archive" / "crawl.warc.gz.part").write_bytes(b"half")
    (one,) = take(file, collection)
    assert one.file.path.read_bytes() == file.read_bytes()
    assert [path.name for path in (collection / "archive").iterdir()] == ["crawl.warc.gz"]


def test_files_that_are_referred_to_are_told_apart_by_their_path(tmp_path: Path, collection: Path) -> None:
    first, second = write(tmp_path / "a" / "crawl.warc.gz", ONE), write(tmp_path / "b" / "crawl.warc.gz", TWO)
    names = {imported.file.name: imported.file.path for file in (first, second, first) for imported in take(file, collection, copy=False)}
    assert sorted(names.values()) == sorted([first, second])
    for name, path in names.items():
        assert find_warc(collection, name) == path
        assert (collection / "elsewhere" / name).resolve() == path
    assert {one.name: one.path for one in warc_files(collection)} == names
    assert list((collection / "archive").iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["UPPER.WARC.GZ", "noext", "x.warc.gz.1", "x.gz", "crawl.warc.gz.open", "a b, c.warc.gz", ".hidden.warc.gz", "*[1].warc.gz",
     "ü.warc.gz", "n" * 240, "-x.warc.gz", "new\nline.warc.gz"],
)  # fmt: skip
def test_any_name_becomes_one_that_is_found_again(tmp_path: Path, collection: Path, name: str) -> None:
    file = write(tmp_path / "in" / name, ONE)
    for copy in (True, False):
        for imported in take(file, collection, copy=copy):
            found = {one.name: one.path for one in warc_files(collection)}
            assert found[imported.file.name].read_bytes() == file.read_bytes()
            assert imported.file.name.isprintable()
            assert find_warc(collection, imported.file.name).exists()


def test_a_name_that_will_do_is_kept() -> None:
    assert name_in_collection("presstv-20261123-00001.warc.gz", ".warc.gz") == "presstv-20261123-00001.warc.gz"
    assert name_in_collection("crawl.arc.gz", ".warc.gz") == "crawl.warc.gz"


ARC_HEAD = b"1 0 test\nURL IP-address Archive-date Content-type Archive-length\n\n"


def arc(n: int) -> bytes:
    page = answer(story(f"sail {n}"))
    head = b"filedesc://test.arc 0.0.0.0 20200102030405 text/plain %d\n%s\n" % (len(ARC_HEAD), ARC_HEAD)
    return head + b"http://a.example/%d 127.0.0.1 20200102030405 text/html %d\n%s\n" % (n, len(page), page)


def test_converted_files_of_one_stem_are_each_taken_and_again_once(tmp_path: Path, collection: Path) -> None:
    (tmp_path / "crawl.arc").write_bytes(arc(1))
    (tmp_path / "crawl.arc.gz").write_bytes(gzip.compress(arc(2)))
    names = [imported.file.name for end in ("arc", "arc.gz") for imported in take(tmp_path / f"crawl.{end}", collection)]
    assert len(set(names)) == 2
    urls = {entry.capture.url for one in warc_files(collection) for entry in archived(one.path) if entry.capture}
    assert urls == {"http://a.example/1", "http://a.example/2"}
    assert [imported.known for end in ("arc", "arc.gz") for imported in take(tmp_path / f"crawl.{end}", collection)] == [True, True]
    assert len(warc_files(collection)) == 2


@pytest.mark.parametrize("data", [b'{"log": {"entries": []}}', b"not an archive", b"", b"BZh9xx"])
def test_what_is_no_archive_is_refused_and_leaves_nothing(tmp_path: Path, collection: Path, data: bytes) -> None:
    (tmp_path / "fake.warc.gz").write_bytes(data)
    with pytest.raises(SetupError, match=r"fake\.warc\.gz"):
        take(tmp_path / "fake.warc.gz", collection)
    assert warc_files(collection) == []
    assert list((collection / "archive").iterdir()) == []


def wacz(path: Path, *warcs: bytes) -> Path:
    """A WACZ with a list of pages."""
    entries = {f"archive/data-{n}.warc.gz": gzip.compress(data) for n, data in enumerate(warcs)}
    listed = [
        {"name": name.rpartition("/")[2], "path": name, "hash": f"sha256:{hashlib.sha256(data).hexdigest()}", "bytes": len(data)}
        for name, data in entries.items()
    ]
    pages = '{"format": "json-pages-1.0", "id": "pages"}\n{"url": "http://courier.example/1", "title": "The boat", "ts": "2024-03-01T12:00:00Z"}\n'
    with zipfile.ZipFile(path, "w") as package:
        for name, data in entries.items():
            package.writestr(name, data)
        package.writestr("pages/pages.jsonl", pages)
        package.writestr("datapackage.json", json.dumps({"profile": "data-package", "resources": listed}))
    return path


def test_the_warcs_of_a_wacz_and_the_titles_of_its_pages_are_kept(tmp_path: Path, collection: Path) -> None:
    file = wacz(tmp_path / "week.wacz", ONE, TWO)
    taken = take(file, collection)
    assert [imported.source.rpartition(" ")[2] for imported in taken] == ["data-0.warc.gz", "data-1.warc.gz"]
    assert sum(entry.capture is not None for one in warc_files(collection) for entry in archived(one.path)) == 2
    assert not list((collection / "incoming").rglob("*.gz"))
    with Index.open(collection / "index.db") as index:
        for _ in range(2):
            with index.atomic():
                add_page_lists(index, collection)
        rows = [tuple(row) for row in index.query("SELECT package, position, url, date, title FROM offered_pages")]
    assert rows == [("week.wacz", 0, "http://courier.example/1", "2024-03-01T12:00:00.000000Z", "The boat")]
    with pytest.raises(SetupError, match="copy=no"):
        take(file, collection, copy=False)


def test_a_wacz_whose_digest_does_not_fit_is_told_and_read_all_the_same(tmp_path: Path, collection: Path) -> None:
    file = wacz(tmp_path / "week.wacz", ONE)
    with zipfile.ZipFile(file) as package:
        held = {name: package.read(name) for name in package.namelist()}
    described = json.loads(held["datapackage.json"])
    described["resources"][0]["hash"] = "sha256:" + "0" * 64
    with zipfile.ZipFile(file, "w") as package:
        for name, text in {**held, "datapackage.json": json.dumps(described).encode()}.items():
            package.writestr(name, text)
    (imported,) = take(file, collection)
    assert any("data-0.warc.gz" in fault.what for fault in imported.faults)


def test_what_comes_over_a_pipe_is_taken(tmp_path: Path, collection: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(gzip.compress(ONE, mtime=0))))
        (imported,) = take(Path("-"), collection)
    assert imported.known
    assert imported.source == "-"
    assert len(warc_files(collection)) == 1
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"nothing of the kind")))
    with pytest.raises(SetupError, match=r"^-/"):
        take(Path("-"), collection)


# -- what is named


def test_folders_patterns_and_lists_name_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a,b.warc", "c.warc", "deep/er/d.warc.gz", "deep/readme.txt", "e.warc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    monkeypatch.setenv("HOME", str(tmp_path))

    def named(text: str) -> list[str]:
        return [str(one.path.relative_to(tmp_path)) for one in inputs_of(text).files]

    assert named(f"{tmp_path}/a,b.warc,{tmp_path}/c.warc") == ["a,b.warc", "c.warc"]
    assert named("~/deep") == ["deep/readme.txt", "deep/er/d.warc.gz"]
    assert named(f"{tmp_path}/*.warc") == ["a,b.warc", "c.warc", "e.warc"]
    assert named(f"{tmp_path}/e.warc, {tmp_path}/*") == ["e.warc", "a,b.warc", "c.warc", "deep/readme.txt", "deep/er/d.warc.gz"]
    assert [one.is_due for one in inputs_of(f"{tmp_path}/deep,{tmp_path}/c.warc").files] == [False, True, True]
    assert inputs_of(f"{tmp_path}/c.warc,{tmp_path}/nowhere").missing == (f"{tmp_path}/nowhere",)
    with pytest.raises(SetupError, match="no file matches"):
        inputs_of(f"{tmp_path}/nowhere,{tmp_path}/neither")


@pytest.mark.parametrize("text", ["https://a.example/x.warc.gz", "c.warc,http://a.example/x"])
def test_an_address_is_no_file(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "c.warc").write_bytes(b"x")
    with pytest.raises(Usage, match="download"):
        inputs_of(text)
