"""Export a selection of a collection in one of the formats."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal

from attrs import Factory, evolve, frozen

from crawler.errors import NothingSelected, Usage
from crawler.index.index import Index
from crawler.interchange.citing import Citing
from crawler.interchange.output import STDOUT, check_place, output_file, output_folder
from crawler.subsets.outcome import Outcome, Tell, tell_nobody
from crawler.subsets.selection import Selection

if TYPE_CHECKING:
    from crawler.interchange.wacz_signature import SigningKey

Writer = Callable[[BinaryIO, Index, Selection, Outcome, Tell], None]
FolderWriter = Callable[[Path, Index, Selection, Outcome, Tell], None]
Shape = Literal["stream", "file", "folder"]


SHAPES: dict[str, Shape] = {
    "wacz": "file", "warc": "stream", "cdxj": "stream", "jsonl": "stream", "csv": "stream", "parquet": "folder", "bag": "folder",
    "atom": "stream", "ris": "stream", "csl-json": "stream", "zipnum": "folder",
    "opensearch": "folder",
}  # fmt: skip
"""Shape of each format, by the name of its option.

A stream may go to standard output; a file has to be sought in; a folder holds several.
"""


@frozen(kw_only=True)
class Asked:
    """An export as it is asked for."""

    collection: Path
    format: str
    place: str
    """A path, or `-` for standard output."""
    selection: Selection = Factory(Selection)
    force: bool = False
    """Replace an earlier export of that name."""
    bom: bool = False
    """Of CSV: begin with a byte order mark."""
    citing: Citing = Factory(Citing)
    """Of citations and feeds: names that the index does not hold."""
    key_file: Path | None = None
    """Of WACZ: PEM file of the key that signs."""

    @property
    def scratch(self) -> Path:
        """Folder for what does not fit into memory: that of the output."""
        return Path(tempfile.gettempdir()) if self.place == STDOUT else Path(self.place).expanduser().absolute().parent

    @property
    def key(self) -> SigningKey | None:
        """The key that signs.

        Raises:
            SetupError: It cannot be read.
        """
        if self.key_file is None:
            return None
        from crawler.interchange.wacz_signature import SigningKey

        return SigningKey.read(self.key_file)


def check_format(name: str, place: str, *, force: bool) -> None:
    """Check before the index is read that a format can be written to a place.

    Raises:
        Usage: It cannot be sent to standard output.
        SetupError: As `check_place`.
    """
    shape = SHAPES[name]
    if place == STDOUT and shape != "stream":
        raise Usage(f"--{name}: makes a {shape}, which cannot go to standard output; name one")
    check_place(place, force=force, folder=shape == "folder")


def export(asked: Asked, index: Index, tell: Tell = tell_nobody) -> Outcome:
    """Write an export; it is there as a whole or not at all.

    Args:
        index: Of the collection, in a snapshot of one moment.
    Raises:
        SetupError, WriteFailed: From the output.
    """
    check_format(asked.format, asked.place, force=asked.force)
    outcome = Outcome()
    if SHAPES[asked.format] == "folder":
        with output_folder(asked.place, force=asked.force) as folder:
            _folder_writer(asked)(folder, index, asked.selection, outcome, tell)
            _check_something(asked, outcome)
        return outcome
    with output_file(asked.place, force=asked.force) as out:
        _stream_writer(asked)(out, index, asked.selection, outcome, tell)
        _check_something(asked, outcome)
    return outcome


def _stream_writer(asked: Asked) -> Writer:
    """Writer of a format that is one stream; imported when it is asked for."""
    match asked.format:
        case "csv":
            from crawler.interchange.spreadsheet import write_csv

            return partial(write_csv, bom=asked.bom)
        case "atom" | "ris" | "csl-json":
            return _citation_writer(asked)
        case "cdxj":
            from crawler.interchange.capture_index import write_cdxj

            return partial(write_cdxj, folder=asked.scratch)
        case "warc":
            from crawler.subsets.warc_subset import write_warc

            name = Path(asked.place).name if asked.place != STDOUT else f"{asked.collection.name}.warc.gz"
            return partial(write_warc, collection=asked.collection, name=name, folder=asked.scratch)
        case "wacz":
            from crawler.interchange.wacz import WaczOptions, write_wacz

            return partial(write_wacz, options=WaczOptions(collection=asked.collection, folder=asked.scratch, key=asked.key))
        case _:
            from crawler.interchange.json_lines import write_jsonl

            return write_jsonl


def _citation_writer(asked: Asked) -> Writer:
    from crawler.interchange import citations
    from crawler.interchange.story_feed import write_story_feed

    citing = evolve(asked.citing, collection=asked.collection.name)
    writers = {"ris": citations.write_ris, "csl-json": citations.write_csl_json, "atom": write_story_feed}
    return partial(writers[asked.format], citing=citing)


def _folder_writer(asked: Asked) -> FolderWriter:
    """Writer of a format that is a folder; as `_stream_writer`."""
    if asked.format == "bag":
        from crawler.interchange.bag import Bagging, write_bag

        return partial(write_bag, bagging=Bagging(collection=asked.collection, operator=asked.citing.author))
    if asked.format == "opensearch":
        from crawler.interchange.opensearch import write_opensearch

        return partial(write_opensearch, collection=asked.collection.name)
    from crawler.interchange.parquet import write_parquet

    return partial(write_parquet, collection=asked.collection.name)


def _check_something(asked: Asked, outcome: Outcome) -> None:
    """Refuse to leave a file without anything in it.

    Raises:
        NothingSelected: Nothing was written.
    """
    if sum(outcome.counts.values()):
        return
    if outcome.left_out:
        first = outcome.left_out[0]
        raise NothingSelected(f"nothing could be exported of {asked.selection.words}: {len(outcome.left_out)} left out, the first: {first}")
    raise NothingSelected(f"nothing selected: {asked.collection.name} holds nothing for {asked.selection.words}; no file was made")
