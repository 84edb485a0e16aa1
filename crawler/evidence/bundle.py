"""Proof of a story as one folder: records, ways to the roots, timestamps."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from crawler.collection.layout import path_inside
from crawler.disk.write_errors import told_if_full
from crawler.errors import SetupError, Usage
from crawler.evidence.archived import NotHeld, entity_of
from crawler.evidence.check_script import README, SCRIPT, readme, script
from crawler.evidence.proven import Proven, Roots, proven_records
from crawler.index.rows import iso
from crawler.proofs.record_tree import path_text
from crawler.proofs.roots import place_of
from crawler.storage.opening import opened

if TYPE_CHECKING:
    from crawler.index.index import Index
    from crawler.items import Capture, Version

PROOF = "proof.json"
_CHUNK_BYTES = 1024 * 1024
_FILES = {"request": "request", "metadata": "facts", "response": "answer", "revisit": "revisit"}


@frozen(kw_only=True)
class ToProve:
    """One capture of a story, and what was read from it."""

    capture: Capture
    version: int
    said: str
    """Headline, text, captions and credits as read: an aid, no evidence."""


def captures_to_prove(index: Index, story: str, version: int | None, *, every: bool) -> list[ToProve]:
    """The captures that show a story's versions.

    Args:
        version: Only this one; None: all.
        every: All captures of a version, not only the first.
    Raises:
        SetupError: There is none.
    """
    said = {one.n: _said(one) for one in index.versions(story) if version in (None, one.n)}
    chosen: list[ToProve] = []
    for sighting in sorted(index.sightings(story), key=lambda one: (one.n, one.captured or one.date)):
        if sighting.n in said and (every or all(one.version != sighting.n for one in chosen)):
            capture = index.capture(sighting.record_id)
            if capture is not None:
                chosen.append(ToProve(capture=capture, version=sighting.n, said=said[sighting.n]))
    if not chosen:
        raise SetupError(f"{story}: no capture shows {'it' if version is None else f'a version {version}'}: there is nothing to prove")
    return chosen


def _said(version: Version) -> str:
    """Text of a version, for people."""
    article = version.article
    parts = [article.headline, article.deck, article.body]
    parts += [f"[picture] {image.caption or ''} ({image.credit or 'no credit'})" for image in article.images]
    return "\n\n".join(part for part in parts if part) + "\n"


def write_proof(index: Index, collection: Path, story: str, wanted: Sequence[ToProve], out: Path, *, authority: Path | None) -> Path:
    """Write the proof of captures into a new folder.

    Args:
        authority: PEM with the timestamp authority's certificates, copied into the folder.
    Returns:
        The folder, once it is whole.
    Raises:
        Usage: The folder is there already.
        Uncovered: No root covers a record.
        Damaged: A record or a proof is damaged.
        SetupError: It cannot be written.
        WriteFailed: The disk is full.
    """
    if out.exists():
        raise Usage(f"--out {out}: is there already; name a new folder")
    part = out.with_name(f".{out.name}.part")
    try:
        with told_if_full(out):
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir(parents=True)
            roots = Roots(collection)
            documents = [_write_capture(index, collection, one, part, number, roots) for number, one in enumerate(wanted, 1)]
            numbers = sorted({record["root"] for document in documents for record in document["records"]})
            for number in numbers:
                _copy_root(collection, number, part)
            if authority is not None:
                shutil.copyfile(authority, part / "authority.pem")
            whole: dict[str, Any] = {"format": 1, "story": story, "collection": collection.name, "captures": documents}
            (part / PROOF).write_text(json.dumps(whole, ensure_ascii=True, indent=1) + "\n")
            stamped = [number for number in numbers if place_of(collection, number, ".tsr").exists()]
            (part / SCRIPT).write_text(script(whole, stamped))
            (part / README).write_text(readme(whole, numbers, stamped, authority=authority is not None))
            part.rename(out)
    except OSError as error:
        raise SetupError(f"{error.filename or out}: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            shutil.rmtree(part, ignore_errors=True)
    return out


def _write_capture(index: Index, collection: Path, one: ToProve, part: Path, number: int, roots: Roots) -> dict[str, Any]:
    """Write the records of one capture, its body and its words; return its document."""
    capture = one.capture
    folder = part / f"capture-{number}"
    folder.mkdir()
    records, names = [], set[str]()
    for proven in proven_records(index, collection, capture, roots):
        name = _FILES.get(proven.facts.type, "record")
        if name in names:
            name = f"original-{name}"  # of a revisit: the exchange that holds its payload
        names.add(name)
        place = folder / f"{name}{'.warc.gz' if proven.facts.gzipped else '.warc'}"
        _cut(proven, place)
        records.append(_record(proven, f"{folder.name}/{place.name}", collection))
    document: dict[str, Any] = {
        "version": one.version, "url": capture.url, "date": iso(capture.date), "status": capture.status, "ip": capture.ip,
        "record_id": capture.record_id, "payload_digest": capture.payload_digest, "records": records, "body": None,
    }  # fmt: skip
    with suppress(NotHeld):  # a revisit of what is held nowhere: its record is proved all the same
        (folder / "body.bin").write_bytes(entity_of(index, collection, capture).data)
        document["body"] = f"{folder.name}/body.bin"
    (folder / "said.txt").write_text(one.said)
    return document


def _record(proven: Proven, file: str, collection: Path) -> dict[str, Any]:
    inside = path_inside(collection, proven.warc)
    return {
        "file": file, "type": proven.facts.type, "record_id": proven.facts.record_id, "warc": inside, "offset": proven.offset,
        "length": proven.length, "leaf": proven.leaf.hex(), "path": path_text(proven.steps), "line": proven.line,
        "line_path": path_text(proven.day_steps), "root": proven.root.number,
    }  # fmt: skip


def _cut(proven: Proven, place: Path) -> None:
    """Copy the bytes of a leaf out of its WARC."""
    with opened(proven.warc) as source, place.open("wb") as out:
        source.seek(proven.offset)
        left = proven.length
        while left and (piece := source.read(min(left, _CHUNK_BYTES))):
            out.write(piece)
            left -= len(piece)


def _copy_root(collection: Path, number: int, part: Path) -> None:
    (part / "roots").mkdir(exist_ok=True)
    for ending in (".txt", ".tsq", ".tsr"):
        source = place_of(collection, number, ending)
        if source.exists():
            shutil.copyfile(source, part / "roots" / source.name)
