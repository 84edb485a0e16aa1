"""Second step: what shards read of captures, filed as if it were read here."""

from __future__ import annotations

from typing import Literal

from crawler.collection.ingest import lease_for
from crawler.collection.revisits import NO_ORIGINAL
from crawler.coverage.writing import announce
from crawler.gathering.adding import failure_of
from crawler.gathering.facts import Facts
from crawler.index.index import Filed, Index
from crawler.index.stories import show_beginning, show_face
from crawler.items import Capture, Listing
from crawler.schema.compare_stories import compare_story, note_listed

Done = Literal["filed", "again", "left"]
"""Filed; to be filed again behind the others (it shows what another shows, which is not filed yet); to be read here, or later."""
_SETTLED = ("read", "not-a-story")


def file_facts(index: Index, capture: Capture, facts: Facts) -> Done:
    """File what a shard has of a capture, inside a transaction.

    Args:
        capture: As it is in this index, its revisit resolved over all shards.
    """
    _fail(index, capture, facts)
    rivalry = _rivalry(index, capture, facts)
    if _is_left(facts) or _is_read_elsewhere(index, capture, facts) or rivalry == "gave way to others":
        return "left"
    if rivalry == "may give way" and not index.give_way(capture):
        index.set_read_state(capture.record_id, "unreadable", facts.reader_version)
        return "filed"
    index.set_read_state(capture.record_id, facts.read_state, facts.reader_version)
    filed = _file_content(index, capture, facts)
    for story in {capture.story, filed.story if filed else None} - {None} if capture.role != "requisite" else ():
        compare_story(index.conn, str(story), capture.host)
    return "again" if filed is None and _shows_another(capture, facts) else "filed"


def _is_left(facts: Facts) -> bool:
    """Test if a capture was not read, or cannot be filed as read."""
    no_original = any(row["reason"] == NO_ORIGINAL for row in facts.failures)
    return facts.read_state == "unread" or no_original or (facts.version is not None and not facts.version.whole)


def _is_read_elsewhere(index: Index, capture: Capture, facts: Facts) -> bool:
    """Test if the shard read a revisit by another original than ours."""
    if capture.record_type != "revisit" or capture.status == 304:
        return False
    return not facts.is_read_of(index.capture(capture.revisit_of) if capture.revisit_of is not None else None)


def _shows_another(capture: Capture, facts: Facts) -> bool:
    """Test if a capture shows what another one does, and nothing by itself."""
    return facts.shown is not None or (capture.status == 304 and capture.story is not None and capture.revisit_of is not None)


def _fail(index: Index, capture: Capture, facts: Facts) -> None:
    """Add the failures of a capture, but for those that depend on the other files."""
    for row in facts.failures:
        if row["reason"] != NO_ORIGINAL:
            index.add_failure(failure_of(row, capture.record_id))


def _rivalry(index: Index, capture: Capture, facts: Facts) -> Literal["none", "may give way", "gave way to others"]:
    """Compare the attempts to which a capture belongs with those that its shard knew.

    Two workers have asked for one address at one time; of their attempts one series has become, or of one series two.
    """
    if not (capture.is_cut or (capture.attempt > 1 and not facts.failures)):
        return "none"
    if {one.date for one in index.series_of(capture)} == facts.series(capture):
        return "none"
    if facts.read_state == "unreadable":
        return "gave way to others"
    return "may give way" if facts.read_state in _SETTLED and facts.may_replace else "none"


def _file_content(index: Index, capture: Capture, facts: Facts) -> Filed | None:
    if (imprint := facts.imprint) is not None:
        index.add_imprint(capture, imprint)
    if facts.listed is not None:
        note_listed(index.conn, capture.record_id, facts.listed)
    links = facts.links()
    if links:
        index.add_links(capture.record_id, links)
    filed = _file_article(index, capture, facts)
    if facts.told is not None:
        index.deny(capture, facts.told)
    if links and (facts.read_state == "read" or facts.is_web_list):
        announce(index, Listing(lease=lease_for(capture), capture=capture, links=links, kind="feed" if facts.is_web_list else None))
    return filed


def _file_article(index: Index, capture: Capture, facts: Facts) -> Filed | None:
    if capture.status == 304:
        return index.sight_again(capture, capture.revisit_of) if capture.story and capture.revisit_of else None
    if (page := facts.page) is not None:
        article, further = page
        return index.file_article(capture, article, reader_version=facts.reader_version, further=further)
    version = facts.version
    if version is None:
        return None
    if facts.shown is not None:
        return show_beginning(index.conn, capture, str(version.article.story), version.text.part(facts.shown))
    filed = index.file_article(capture, version.article, reader_version=version.reader_version)
    if facts.face is not None:
        show_face(index.conn, capture, facts.face)
    return filed

