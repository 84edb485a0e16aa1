"""Archived pictures: shown by their bytes, never by what their server called them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from crawler.errors import ArchiveError
from crawler.evidence.archived import NotHeld, entity_of
from crawler.evidence.picture_size import RASTER, Size, picture_size, picture_type
from crawler.roomframe.headers import FILE_POLICY
from crawler.roomframe.page import Asked, File, NotThere
from crawler.roomframe.strings import TEXTS

if TYPE_CHECKING:
    from crawler.index.index import Index
    from crawler.items import Capture

SVG = "image/svg+xml"
HEAD_BYTES = 1024 * 1024
"""Of a picture's file in which its size is looked for."""
_UNKNOWN_SIZE = (None, None)


@frozen(kw_only=True)
class Shown:
    """A picture as a page shows it."""

    n: int
    """Its place in the article, from 0."""
    url: str
    caption: str | None = None
    credit: str | None = None
    agency: str | None = None
    alt: str | None = None
    file_byline: str | None = None
    file_credit: str | None = None
    file_copyright: str | None = None
    record_id: str | None = None
    """The capture that holds it; None if it is not archived."""
    src: str | None = None
    """Address here; None where nothing can be shown in place."""
    width: int | None = None
    height: int | None = None
    download: str | None = None
    """Address of a drawing, which is never shown in place."""
    fault: str | None = None
    """Why it is not shown, in words."""


def capture_named(asked: Asked) -> Capture:
    """The capture that an address names by its record id.

    Raises:
        NotThere: The index does not know it.
    """
    name = asked.words["record"]
    found = asked.index.capture(name) or asked.index.capture(f"urn:uuid:{name}")
    if found is None:
        raise NotThere(TEXTS["no_capture"].format(record=name[:200]))
    return found


def picture_file(asked: Asked) -> File:
    """Answer with an archived picture: raster types in place, SVG as a download, nothing else.

    Raises:
        NotThere: There is no such capture, or its bytes are no picture.
    """
    capture = capture_named(asked)
    etag = f'"{capture.payload_digest or capture.record_id}"'
    headers = {
        "etag": etag, "cache-control": "public, max-age=31536000, immutable", "content-security-policy": FILE_POLICY,
        "cross-origin-embedder-policy": "require-corp",
    }  # fmt: skip
    try:
        entity = entity_of(asked.index, asked.path, capture)
    except NotHeld as error:
        raise NotThere(TEXTS["no_original"].format(record=capture.record_id)) from error
    mime = picture_type(entity.data)
    if mime in RASTER:
        if asked.if_none_match == etag:
            return File(body=b"", media_type=mime, headers=headers, status=304)
        return File(body=entity.data, media_type=mime, headers=headers)
    if mime == SVG:
        name = f"{capture.record_id.rpartition(':')[2]}.svg"
        return File(body=entity.data, media_type="application/octet-stream", headers={**headers, **attachment(name)})
    raise NotThere(TEXTS["no_picture"].format(record=capture.record_id, kind=mime))


def attachment(name: str) -> dict[str, str]:
    """Headers of a download; the name is of ASCII letters, digits, dots and dashes."""
    return {"content-disposition": f'attachment; filename="{name}"'}


@frozen
class _Looked:
    """Outcome of a look at an archived picture."""

    size: Size | None = None
    fault: str | None = None


_KNOWN: dict[tuple[Path, str, int], _Looked] = {}
"""Sizes by folder, record id and bytes looked at: captures never change."""
_MOST_KNOWN = 50_000


def looked_at(index: Index, path: Path, record_id: str, *, head: int = HEAD_BYTES) -> _Looked:
    """Look at the first bytes of an archived picture for its size or fault."""
    key = (path, record_id, head)
    if key not in _KNOWN:
        looked = _look(index, path, record_id, head)
        if looked.fault:  # what is missing now may be back later
            return looked
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[key] = looked
    return _KNOWN[key]


def _look(index: Index, path: Path, record_id: str, head: int) -> _Looked:
    capture = index.capture(record_id)
    if capture is None:
        return _Looked(fault=TEXTS["picture_lost"])
    try:
        data = entity_of(index, path, capture, limit=head).data
    except (ArchiveError, OSError) as error:
        return _Looked(fault=TEXTS["picture_unreadable"].format(fault=str(error)))
    mime = picture_type(data)
    if mime == SVG:
        return _Looked(fault=TEXTS["picture_svg"])
    return _Looked(size=picture_size(data)) if mime in RASTER else _Looked(fault=TEXTS["picture_other"].format(kind=mime))


def shown_pictures(asked: Asked, version_id: int) -> list[Shown]:
    """The pictures of a version, in their order."""
    rows = asked.index.query(
        "SELECT i.n, i.url, i.caption, i.credit, i.agency, i.alt, i.file_byline, i.file_credit, i.file_copyright, c.record_id"
        " FROM images i LEFT JOIN captures c ON c.id = i.capture_id WHERE i.version_id = ? ORDER BY i.n",
        [version_id],
    )
    return list(with_sizes(asked, (Shown(**dict(row)) for row in rows)))


def with_sizes(asked: Asked, pictures: Iterable[Shown]) -> Iterable[Shown]:
    """Add to pictures their addresses here and their sizes, or what is wrong with them."""
    for one in pictures:
        if one.record_id is None:
            yield evolve(one, fault=TEXTS["picture_not_archived"])
            continue
        looked = looked_at(asked.index, asked.path, one.record_id)
        width, height = looked.size or _UNKNOWN_SIZE
        address = asked.to.picture(one.record_id)
        drawing = looked.fault == TEXTS["picture_svg"]
        src, download = None if looked.fault else address, address if drawing else None
        yield evolve(one, fault=looked.fault, width=width, height=height, src=src, download=download)
