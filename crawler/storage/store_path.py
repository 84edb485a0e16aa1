"""`StorePath`: the address of an object in a store, read as a file is."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path, PosixPath
from typing import Any

from crawler.errors import SetupError

SCHEME = "s3://"
_ADDRESS = re.compile(r"s3://(?P<bucket>[A-Za-z0-9][A-Za-z0-9._-]{1,254})(?:/(?P<key>.*))?", re.DOTALL)


class StorePath(PosixPath):
    """`s3://BUCKET/KEY` as a path for reading; made by `store_path`.

    >>> where = store_path("s3://bucket/news/archive/a.warc.gz")
    >>> str(where), where.name, where.bucket, where.key, str(where.parent / "b")
    ('s3://bucket/news/archive/a.warc.gz', 'a.warc.gz', 'bucket', 'news/archive/a.warc.gz', 's3://bucket/news/archive/b')
    """

    __slots__ = ()

    def __str__(self) -> str:
        return SCHEME + "/".join(self.parts[1:])

    @property
    def bucket(self) -> str:
        """Name of the bucket."""
        return self.parts[1]

    @property
    def key(self) -> str:
        """Key within the bucket."""
        return "/".join(self.parts[2:])

    def open(self, mode: str = "r", *_: Any, **__: Any) -> Any:
        """Open for reading bytes; nothing is written by way of a path."""
        if mode != "rb":
            raise OSError(errno.EROFS, "objects of a store are only read", str(self))
        from crawler.storage.reading import StoreFile  # only where there is a store

        return StoreFile(str(self), self.bucket, self.key)

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """Size and time of the object; the inode tells two contents of one address apart."""
        from crawler.storage.reading import about

        found = about(str(self), self.bucket, self.key)
        inode = hash((found.tag, found.size)) & 0x7FFFFFFF
        return os.stat_result((stat.S_IFREG | 0o444, inode, 0, 1, 0, 0, found.size, found.changed, found.changed, found.changed))

    def exists(self, *, follow_symlinks: bool = True) -> bool:
        """Return True if there is such an object."""
        try:
            self.stat()
        except FileNotFoundError:
            return False
        return True

    def is_file(self, *, follow_symlinks: bool = True) -> bool:
        """As `exists`."""
        return self.exists()

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        """Return False: a store has no folders."""
        return False

    def is_fifo(self) -> bool:
        """Return False."""
        return False

    def resolve(self, strict: bool = False) -> StorePath:
        """Return the address itself: nothing links."""
        return self

    def absolute(self) -> StorePath:
        """Return the address itself."""
        return self

    def expanduser(self) -> StorePath:
        """Return the address itself."""
        return self

    def listed(self) -> Iterator[StorePath]:
        """Yield the objects below this address, by key."""
        from crawler.storage.client import client, told

        with told(str(self)):
            prefix = f"{self.key}/" if self.key else ""
            for page in client().get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix):
                for one in page.get("Contents", ()):
                    if not one["Key"].endswith("/"):
                        yield store_path(f"{SCHEME}{self.bucket}/{one['Key']}")

    def forget(self) -> None:
        """Have size and bytes asked for anew: the object is written just now."""
        from crawler.storage.reading import forget

        forget(str(self))


def is_address(where: str | Path) -> bool:
    """Tell whether a text names something in a store."""
    return isinstance(where, StorePath) or str(where).lower().startswith(SCHEME)


def store_path(text: str) -> StorePath:
    """The address in a text.

    Raises:
        SetupError: It is none, or one that could not be told from another.
    """
    found = _ADDRESS.fullmatch(text.rstrip("/"))
    path = StorePath("s3:", found["bucket"], found["key"] or "") if found else None
    if path is None or str(path) != text.rstrip("/") or ".." in path.parts:
        raise SetupError(f"{text}: s3://BUCKET/KEY is meant, without empty parts, `.` and `..` between its slashes")
    return path


def place_of(where: str | Path) -> Path:
    """The path, or the address in a store, that a text names."""
    if isinstance(where, Path):
        return where
    return store_path(where) if is_address(where) else Path(where)
