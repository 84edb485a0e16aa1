"""Bulk requests for OpenSearch. No node is to be had from the registries: each document is held against the mapping, by its rules."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from index_makers import article, capture

from crawler.index.index import Index
from crawler.interchange.articles import articles
from crawler.interchange.opensearch import STEMMED, document_id, index_document, write_opensearch
from crawler.items import Image
from crawler.subsets.outcome import Outcome, tell_nobody
from crawler.subsets.selection import Selection

BUILT_IN = frozenset(
    ["arabic", "armenian", "basque", "bengali", "brazilian", "bulgarian", "catalan", "cjk", "czech", "danish", "dutch", "english", "estonian", "finnish", "french", "galician", "german", "greek", "hindi", "hungarian", "indonesian", "irish", "italian", "latvian", "lithuanian", "norwegian", "persian", "portuguese", "romanian", "russian", "sorani", "spanish", "swedish", "turkish", "thai"]
)
"""Language analyzers of every node. Source: OpenSearch documentation, language analyzers."""
FILTERS = {"cjk_width", "lowercase", "asciifolding", "cjk_bigram"}


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    path = tmp_path / "harbour"
    (path / "archive").mkdir(parents=True)
    texts = (
        article("Ferry sinks", language="en-GB", authors=("Ada", "Bo"), published="not a date", tags=("sea",)),
        article("Die Fähre\u2028sinkt", language="de", images=(Image(url="https://i.example/1.jpg", caption="Quay", credit="Photo: Ida", agency="Norda"),)),
        article("Untitled", language=None, published="2026-11-29", story=None),
    )
    with Index.open(path / "index.db") as index, index.atomic():
        for n, text in enumerate(texts, 1):
            shot = capture(n, story="harbour/1000" if n < 3 else None, role="page", key=f"k{n}", url=f"https://paper.example/{'x' * 600 if n == 3 else n}")
            index.add_capture(shot)
            index.file_article(shot, text)
    return path


def written(collection: Path, folder: Path, **options: Any) -> tuple[list[tuple[str, dict[str, Any]]], Outcome]:
    folder.mkdir()
    outcome = Outcome()
    with Index.open(collection / "index.db", readonly=True) as index:
        write_opensearch(folder, index, Selection(), outcome, tell_nobody, collection="harbour", **options)
    pairs = []
    for part in sorted(folder.glob("bulk-*.ndjson")):
        data = part.read_bytes()
        assert data.endswith(b"\n")
        lines = data.decode("ascii").split("\n")[:-1]
        assert len(lines) % 2 == 0
        for action, document in zip(lines[::2], lines[1::2], strict=True):
            (name, about), *more = json.loads(action).items()
            assert (name, more, set(about)) == ("index", [], {"_id"})
            pairs.append((about["_id"], json.loads(document)))
    return pairs, outcome


def faults(values: dict[str, Any], properties: dict[str, Any], place: str = "") -> list[str]:
    """What a node would say of a document under `dynamic: strict`."""
    found = []
    for name, value in values.items():
        field = properties.get(name)
        if field is None:
            found.append(f"{place}{name}: strict_dynamic_mapping_exception")
        elif "properties" in field:
            found += faults(value, field["properties"], f"{name}.")
        elif field.get("enabled") is not False:
            found += [f"{place}{name}: {one!r} is no {field['type']}" for one in (value if isinstance(value, list) else [value]) if not fits(one, field)]
    return found


def fits(value: Any, field: dict[str, Any]) -> bool:
    match field["type"]:
        case "text" | "keyword":
            return isinstance(value, str) and "\x00" not in value
        case "integer" | "long":
            return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2 ** (31 if field["type"] == "integer" else 63)
        case "boolean":
            return isinstance(value, bool)
        case "date":
            return field.get("ignore_malformed") or bool(datetime.fromisoformat(value))
        case other:
            raise AssertionError(other)


def test_every_document_fits_the_mapping(collection: Path, tmp_path: Path) -> None:
    pairs, outcome = written(collection, tmp_path / "out")
    mapping = json.loads((tmp_path / "out" / "index.json").read_text())
    assert mapping == index_document()
    assert [fault for _, document in pairs for fault in faults(document, mapping["mappings"]["properties"])] == []
    assert outcome.counts == {"articles": 3, "parts": 1}
    by_headline = {document["headline"]: document for _, document in pairs}
    assert by_headline["Ferry sinks"]["stemmed"].keys() == {"en"}
    assert by_headline["Ferry sinks"]["authors"] == ["Ada", "Bo"]
    german = by_headline["Die Fähre\u2028sinkt"]
    assert (german["captions"], german["credits"], german["agencies"]) == (["Quay"], ["Photo: Ida"], ["Norda"])
    assert "lang" not in by_headline["Untitled"]
    assert [document["version"] for document in by_headline.values()] == [1, 2, 1]
    assert [document["newest"] for document in by_headline.values()] == [False, True, True]


def test_ids_are_short_and_stay(collection: Path, tmp_path: Path) -> None:
    first, _ = written(collection, tmp_path / "one")
    again, _ = written(collection, tmp_path / "two")
    assert first == again
    ids = [one for one, _ in first]
    assert len(set(ids)) == 3
    assert all(len(one.encode()) <= 512 for one in ids)
    with Index.open(collection / "index.db") as index:
        before = {one.version.text_digest: document_id(one) for one, _ in articles(index, Selection())}
        with index.atomic():  # an older text is found: the others are numbered anew
            shot = capture(-900)
            index.add_capture(shot)
            index.file_article(shot, article("Ferry afloat"))
        after = {one.version.text_digest: document_id(one) for one, _ in articles(index, Selection())}
    assert before.items() <= after.items()


def test_parts_are_no_larger_than_a_request_may_be(collection: Path, tmp_path: Path) -> None:
    whole, _ = written(collection, tmp_path / "one")
    parts, outcome = written(collection, tmp_path / "many", part_bytes=1)
    assert parts == whole
    assert outcome.counts["parts"] == 3
    size = max(part.stat().st_size for part in (tmp_path / "many").glob("bulk-*"))
    written(collection, tmp_path / "two", part_bytes=2 * size)
    assert all(part.stat().st_size <= 2 * size for part in (tmp_path / "two").glob("bulk-*"))


def test_analyzers_are_those_of_every_node() -> None:
    document = index_document()
    assert set(STEMMED.values()) <= BUILT_IN
    folded = document["settings"]["analysis"]["analyzer"]["folded"]
    assert set(folded["filter"]) == FILTERS
    named = {field["analyzer"] for field in document["mappings"]["properties"].values() if "analyzer" in field}
    assert named == {"folded"}
