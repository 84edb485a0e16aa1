"""Parts of WARCs, filed into an index, and what differs from one that a rebuild makes of the same files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from foreign_warcs import answer, record, story, write

from crawler.index.index import Index
from crawler.maintenance.compare import Comparison
from crawler.maintenance.fill_index import restore_frontier
from crawler.maintenance.reindex import rebuild
from crawler.parsers.encoding.content_coding import LIMITS
from crawler.processing.name_of_readers import name_of_readers
from crawler.processing.parse_again import Readers
from crawler.rereading.filing import file_parts
from crawler.rereading.places import places_of
from crawler.rereading.read_warc import ReadOptions, close_readers
from crawler.rereading.reread import Reread, reread
from crawler.workers.pool import Workers
from crawler.workers.worker import JobLimits


class Here:
    """An engine that runs tasks in this process, one after the other."""

    def run(self, function, tasks, tell):  # type: ignore[no-untyped-def]
        """As `Engine.run`."""
        return [function(task) for task in tasks]

    def close(self) -> None:
        """As `Engine.close`."""


def parts_of(words: Sequence[Path | str], out: Path, *, folders: tuple[str, ...] = (), again: bool = False) -> Reread:
    """Read WARCs into a folder of parts, in this process."""
    places, _ = places_of([str(word) for word in words], out.parent)
    options = ReadOptions(folders=folders)
    try:
        return reread(places, out, Here(), options=options, readers=name_of_readers(folders, LIMITS), again=again)
    finally:
        close_readers()


@contextmanager
def rebuilt(path: Path, *, folders: tuple[str, ...] = ()) -> Iterator[None]:
    """Make the index of a collection by `scrapy reindex`."""
    with closing(Readers(workers=Workers(JobLimits(workers=1)), folders=folders)) as readers:
        rebuild(path, readers)
        yield


def differences(path: Path, out: Path, file: Path, *, folders: tuple[str, ...] = ()) -> list[str]:
    """What an index of the parts has that a collection's own has not, and the other way round."""
    with Index.open(file) as index:
        filed = file_parts(index, out, folders=folders)
        with index.atomic():
            restore_frontier(index, queue=True, sent_on=filed.sent_on)
    comparison = Comparison.of(path / "index.db", file)
    with closing(comparison.conn):
        found = [f"{one.table} {' '.join(map(str, one.key))}: {one.what}" for one in comparison.differences()]
        sql = "SELECT o.record_id FROM main.captures o JOIN fresh.captures n USING (record_id) WHERE o.reader_version IS NOT n.reader_version"
        return found + [f"captures {row[0]}: other readers" for row in comparison.conn.execute(sql)]


HARM = """
import os
from crawler.parsers.document.selectors import NOTHING, css
from crawler.sites.site import Mirror, Site, Template

def headline(page):
    if "poison" in page.text:
        os._exit(9)
    if "greed" in page.text:
        return "x" * (1 << 40)
    return css("h1")(page)

SITE = Site(
    name="harm", title="Harm", language="en", mirrors=(Mirror(host="courier.example", scheme="http"),),
    stories=(r"^/(?P<id>\\d+)$",), templates=(Template(name="plain", mark=css("h1"), headline=headline, blocks=NOTHING),),
)
"""
"""A site file by whose reader one page ends its process, and another takes all memory."""


def harmful(folder: Path) -> tuple[Path, list[Path]]:
    """A folder with that site file, and three WARCs of its pages: one of either kind, and four that are read."""
    sites = folder / "sites"
    sites.mkdir(parents=True)
    (sites / "harm.py").write_text(HARM)
    titles = (("ship", "poison", "ferry"), ("greed", "pier"), ("boat",))
    warcs = [
        write(
            folder / "warcs" / f"{n}.warc.gz",
            *(record(answer(story(title)), f"/{10 * n + at}", n=10 * n + at) for at, title in enumerate(these, 1)),
        )
        for n, these in enumerate(titles, 1)
    ]
    return sites, warcs
