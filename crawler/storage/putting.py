"""Writing to a store: one PUT of a whole file with its SHA-256."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from crawler.errors import Damaged, SetupError, Unreachable
from crawler.storage.client import NotOffered, client, told
from crawler.storage.reading import StoreFile, patiently
from crawler.storage.store_path import StorePath, store_path

MOST_BYTES = 5 * 1024**3
"""Of one PUT, by Amazon's documentation; in parts, a store's checksum is one of checksums, which says nothing of the file's."""
_READ_BYTES = 1024 * 1024
_unconditional: set[str] = set()
"""Addresses below which the store knows no conditional PUT."""


class OtherContent(Damaged):
    """An object of another content has the address."""

    def __init__(self, address: StorePath, sha256: str, wanted: str) -> None:
        what = f"an object of another content lies there (SHA-256 {sha256}, not {wanted}): nothing was overwritten; see docs/storage.md"
        super().__init__(address, 0, what)


def put_once(file: Path, address: StorePath, sha256: str) -> bool:
    """Put a file where there is none; one that is there must be equal.

    Args:
        sha256: Of the file, lower-case hex; sent along, for stores that check it.
    Returns:
        True if it was put, False if it was there already.
    Raises:
        OtherContent: An object of another content lies there.
        SetupError, Unreachable: As `client.told`.
    """
    address.forget()
    if not address.exists():  # asked first, since some stores overwrite whatever condition is named
        try:
            _put_where_none_is(file, address, sha256)
            return True
        except FileExistsError:
            pass  # another's, or ours, of which the answer was lost
        finally:
            address.forget()
    found = _sha256_there(address)
    if found != sha256:
        raise OtherContent(address, found, sha256)
    return False


def put_over(file: Path, address: StorePath) -> None:
    """Put a file that changes with time, in place of the one of before.

    Raises:
        OSError, SetupError, Unreachable: As `client.told`.
    """
    with file.open("rb") as source:
        sha256 = hashlib.file_digest(source, "sha256").hexdigest()
    _put(file, address, sha256, {})
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


def _md5() -> hashlib._Hash:
    return hashlib.md5(usedforsecurity=False)


def _sha256_there(address: StorePath) -> str:
    try:
        return read_back(address)
    except FileNotFoundError as error:  # refused as if it were there: another's PUT is under way
        raise Unreachable(str(address), "it is being written") from error


def _put_where_none_is(file: Path, address: StorePath, sha256: str) -> None:
    if str(address.parent) not in _unconditional:
        try:
            _put(file, address, sha256, {"IfNoneMatch": "*"})
            return
        except NotOffered:  # Swift 2.30: then it must do that it was asked whether something is there
            _unconditional.add(str(address.parent))
    _put(file, address, sha256, {})


def _put(file: Path, address: StorePath, sha256: str, condition: dict[str, str]) -> None:
    """PUT a file with its SHA-256 and its MD5: some stores check only one."""
    checksum = base64.b64encode(bytes.fromhex(sha256)).decode()
    size = file.stat().st_size
    with file.open("rb") as source:
        md5 = base64.b64encode(hashlib.file_digest(source, _md5).digest()).decode()

    def once() -> None:
        # Streamed from the disk: the SDK reads it in pieces, once for the signature and once to send it.
        with file.open("rb") as body, told(str(address)):
            client().put_object(
                Bucket=address.bucket, Key=address.key, Body=body, ContentLength=size, ChecksumSHA256=checksum, ContentMD5=md5,
                **condition
            )  # fmt: skip

    patiently(str(address), once)
