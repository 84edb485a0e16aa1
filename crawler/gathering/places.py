"""WARCs of shards in a gathered collection: referred to where they lie, or copied."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from crawler.collection.layout import ELSEWHERE, REFERRED, elsewhere
from crawler.errors import WriteFailed
from crawler.gathering.shard import Shard
from crawler.importing.warc_names import split_name
from crawler.index.index import Index
from crawler.index.rows import Value, moment
from crawler.storage.opening import sha256_of
from crawler.storage.store_path import StorePath
from crawler.warc.output_file import sync_folder, write_file

_DIGITS = (8, 16, 64)


def add_warcs(index: Index, folder: Path, shard: Shard, names: dict[str, str], *, copy: bool) -> list[str]:
    """Add the sealed WARCs of a shard, at their place of today.

    Args:
        folder: Of the gathered collection.
        names: Names there and here; filled.
        copy: Copy those on a disk.
    Returns:
        Names of the new ones.
    Raises:
        WriteFailed: The disk did not take it.
    """
    known = {str(row["name"]): row for row in index.warcs()}
    places, fresh = {one.name: one.path for one in elsewhere(folder)}, []
    for name, row in shard.sealed().items():
        here = names.setdefault(name, _name(name, row, known))
        own = folder / "archive" / here
        place = own if own.exists() else shard.place(name)
        if here in known and known[here]["path"] == _path(folder, place) and not copy:
            continue
        fresh += [] if here in known else [here]
        if copy and place != own and not isinstance(place, StorePath):
            place = _copied(place, own)
        if place == own:
            places.pop(here, None)
        else:
            places[here] = place
        with index.atomic():
            _add_row(index, here, row, _path(folder, place))
        known[here] = {**row, "name": here, "path": _path(folder, place)}
    refer_to(folder, places)
    return fresh


def _path(folder: Path, place: Path) -> str:
    """A place as table `warcs` has it."""
    return str(place.relative_to(folder)) if place.parent == folder / "archive" else str(place)


def _add_row(index: Index, name: str, row: Mapping[str, Value], path: str) -> None:
    sealed = moment(str(row["sealed"])) if row["sealed"] else None
    size = int(str(row["bytes"])) if row["bytes"] is not None else None
    index.add_warc(name, path, bytes=size, sealed=sealed, sha256=str(row["sha256"] or "") or None)
    told = {column: str(row[column]) if row[column] else None for column in ("address", "stored")}
    index.set_safety(name, str(row["safety"]), **told)


def _name(name: str, row: Mapping[str, Value], known: Mapping[str, Mapping[str, Value]]) -> str:
    """Name of a WARC here: its own, unless a file of other content has it."""
    stem, suffix = split_name(name)
    for candidate in (name, *(f"{stem}-{str(row['sha256'])[:length]}{suffix}" for length in _DIGITS)):
        there = known.get(candidate)
        if there is None or (there["sha256"] == row["sha256"] and there["bytes"] == row["bytes"]):
            return candidate
    return f"{stem}-{os.urandom(8).hex()}{suffix}"


def _copied(place: Path, target: Path) -> Path:
    """Copy a file, whole or not at all."""
    if target.exists() and target.stat().st_size == place.stat().st_size and sha256_of(target) == sha256_of(place):
        return target
    part = target.with_name(f"{target.name}.part")
    try:
        shutil.copy2(place, part)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise WriteFailed(target, error) from error
    finally:
        part.unlink(missing_ok=True)
    return target


def refer_to(folder: Path, places: Mapping[str, Path]) -> None:
    """Write the list of WARCs outside of a collection, with links for pywb.

    Raises:
        WriteFailed: The disk did not take it.
    """
    lines = []
    for name, place in sorted(places.items()):
        plain = place.name == name and str(place).isprintable() and str(place).startswith("/") and not isinstance(place, StorePath)
        lines.append(str(place) if plain else json.dumps({"name": name, "path": str(place)}))
    data = "".join(f"{line}\n" for line in lines).encode(errors="surrogateescape")
    there = (folder / ELSEWHERE).read_bytes() if (folder / ELSEWHERE).exists() else b""
    if there == data:
        return
    (folder / REFERRED).mkdir(exist_ok=True)
    for name, place in places.items():
        link = folder / REFERRED / name
        if not isinstance(place, StorePath) and not (link.is_symlink() and str(link.readlink()) == str(place)):
            with suppress(FileNotFoundError):
                link.unlink()
            link.symlink_to(place)
    write_file(folder / ELSEWHERE, [data])
