"""CDXJ: one sorted line a capture, by address and date, for replay tools.

Source: the format that cdxj-indexer and pywb write and read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from crawler.items import Capture
from crawler.urls import surt
from crawler.warc.headers import write_timestamp
from crawler.warc.output_file import write_file


def line(capture: Capture) -> str:
    """The CDXJ line of one capture, without a line end."""
    url = capture.via or capture.url
    fields = {
        # A copy from a web archive is a record of the archive's address.
        "url": url,
        "mime": "warc/revisit" if capture.record_type == "revisit" else capture.mime,
        # Of a page without an HTTP head it only stands in.
        "status": str(capture.status) if capture.status is not None and capture.record_type in ("response", "revisit") else None,
        "digest": capture.payload_digest,
        "length": str(capture.length),
        "offset": str(capture.offset),
        "filename": capture.warc,
    }
    # pywb and cdxj-indexer leave out the brackets of an IPv6 host, and look it up so.
    key = surt(url)
    key = key.replace("[", "", 1).replace("]", "", 1) if key.startswith("[") else key
    told = [(name, value) for name, value in fields.items() if value is not None]
    values = "".join([value for _, value in told])
    if values.isascii() and values.isprintable() and '"' not in values and "\\" not in values:
        text = "{" + ", ".join([f'"{name}": "{value}"' for name, value in told]) + "}"
    else:
        text = json.dumps(dict(told))
    return f"{key} {write_timestamp(capture.date)} {text}"


def place(indexes: Path, warc: str) -> Path:
    """Path of the CDXJ of a WARC."""
    return indexes / f"{warc.removesuffix('.gz').removesuffix('.warc')}.cdxj"


def write(indexes: Path, warc: str, unsorted: Iterable[str]) -> Path:
    """Write `indexes/WARC.cdxj`, sorted by bytes, whole or not at all.

    Raises:
        WriteFailed: The disk did not take it.
    """
    path = place(indexes, warc)
    write_file(path, (f"{text}\n".encode() for text in sorted(unsorted, key=str.encode)))
    return path
