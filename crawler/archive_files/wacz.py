"""Read WACZ and multi-WACZ: extract WARCs, check digests, read page titles.

Source: WACZ 1.1.1 (a zip file with datapackage.json, archive/, indexes/, pages/); multi-WACZ (a datapackage.json that lists WACZ files).
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from attrs import Factory, define, frozen

from crawler.errors import SetupError
from crawler.storage.opening import opened
from crawler.warc.digest import algorithm_of, same_digest, split_digest
from crawler.warc.headers import read_date
from crawler.warc.records import Fault

MAX_LIST_BYTES = 256 * 1024 * 1024
"""Of datapackage.json and of each list of pages: more is no list."""
MAX_DEPTH = 3

_LOCAL_HEAD_BYTES = 30
_PIECE_BYTES = 1024 * 1024
_ROOM_BYTES = 256 * 1024 * 1024
_WARC_NAME = re.compile(r"\.w?arc(?:\.gz|\.zst|\.open)?$", re.IGNORECASE)
_MILLISECONDS = 100_000_000_000
_ERRORS = (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, ValueError, OSError)
"""Of `zipfile` on a damaged or odd package.

NotImplementedError is its word for a compression that it does not know, RuntimeError for a member that is encrypted.
"""


@frozen(kw_only=True)
class PageEntry:
    """One line of a list of pages."""

    url: str
    title: str
    date: datetime | None


@define
class Contents:
    """Contents of a WACZ."""

    warcs: list[Path] = Factory(list)
    """Extracted, in the order of their names; each under its own name, in a folder of its WACZ."""
    pages: list[PageEntry] = Factory(list)
    faults: list[Fault] = Factory(list)
    """Wrong digests, missing or unreadable entries; offset 0 of the WACZ, the entry in words."""
    notes: list[str] = Factory(list)


def unpack(file: Path, folder: Path) -> Contents:
    """Extract the WARCs of a WACZ, nested and listed ones included, into a folder.

    Raises:
        SetupError: It cannot be opened, or there is no room.
    """
    contents = Contents()
    _unpack(file, file, folder, contents, 0)
    return contents


def _unpack(file: Path, whole: Path, folder: Path, contents: Contents, depth: int) -> None:
    """Args: whole: The file that the user named, in which faults are said to lie."""
    if depth > MAX_DEPTH:
        contents.faults.append(Fault(path=whole, offset=0, what=f"{file.name}: WACZ files nested more than {MAX_DEPTH} deep"))
        return
    try:
        with opened(file) as source:
            if not zipfile.is_zipfile(source):
                _unpack_listed(file, whole, folder, contents, depth)
                return
            package = zipfile.ZipFile(source)
            _Reader(file, whole, package, folder, contents, depth).read()
    except _ERRORS as error:
        if depth:
            contents.faults.append(Fault(path=whole, offset=0, what=f"{file.name}: {error}"))
            return
        raise SetupError(f"{file}: cannot be read as a WACZ: {getattr(error, 'strerror', None) or error}") from error


def _unpack_listed(file: Path, whole: Path, folder: Path, contents: Contents, depth: int) -> None:
    """The WACZ files beside a multi-WACZ description."""
    if file.stat().st_size > MAX_LIST_BYTES:
        raise ValueError("too large for a description")
    for resource in _resources(json.loads(file.read_text("utf-8", "replace"))):
        path = _path_of(resource)
        inner = file.parent / path
        if "://" in path or not inner.resolve().is_relative_to(file.parent.resolve()) or not inner.is_file():
            contents.faults.append(Fault(path=whole, offset=0, what=f"{path[:200]} is listed and not there: put it beside {file.name}"))
            continue
        with inner.open("rb") as source:
            _check(resource, source, path, whole, contents)
        _unpack(inner, whole, folder / _plain_name(path), contents, depth + 1)


class _Reader:
    """Reads one zip file."""

    def __init__(self, file: Path, whole: Path, package: zipfile.ZipFile, folder: Path, contents: Contents, depth: int) -> None:
        self._file, self._whole, self._package, self._folder = file, whole, package, folder
        self._contents, self._depth = contents, depth

    def read(self) -> None:
        resources = self._described()
        listed = {_path_of(resource): resource for resource in resources}
        names = sorted(info.filename for info in self._package.infolist() if not info.is_dir())
        for path in listed:
            if path not in names:
                self._fault(path, "is listed in datapackage.json and not there")
        for name in names:
            taken = self._take(name, listed.get(name))
            if listed and not taken and name in listed:
                self._checked(name, listed[name])
            if taken and listed and name not in listed:
                self._contents.notes.append(f"{name} is not listed in datapackage.json: no digest to check")
            if name.startswith("pages/") and name.endswith(".jsonl"):
                self._contents.pages += self._pages(name)

    def _described(self) -> list[dict[str, Any]]:
        """The resources that datapackage.json lists; its own digest is checked."""
        try:
            text = self._text("datapackage.json")
        except KeyError:
            self._contents.notes.append("no datapackage.json: no digests to check")
            return []
        except _ERRORS as error:
            self._fault("datapackage.json", f"cannot be read: {error}")
            return []
        try:
            own = json.loads(self._text("datapackage-digest.json"))
            self._compare(str(own.get("hash", "")), text, "datapackage.json")
            if own.get("signedData"):
                self._contents.notes.append("it is signed; the signature was not checked")
        except KeyError:
            self._contents.notes.append("no datapackage-digest.json")
        except (*_ERRORS, AttributeError) as error:
            self._fault("datapackage-digest.json", str(error))
        try:
            return _resources(json.loads(text))
        except ValueError as error:
            self._fault("datapackage.json", f"no JSON: {error}")
            return []

    def _take(self, name: str, resource: dict[str, Any] | None) -> bool:
        """Extract an entry that holds a WARC, or a WACZ with more of them."""
        nested = name.lower().endswith(".wacz")
        if not nested and not (_WARC_NAME.search(name) or name.startswith("archive/")):
            return False
        target = _free_name(self._folder, _plain_name(name))
        try:
            self._copy(name, target, resource)
        except _ERRORS as error:
            if isinstance(error, OSError) and not isinstance(error, EOFError) and error.errno:
                raise
            self._fault(name, f"cannot be read: {error}")
            self._copy_raw(name, target)
        if nested:
            _unpack(target, self._whole, self._folder / _plain_name(name).removesuffix(".wacz"), self._contents, self._depth + 1)
            target.unlink(missing_ok=True)
        elif target.exists() and target.stat().st_size:
            self._contents.warcs.append(target)
        return True

    def _copy(self, name: str, target: Path, resource: dict[str, Any] | None) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(target.parent).free < self._package.getinfo(name).file_size + _ROOM_BYTES:
            raise SetupError(f"{self._whole}: no room in {target.parent} to take {name} out of it")
        with self._package.open(name) as source, target.open("wb") as out:
            shutil.copyfileobj(source, out, _PIECE_BYTES)
        if resource:
            with target.open("rb") as copied:
                _check(resource, copied, name, self._whole, self._contents)

    def _copy_raw(self, name: str, target: Path) -> None:
        """Extract the bytes of a damaged entry that is not compressed, for partial reading."""
        info = self._package.getinfo(name)
        if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1:
            return
        with opened(self._file) as source, target.open("wb") as out:
            source.seek(info.header_offset)
            head = source.read(_LOCAL_HEAD_BYTES)
            source.seek(sum(struct.unpack("<HH", head[26:30])), 1)
            left = info.file_size
            while left and (piece := source.read(min(_PIECE_BYTES, left))):
                out.write(piece)
                left -= len(piece)

    def _checked(self, name: str, resource: dict[str, Any]) -> None:
        try:
            with self._package.open(name) as source:
                _check(resource, source, name, self._whole, self._contents)
        except _ERRORS as error:
            self._fault(name, f"cannot be read: {error}")

    def _pages(self, name: str) -> Iterator[PageEntry]:
        try:
            lines = self._text(name).decode("utf-8", "replace").splitlines()
        except _ERRORS as error:
            self._fault(name, f"cannot be read: {error}")
            return
        for line in lines:
            try:
                found = json.loads(line)
            except ValueError:
                continue
            if isinstance(found, dict) and isinstance(found.get("url"), str):
                title = found.get("title")
                yield PageEntry(url=found["url"], title=title if isinstance(title, str) else "", date=_date(found.get("ts")))

    def _text(self, name: str) -> bytes:
        if self._package.getinfo(name).file_size > MAX_LIST_BYTES:
            raise ValueError(f"{name} is larger than {MAX_LIST_BYTES} bytes")
        return self._package.read(name)

    def _compare(self, written: str, data: bytes, name: str) -> None:
        label, value = split_digest(written)
        algorithm = algorithm_of(label)
        if algorithm is None:
            self._contents.notes.append(f"{name}: digest not checked: algorithm {label[:40] or '(none)'}")
        elif not value:
            self._contents.notes.append(f"{name}: digest not checked: it has no value")
        elif not same_digest(value, hashlib.new(algorithm, data, usedforsecurity=False).digest()):
            self._fault(name, f"does not have its digest {written}")

    def _fault(self, name: str, what: str) -> None:
        self._contents.faults.append(Fault(path=self._whole, offset=0, what=f"{_inside(self._file, self._whole)}{name}: {what}"))


def _check(resource: dict[str, Any], source: IO[bytes], name: str, whole: Path, contents: Contents) -> None:
    """Compare an entry with the length and digest of its description."""
    label, value = split_digest(str(resource.get("hash") or ""))
    algorithm = algorithm_of(label) if value else None
    digest = hashlib.new(algorithm or "sha256", usedforsecurity=False)
    size = 0
    while piece := source.read(_PIECE_BYTES):
        digest.update(piece)
        size += len(piece)
    declared = resource.get("bytes")
    if isinstance(declared, int) and declared != size:
        contents.faults.append(Fault(path=whole, offset=0, what=f"{name}: {size} bytes, {declared} in datapackage.json"))
    if value and algorithm is None:
        contents.notes.append(f"{name}: digest not checked: algorithm {label[:40] or '(none)'}")
    elif label and not value:
        contents.notes.append(f"{name}: digest not checked: it has no value")
    elif value and not same_digest(value, digest.digest()):
        contents.faults.append(Fault(path=whole, offset=0, what=f"{name} does not have its digest {label}:{value}"))


def _resources(document: object) -> list[dict[str, Any]]:
    found = document.get("resources") if isinstance(document, dict) else None
    return [one for one in found if isinstance(one, dict) and _path_of(one)] if isinstance(found, list) else []


def _path_of(resource: dict[str, Any]) -> str:
    path = resource.get("path") or resource.get("url")
    return path if isinstance(path, str) else ""


def _date(ts: object) -> datetime | None:
    """A page's `ts`: W3C, 14 digits, or seconds or milliseconds since 1970."""
    if isinstance(ts, int | float) and not isinstance(ts, bool):
        try:
            return datetime.fromtimestamp(ts / 1000 if ts > _MILLISECONDS else ts, UTC)
        except (ValueError, OverflowError, OSError):
            return None
    return read_date(ts) if isinstance(ts, str) else None


def _plain_name(path: str) -> str:
    """The last part of an entry's name, without anything that leads elsewhere."""
    return PurePosixPath(path.replace("\\", "/")).name.replace("\0", "") or "unnamed"


def _free_name(folder: Path, name: str) -> Path:
    target, number = folder / name, 1
    while target.exists():
        number += 1
        target = folder / f"{number}-{name}"
    return target


def _inside(file: Path, whole: Path) -> str:
    return "" if file == whole else f"{file.name}: "
