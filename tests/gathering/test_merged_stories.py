"""Stories of several shards as one, row by row; and the files beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from crawler.collection.layout import PACKAGES
from crawler.columns.column import text
from crawler.errors import WriteFailed
from crawler.gathering import parquet
from crawler.gathering.beside import copy_page_lists
from crawler.gathering.merged_stories import MergedStory, merged
from crawler.gathering.parquet import _names, _Parts
from crawler.gathering.places import _copied, _name

STORY = {"story_id": "a/1", "state": None, "state_date": None, "missing_since": None}


def story(**values: Any) -> dict[str, Any]:
    return STORY | values


def version(digest: str, body: str, day: int, *, cut: bool = False, **values: Any) -> dict[str, Any]:
    when = f"2026-03-{day:02}T00:00:00Z"
    empty = dict.fromkeys(("deck", "captions", "credits", "published", "canonical_url", "section", "language"))
    return empty | {
        "story_id": "a/1", "text_digest": digest, "headline": "Ship leaves", "body": body, "cut": cut, "taken": when, "record_id": digest,
        "first_seen": when, "last_seen": when, "images": [{"n": 1}],
    } | values  # fmt: skip


def only(*rows: dict[str, Any]) -> MergedStory:
    keyed = [("a/1\t0\t" if "text_digest" not in row else f"a/1\t1\t{row['taken']}", row) for row in rows]
    (made,) = merged(sorted(keyed, key=lambda pair: pair[0]))
    return made


def days(made: MergedStory) -> list[tuple[str, str, str]]:
    return [(row["text_digest"], row["first_seen"][8:10], row["last_seen"][8:10]) for row in made.versions]


def test_a_text_that_two_shards_have_is_one_version() -> None:
    made = only(story(), version("x", "Whole.", 3), version("x", "Whole.", 1), version("y", "Other.", 2))
    assert days(made) == [("x", "01", "03"), ("y", "02", "02")]
    assert [(row["version_n"], row["newest"]) for row in made.versions] == [(1, False), (2, True)]
    assert made.versions[1]["images"] == [{"n": 1, "story_id": "a/1", "version_n": 2}]
    assert (made.story["versions"], made.story["headline"], made.story["last_seen"][8:10]) == (2, "Ship leaves", "03")


def test_a_cut_answer_in_one_shard_that_begins_the_text_of_another_is_no_version() -> None:
    made = only(story(), version("cut", "It left at", 1, cut=True), version("whole", "It left at noon.", 2))
    assert days(made) == [("whole", "01", "02")]
    made = only(story(), version("whole", "It left at noon.", 2), version("cut", "It left at", 5, cut=True))
    assert days(made) == [("whole", "02", "05")]


def test_a_cut_answer_that_begins_no_other_stays() -> None:
    made = only(story(), version("cut", "It stayed", 1, cut=True), version("whole", "It left at noon.", 2))
    assert days(made) == [("cut", "01", "01"), ("whole", "02", "02")]
    assert days(only(story(), version("cut", "It left at", 1, cut=True))) == [("cut", "01", "01")]


def test_the_state_told_last_counts_and_versions_without_a_story_are_left_out() -> None:
    gone = story(state="removed", state_date="2026-03-04", missing_since="2026-03-03")
    made = only(gone, story(state="there", state_date="2026-03-02"), story())
    assert {name: made.story[name] for name in ("state", "missing_since", "versions", "first_seen")} == {
        "state": "removed", "missing_since": "2026-03-03", "versions": 0, "first_seen": None,
    }  # fmt: skip
    assert list(merged([("a/1\t1\t", version("x", "Whole.", 1))])) == []


def test_page_lists_of_one_name_are_kept_side_by_side_and_the_same_one_once(tmp_path: Path) -> None:
    for shard, lists in {"a": {"x.jsonl": "1", "y.jsonl": "same"}, "b": {"x.jsonl": "2", "y.jsonl": "same"}, "c": {"x.jsonl": "3"}}.items():
        (tmp_path / shard / PACKAGES).mkdir(parents=True)
        for name, content in lists.items():
            (tmp_path / shard / PACKAGES / name).write_text(content)
    (tmp_path / "into").mkdir()
    for shard in ("a", "b", "c", "b"):
        copy_page_lists(tmp_path / "into", tmp_path / shard)
    found = {file.name: file.read_text() for file in (tmp_path / "into" / PACKAGES).iterdir()}
    assert found == {"x.jsonl": "1", "x-1.jsonl": "2", "x-2.jsonl": "3", "y.jsonl": "same"}


def test_a_file_of_another_content_has_a_name_of_its_own() -> None:
    mine: dict[str, Any] = {"sha256": "a" * 64, "bytes": 1}
    other: dict[str, Any] = {"sha256": "b" * 64, "bytes": 1}
    assert _name("w.warc.gz", mine, {}) == "w.warc.gz"
    assert _name("w.warc.gz", mine, {"w.warc.gz": mine}) == "w.warc.gz"
    beside = _name("w.warc.gz", mine, {"w.warc.gz": other})
    assert beside.startswith("w-aaaa")
    assert beside.endswith(".warc.gz")


def test_a_copy_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "from").write_bytes(b"whole")
    target = tmp_path / "to"

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("shutil.copy2", full)
        with pytest.raises(WriteFailed, match="No space left"):
            _copied(tmp_path / "from", target)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["from"]
    assert _copied(tmp_path / "from", target).read_bytes() == b"whole"
    changed = target.stat().st_mtime_ns
    assert _copied(tmp_path / "from", target).stat().st_mtime_ns == changed, "the same is not copied again"


def test_tables_of_many_rows_are_several_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "_PART_ROWS", 5)
    monkeypatch.setattr(parquet, "_GROUP_ROWS", 2)
    parts = _Parts(tmp_path / "table", [text("name", "a name")])
    for n in range(12):
        parts.add({"name": str(n)})
    parts.close()
    files = sorted((tmp_path / "table").iterdir())
    assert [file.name for file in files] == ["part-00000.parquet", "part-00001.parquet", "part-00002.parquet"]
    assert [row["name"] for file in files for row in pyarrow.parquet.read_table(file).to_pylist()] == [str(n) for n in range(12)]
    assert pyarrow.parquet.ParquetFile(files[0]).num_row_groups == 3
    (empty := _Parts(tmp_path / "empty", [text("name", "a name")])).close()
    assert empty.rows == 0
    assert pyarrow.parquet.read_table(tmp_path / "empty").num_rows == 0


def test_shards_of_one_name_have_numbers() -> None:
    class Some:
        def __init__(self, path: str) -> None:
            self.path = Path(path)

    shards: Any = [Some("/a/w"), Some("/b/w"), Some("/c/w"), Some("/c/v")]
    assert _names(shards) == ["w", "w-2", "w-3", "v"]
