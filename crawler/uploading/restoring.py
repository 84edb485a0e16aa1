"""Restore a collection from its store: its folder, without the WARCs, which stay there."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from attrs import frozen

from crawler.collection import layout
from crawler.collection.collection import Collection
from crawler.errors import SetupError
from crawler.storage.store_path import store_path
from crawler.uploading.beside import get_beside


@frozen(kw_only=True)
class Restored:
    """Counts of what a store holds of a collection."""

    warcs: int
    fresh: int
    """WARCs that the collection did not know."""
    beside: int
    """Other files that were fetched."""


def restore(path: Path, store: str) -> Restored:
    """Make the folder of a lost collection, referring to its WARCs in the store.

    Nothing here is replaced; `rebuild` then makes the index.

    Raises:
        SetupError: The store holds nothing of a collection of this name, or refuses.
        Unreachable: It does not answer.
        CollectionLocked: A crawl is writing.
    """
    folder = store_path(f"{store.rstrip('/')}/{path.name}")
    there = {one.name: str(one) for one in store_path(f"{folder}/archive").listed() if one.name.endswith((".warc.gz", ".warc"))}
    if not there:
        raise SetupError(f"{folder}: no WARC of a collection {path.name!r} is there")
    layout.make_folders(path)
    with closing(Collection.hold(path)):
        known = {file.name for file in layout.warc_files(path)}
        fresh = {name: address for name, address in there.items() if name not in known}
        layout.refer_stored(path, fresh, own=True)
        beside = get_beside(path, folder)
        layout.write_layout(path, path.name)
    return Restored(warcs=len(there), fresh=len(fresh), beside=beside)
