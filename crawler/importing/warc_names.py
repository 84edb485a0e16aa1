"""Names of imported WARC files in a collection, unique by content."""

from __future__ import annotations

import re
from pathlib import Path

from crawler.archive_files.formats import kind_of
from crawler.collection.layout import WarcFile, elsewhere
from crawler.errors import SetupError
from crawler.storage.opening import sha256_of

MAX_NAME_BYTES = 180
_ENDS = (".warc.gz", ".warc", ".warc.gz.open")
_PACKING = re.compile(r"(?P<stem>.*?)(?:\.w?arc)?(?:\.gz|\.zst)?(?:\.open)?(?P<number>(?:\.\d{1,6})?)", re.IGNORECASE)
_ODD = re.compile(r"[\x00-\x1f\x7f*?\\/]|[^\x20-\U0010ffff]|[\ud800-\udfff]")


def name_in_collection(name: str, suffix: str) -> str:
    """Name a file's copy such that the collection finds it again.

    Args:
        suffix: `.warc.gz` or `.warc`, by content.

    >>> name_in_collection("UPPER.WARC.GZ", ".warc.gz"), name_in_collection("x.warc.gz.1", ".warc.gz"), name_in_collection("noext", ".warc")
    ('UPPER.warc.gz', 'x.1.warc.gz', 'noext.warc')
    """
    found = _PACKING.fullmatch(name)
    stem = f"{found['stem']}{found['number']}" if found else name
    stem = _ODD.sub("_", stem)
    if stem.startswith((".", "-")) or not stem:
        stem = f"_{stem[1:]}"
    while len(stem.encode()) > MAX_NAME_BYTES:
        stem = stem[:-1]
    return f"{stem}{suffix}"


def free_name(collection: Path, name: str, sha256: str) -> tuple[str, bool]:
    """Find a name that no file of other content has in a collection.

    Returns:
        The name, and whether a file of this content has it already.
    """
    stem, suffix = split_name(name)
    referred = {split_name(one.name)[0]: one for one in elsewhere(collection)}
    for candidate in (stem, *(f"{stem}-{sha256[:length]}" for length in (8, 16, 64))):
        own = (collection / "archive" / f"{candidate}{end}" for end in _ENDS)
        there = next((WarcFile(name=file.name, path=file) for file in own if file.exists()), referred.get(candidate))
        if there is None:
            return f"{candidate}{suffix}", False
        if there.path.exists() and sha256_of(there.path) == sha256:
            return there.name, True
    raise SetupError(f"{collection}: no free name for {name}")


def split_name(name: str) -> tuple[str, str]:
    """Split a WARC's name into stem and packing suffix.

    Two files of one stem would share one CDXJ.
    """
    suffix = next((end for end in (".warc.gz", ".warc") if name.lower().endswith(end)), "")
    return (name[: -len(suffix)], suffix) if suffix else (name, "")


def is_other_name(file: Path, name: str) -> bool:
    """Test if a name is not the one that a file would get."""
    return split_name(name)[0] != split_name(name_in_collection(file.name, split_name(name)[1]))[0]


def suffix_of(file: Path) -> str:
    """The suffix of a WARC by its content, `.warc.gz` or `.warc`."""
    return ".warc.gz" if kind_of(file) == "warc.gz" else ".warc"
