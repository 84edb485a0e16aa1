"""Stories of several shards as one: versions numbered anew, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from attrs import frozen

from crawler.gathering.shard_rows import Row
from crawler.index.beginnings import Known, Text, version_of

_PICTURE = ("record_id", "warc", "offset", "length", "file_byline", "file_credit", "file_copyright")
_STATES = ("state", "state_date", "missing_since")


@frozen
class MergedStory:
    """One story with its versions, each with its `images`."""

    story: Row
    versions: list[Row]


def merged(rows: Iterable[tuple[str, Row]]) -> Iterator[MergedStory]:
    """Merge sorted rows of stories and versions: of each story those of all shards.

    Args:
        rows: A sort key that begins with story, `0` or `1`, and the row.
    """
    for _, some in groupby(rows, key=lambda pair: pair[0].split("\t", 1)[0]):
        stories: list[Row] = []
        texts: dict[str, Row] = {}
        for key, row in some:
            if key.split("\t", 2)[1] == "0":
                stories.append(row)
            else:
                _add(texts, row)
        if stories:
            yield _story(stories, _numbered(_without_beginnings(list(texts.values()))))


def _add(texts: dict[str, Row], row: Row) -> None:
    """Add a version; of one text the first row has the values."""
    known = texts.setdefault(row["text_digest"], row)
    known["first_seen"] = min(known["first_seen"], row["first_seen"])
    known["last_seen"] = max(known["last_seen"], row["last_seen"])


def _without_beginnings(versions: list[Row]) -> list[Row]:
    """Leave out texts of cut answers that begin another text."""
    if len(versions) < 2 or not any(row["cut"] for row in versions):
        return versions
    known = [Known(id=n, text=Text.of(row), cut=row["cut"], since=(row["taken"], row["record_id"])) for n, row in enumerate(versions)]
    begun = {one.id for one in known if one.cut and _begins(one, known)}
    staying = [one for one in known if one.id not in begun]
    for number in begun:
        into = version_of(known[number].text, known[number].since, staying)
        if into is not None:
            for name, choose in (("first_seen", min), ("last_seen", max)):
                versions[into.id][name] = choose(versions[into.id][name], versions[number][name])
    return [row for n, row in enumerate(versions) if n not in begun]


def _begins(one: Known, known: list[Known]) -> bool:
    return any(other is not one and one.text.begins(other.text) for other in known)


def _numbered(versions: list[Row]) -> list[Row]:
    versions.sort(key=itemgetter("first_seen", "text_digest"))
    for n, row in enumerate(versions, 1):
        row["version_n"], row["newest"] = n, n == len(versions)
        for image in row["images"]:
            image |= {"story_id": row["story_id"], "version_n": n}
    return versions


def _story(stories: list[Row], versions: list[Row]) -> MergedStory:
    """Derive the row of a story, as the index derives it of its versions."""
    row = dict(stories[-1])
    newest_first = versions[::-1]
    row |= {
        "versions": len(versions), "first_seen": versions[0]["first_seen"] if versions else None,
        "last_seen": max((one["last_seen"] for one in versions), default=None), "published": _first(versions, "published"),
        **{name: _first(newest_first, name) for name in ("canonical_url", "section", "language", "headline")},
    }  # fmt: skip
    told = [one for one in stories if one["state"] is not None]
    if told:
        last = max(told, key=lambda one: (one["state_date"] or "", one["state"]))
        row |= {name: last[name] for name in _STATES}
    return MergedStory(row, versions)


def _first(versions: list[Row], name: str) -> Any:
    return next((row[name] for row in versions if row[name] is not None), None)


def with_pictures(rows: Iterable[tuple[str, Row]]) -> Iterator[Row]:
    """Give images the archived picture of their key, the first of all shards.

    Args:
        rows: Sorted: a key that begins with the picture's, then `0` (an archived one) or `1` (an image), and the row.
    """
    picture: Row = {}
    for key, row in rows:
        if key.split("\t", 2)[1] == "0":
            picture = row if picture.get("key") != row["key"] else picture
        else:
            own = picture if picture.get("key") == row["key"] else {}
            yield row | {name: own.get(name) for name in _PICTURE}
