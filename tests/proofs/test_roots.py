"""Daily roots: made once a day, checked against chain, leaves and files; timestamps of an authority."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from authority import Authority, openssl, running
from exchange_makers import exchange, lease
from small_collections import recorded, twelve, warc_of

from crawler import clock
from crawler.collection.collection import Collection
from crawler.errors import Damaged, NotFetched, SetupError
from crawler.housekeeping.daily_root import cover, seal_day
from crawler.housekeeping.maintain import Upkeep, maintain
from crawler.maintenance.verify import verify_collection
from crawler.proofs.chain import read_chain
from crawler.proofs.record_tree import record_tree
from crawler.proofs.roots import ROOTS, UNKNOWN, numbers_of, place_of, read_root
from crawler.proofs.timestamps import check_timestamp, stamp, trusted


def begin(_: Path) -> object:
    return lambda _: None


def faults(path: Path, *, ca_file: str = "") -> list[str]:
    return [fault.what for report in verify_collection(path, begin, ca_file=ca_file) for fault in report.faults]  # type: ignore[arg-type]


def sealed(path: Path, **more: object) -> list[str]:
    done = seal_day(path, begin, **({"tsa_url": None} | more))  # type: ignore[arg-type]
    assert done.problems == []
    return done.faults


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> object:
    with running(tmp_path_factory.mktemp("tsa")) as found:
        yield found


def test_a_day_has_one_root_and_later_files_wait_for_the_next(tmp_path: Path) -> None:
    path = twelve(tmp_path / "c")
    assert sealed(path) == []
    recorded(path, [(exchange(20, b"<p>twenty"), lease(20))])
    sealed(path)
    assert numbers_of(path) == [1]
    tomorrow = clock.now() + timedelta(days=1)
    with clock.told_by(lambda: tomorrow):
        sealed(path)
    first, second = read_root(path, 1), read_root(path, 2)
    assert (first.first, first.last, second.first, second.last) == (1, 1, 2, 2)
    assert f"previous: {first.sha256}\n".encode() in second.text
    assert faults(path) == []
    place_of(path, 1, ".txt").write_bytes(first.text.replace(b"made: 2", b"made: 1"))
    assert any("000002.txt: does not follow" in fault for fault in faults(path))  # the next root vouches for the time of this one


def test_a_root_at_once_and_none_where_nothing_is_new(tmp_path: Path) -> None:
    path = twelve(tmp_path / "c")
    sealed(path)
    recorded(path, [(exchange(20, b"<p>twenty"), lease(20))])
    sealed(path, at_once=True)
    sealed(path, at_once=True)
    assert numbers_of(path) == [1, 2]


def test_every_byte_of_a_file_lies_in_one_leaf(tmp_path: Path) -> None:
    path = twelve(tmp_path / "c")
    file = warc_of(path)
    tree = record_tree(file)
    places = [tree.range_of(at) for at in range(len(tree.leaves))]
    assert [offset for offset, _ in places] == list(tree.offsets)
    assert sum(length for _, length in places) == file.stat().st_size
    assert tree.leaf_at(tree.offsets[3]) == 3
    assert tree.leaf_at(tree.offsets[3] - 1) == 2


@pytest.mark.parametrize("data", [b"", b"no archive at all", b"WARC/1.0\r\n\r\n", b"\x1f\x8b\x08 broken"])
def test_a_file_that_is_no_warc_is_one_leaf(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    tree = record_tree(tmp_path / "x")
    assert tree.offsets == (0,)
    assert tree.range_of(0) == (0, len(data))


def test_plain_warcs_have_a_leaf_a_record(tmp_path: Path) -> None:
    record = b"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:uuid:1>\r\nContent-Length: 2\r\n\r\nhi\r\n\r\n"
    (tmp_path / "x.warc").write_bytes(record * 3)
    assert record_tree(tmp_path / "x.warc").offsets == (0, len(record), 2 * len(record))


def test_a_file_that_changed_has_no_record_root_and_that_is_told(tmp_path: Path) -> None:
    path = twelve(tmp_path / "c")
    file = warc_of(path)
    file.write_bytes(file.read_bytes() + b"more")
    told = sealed(path)
    assert len(told) == 1
    assert "is not the file any more that entered the chain" in told[0]
    assert read_root(path, 1).leaves[0].record_root == UNKNOWN
    assert any("was missing or changed when this root was made" in fault for fault in faults(path))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    path = twelve(tmp_path / "c")
    warc_of(path).unlink()
    assert sealed(path) == [f"{read_chain(path).entries[0].path}: No such file or directory"]


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("000001.txt", b"chain: ", b"chain: 0", "does not follow from its leaves"),
        ("000001.txt", b"merkle: ", b"merkle: 0", "does not follow from its leaves"),
        ("000001.txt", b"format 1", b"format 9", "not a root of this crawler"),
        ("000001.txt", b"entries: 1-1", b"entries: x", "not a root of this crawler"),
        ("000001.leaves", b" archive/", b" other/", "not the entries 1 to 1 of the chain"),
        ("000001.leaves", b"\n", b"", "not the entries 1 to 1 of the chain"),
    ],
)
def test_a_root_that_was_changed_is_told(tmp_path: Path, name: str, old: bytes, new: bytes, told: str) -> None:
    path = twelve(tmp_path / "c")
    sealed(path)
    assert faults(path) == []
    file = path / ROOTS / name
    assert old in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(old, new, 1))
    assert any(told in fault for fault in faults(path))


def test_a_root_that_is_missing_and_a_chain_that_lost_its_end_are_told(tmp_path: Path) -> None:
    path = twelve(tmp_path / "c")
    sealed(path)
    recorded(path, [(exchange(20, b"<p>twenty"), lease(20))])
    sealed(path, at_once=True)
    chain = path / "proofs" / "chain.txt"
    whole = chain.read_text()
    chain.write_text(whole.splitlines(keepends=True)[0])
    assert any("ends at entry 1, and the roots cover 2" in fault for fault in faults(path))
    chain.write_text(whole)
    place_of(path, 1, ".txt").unlink()
    assert any("not all roots from 1 to 2 are there" in fault for fault in faults(path))


def test_deep_verification_reads_the_records_again(tmp_path: Path) -> None:
    path = twelve(tmp_path / "c")
    sealed(path)
    root = read_root(path, 1)
    # Root, leaves and chain are made to fit each other with another root over the records: only the file can tell.
    from crawler.proofs.check import check_proofs
    from crawler.proofs.roots import make_root

    for number in numbers_of(path):
        for ending in (".txt", ".leaves"):
            place_of(path, number, ending).unlink()
    chain = read_chain(path)
    from attrs import evolve

    tree = record_tree(warc_of(path))
    made = make_root(path, chain, now=root.made, trees=lambda _: evolve(tree, leaves=tree.leaves[1:]))
    assert made is not None
    rows = [{"path": chain.entries[0].path, "sha256": root.leaves[0].sha256, "sealed": "x", "name": "x", "bytes": 1}]
    assert check_proofs(path, lambda: rows).faults == []
    assert "the root over its records is another" in check_proofs(path, lambda: rows, deep=True).faults[0]
    warc_of(path).unlink()
    assert "cannot be read again" in check_proofs(path, lambda: rows, deep=True).faults[0]


def test_a_timestamp_is_good_for_openssl_and_for_verify(tmp_path: Path, authority: Authority) -> None:
    path, ca_file = twelve(tmp_path / "c"), str(authority.folder / "root.pem")
    sealed(path, tsa_url=authority.url)
    root, stamped = place_of(path, 1, ".txt"), place_of(path, 1, ".tsr")
    assert b"OK" in openssl("ts", "-verify", "-data", root, "-in", stamped, "-CAfile", ca_file)
    when = check_timestamp(path, 1, trusted(Path(ca_file)))
    assert abs(clock.now() - when) < timedelta(minutes=2)
    assert faults(path, ca_file=ca_file) == []
    asked = authority.asked
    sealed(path, tsa_url=authority.url)
    assert authority.asked == asked  # no second stamp
    root.write_bytes(root.read_bytes() + b"x")
    assert any("no good timestamp" in fault for fault in faults(path, ca_file=ca_file))


def test_a_timestamp_of_another_authority_is_not_good(tmp_path: Path, authority: Authority) -> None:
    path = twelve(tmp_path / "c")
    sealed(path, tsa_url=authority.url)
    (tmp_path / "other").mkdir()
    with running(tmp_path / "other") as other:
        assert any("no good timestamp" in fault for fault in faults(path, ca_file=str(other.folder / "root.pem")))
    assert any("no certificates in PEM" in fault for fault in faults(path, ca_file=str(path / "index.db")))
    place_of(path, 1, ".tsr").write_bytes(b"garbage")
    assert any("no good timestamp" in fault for fault in faults(path, ca_file=str(authority.folder / "root.pem")))


@pytest.mark.parametrize(
    ("mood", "told"),
    [("broken", "status 503"), ("garbage", "its answer is no timestamp"), ("huge", "more than 262144 bytes"), ("old", "of something else")],
)
def test_an_authority_that_fails_is_told_and_asked_again(tmp_path: Path, authority: Authority, mood: str, told: str) -> None:
    path = twelve(tmp_path / "c")
    seal_day(path, begin, tsa_url=None)  # type: ignore[arg-type]
    stamp(twelve(tmp_path / "d"), _made(tmp_path / "d"), authority.url, seconds=5.0)
    authority.mood = mood
    try:
        upkeep = Upkeep(path=path, days=90, tsa_url=authority.url)
        maintain(upkeep, begin)  # type: ignore[arg-type]
    finally:
        authority.mood = ""
    assert told in str(upkeep.problems[0])
    assert upkeep.exit_code == NotFetched.exit_code
    assert upkeep.proofs[-1] == "0 of 1 root timestamped"
    again = Upkeep(path=path, days=90, tsa_url=authority.url)
    maintain(again, begin)  # type: ignore[arg-type]
    assert again.exit_code == 0
    assert again.proofs[-1] == "1 of 1 root timestamped"


def _made(path: Path) -> int:
    sealed(path)
    return numbers_of(path)[-1]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://[::1]:9/"])
def test_an_authority_that_is_not_there_is_told(tmp_path: Path, url: str) -> None:
    path = twelve(tmp_path / "c")
    with pytest.raises(NotFetched, match="timestamp authority"):
        stamp(path, _made(path), url, seconds=2.0)


def test_a_damaged_root_stops_the_next_one(tmp_path: Path) -> None:
    path = twelve(tmp_path / "c")
    sealed(path)
    place_of(path, 1, ".txt").write_bytes(b"nothing")
    recorded(path, [(exchange(20, b"<p>twenty"), lease(20))])
    with pytest.raises(Damaged):
        sealed(path, at_once=True)
    upkeep = Upkeep(path=path, days=90)
    maintain(upkeep, begin)  # type: ignore[arg-type]
    assert any("not a root of this crawler" in fault for fault in upkeep.faults)


def test_a_chain_that_was_changed_gets_no_root(tmp_path: Path) -> None:
    path = twelve(tmp_path / "c")
    (path / "proofs" / "chain.txt").write_text("nonsense\n")
    assert "not a line of a chain" in sealed(path)[0]
    assert numbers_of(path) == []


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    path = twelve(tmp_path / "c")
    (path / "proofs" / "roots").write_text("a file where a folder should be")
    with pytest.raises(SetupError, match="roots"):
        sealed(path)


def test_what_a_stamped_root_covers_is_not_covered_again(tmp_path: Path, authority: Authority) -> None:
    path = twelve(tmp_path / "c")
    assert cover(path, [warc_of(path)], tsa_url=None) == []
    assert cover(path, [warc_of(path)], tsa_url=None) == []
    assert numbers_of(path) == [1]
    authority.mood = "broken"
    try:
        with pytest.raises(NotFetched, match="status 503"):
            cover(path, [warc_of(path)], tsa_url=authority.url)
    finally:
        authority.mood = ""
    asked = authority.asked
    cover(path, [warc_of(path)], tsa_url=authority.url)
    cover(path, [warc_of(path)], tsa_url=authority.url)
    assert authority.asked == asked + 1


def test_a_crawl_that_goes_on_keeps_the_root_waiting(tmp_path: Path) -> None:
    path = twelve(tmp_path / "c")
    with closing(Collection.hold(path)):
        upkeep = Upkeep(path=path, days=90)
        maintain(upkeep, begin)  # type: ignore[arg-type]
    assert upkeep.exit_code == 11
    assert numbers_of(path) == []


def test_a_collection_without_an_index_gets_no_root(tmp_path: Path) -> None:
    path = twelve(tmp_path / "c")
    (path / "index.db").unlink()
    upkeep = Upkeep(path=path, days=90)
    maintain(upkeep, begin)  # type: ignore[arg-type]
    assert numbers_of(path) == []
    assert upkeep.proofs == []
