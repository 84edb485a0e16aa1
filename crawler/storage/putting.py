"""Writing to a store: one PUT of a whole file with its SHA-256."""

from __future__ import annotations

import base64
import hashlib
import io
from pathlib import Path

from attrs import frozen

from crawler.errors import Damaged, SetupError, Unreachable
from crawler.storage.client import NotOffered, client, told
from crawler.storage.reading import StoreFile, patiently
from crawler.storage.store_path import StorePath, store_path

MOST_BYTES = 5 * 1024**3
"""Of one PUT, by Amazon's documentation; in parts, a store's checksum is one of checksums, which says nothing of the file's."""
_READ_BYTES = 1024 * 1024
_PIECE_BYTES = 256 * 1024
_unconditional: set[str] = set()
"""Addresses below which the store knows no conditional PUT."""


class OtherContent(Damaged):
    """An object of another content has the address."""

    def __init__(self, address: StorePath, sha256: str, wanted: str) -> None:
        what = f"an object of another content lies there (SHA-256 {sha256}, not {wanted}): nothing was overwritten; see docs/storage.md"
        super().__init__(address, 0, what)


@frozen(kw_only=True)
class Sums:
    """Digests of a file, lower-case hex: some stores check the one, some the other."""

    sha256: str
    md5: str


def sums_of(file: Path) -> Sums:
    """Read a file once for its digests."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    with file.open("rb") as source:
        while piece := source.read(_READ_BYTES):
            sha256.update(piece)
            md5.update(piece)
    return Sums(sha256=sha256.hexdigest(), md5=md5.hexdigest())


def put_once(file: Path, address: StorePath, sums: Sums) -> bool:
    """Put a file where there is none; one that is there must be equal.

    Args:
        sums: Of the file; sent along.
    Returns:
        True if it was put, False if it was there already.
    Raises:
        OtherContent: An object of another content lies there.
        SetupError, Unreachable: As `client.told`.
    """
    address.forget()
    if not address.exists():  # asked first, since some stores overwrite whatever condition is named
        try:
            _put_where_none_is(file, address, sums)
            return True
        except FileExistsError:
            pass  # another's, or ours, of which the answer was lost
        finally:
            address.forget()
    found = _sha256_there(address)
    if found != sums.sha256:
        raise OtherContent(address, found, sums.sha256)
    return False


def put_over(file: Path, address: StorePath) -> None:
    """Put a file that changes with time, in place of the one of before.

    Raises:
        OSError, SetupError, Unreachable: As `client.told`.
    """
    _put(file, address, sums_of(file), {})
    address.forget()


def read_back(address: StorePath) -> str:
    """SHA-256 of an object, read whole from the store.

    Raises:
        FileNotFoundError, SetupError, Unreachable: As `client.told`.
    """
    address.forget()
    sha256 = hashlib.sha256()
    with StoreFile(str(address), address.bucket, address.key, kept=False) as file:
        while piece := file.read(_READ_BYTES):
            sha256.update(piece)
    return sha256.hexdigest()


def check_store(text: str) -> StorePath:
    """The address of ARCHIVE_STORE, once its bucket has answered.

    Raises:
        SetupError: It is no address, there is no such bucket, or it may not be listed.
        Unreachable: The store does not answer.
    """
    address = store_path(text)
    try:
        with told(str(address)):
            client().list_objects_v2(Bucket=address.bucket, Prefix=f"{address.key}/" if address.key else "", MaxKeys=1)
    except FileNotFoundError as error:
        raise SetupError(f"{address}: there is no such bucket") from error
    return address


class _Body(io.FileIO):
    """A file read in larger pieces than the 8 KiB of http.client."""

    def __init__(self, file: Path) -> None:
        super().__init__(file)

    def read(self, size: int | None = -1) -> bytes:
        """At least `_PIECE_BYTES`, if there are so many."""
        return super().read(size if size is None or size < 0 else max(size, _PIECE_BYTES)) or b""


def _sha256_there(address: StorePath) -> str:
    try:
        return read_back(address)
    except FileNotFoundError as error:  # refused as if it were there: another's PUT is under way
        raise Unreachable(str(address), "it is being written") from error


def _put_where_none_is(file: Path, address: StorePath, sums: Sums) -> None:
    if str(address.parent) not in _unconditional:
        try:
            _put(file, address, sums, {"IfNoneMatch": "*"})
            return
        except NotOffered:  # Swift 2.30: then it must do that it was asked whether something is there
            _unconditional.add(str(address.parent))
    _put(file, address, sums, {})


def _put(file: Path, address: StorePath, sums: Sums, condition: dict[str, str]) -> None:
    sha256, md5 = (base64.b64encode(bytes.fromhex(one)).decode() for one in (sums.sha256, sums.md5))
    size = file.stat().st_size

    def once() -> None:
        # Streamed from the disk: the SDK reads it in pieces, once for the signature and once to send it.
        with _Body(file) as body, told(str(address)):
            client().put_object(
                Bucket=address.bucket, Key=address.key, Body=body, ContentLength=size, ChecksumSHA256=sha256, ContentMD5=md5,
                **condition
            )  # fmt: skip

    patiently(str(address), once)
