"""The newest stories, each with its first picture."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from crawler.index.index import Index

_DATED = "SELECT id FROM stories WHERE published <= ? AND versions > 0 ORDER BY published DESC LIMIT ?"
_UNDATED = "SELECT id FROM stories WHERE published IS NULL AND versions > 0 ORDER BY first_seen DESC LIMIT ?"
_STORY = (
    "SELECT s.id AS story_id, s.site, s.published, s.first_seen, s.state, s.versions, v.id AS version_id, v.headline, v.deck, v.language,"
    " v.section FROM stories s JOIN versions v ON v.story_id = s.id WHERE s.id = ? ORDER BY v.n DESC LIMIT 1"
)
_PICTURE = (
    "SELECT c.record_id, i.caption, i.alt, i.credit FROM images i JOIN captures c ON c.id = i.capture_id"
    " WHERE i.version_id = ? AND c.state = 'ok' ORDER BY i.n LIMIT 1"
)


@frozen(kw_only=True)
class NewStory:
    """A story in the list of the newest."""

    story_id: str
    site: str
    published: str | None
    first_seen: str | None
    state: str | None
    versions: int
    headline: str | None
    deck: str | None
    language: str | None
    section: str | None
    picture: str | None
    """record_id of the first archived picture."""
    caption: str | None
    alt: str | None
    credit: str | None


def newest_stories(index: Index, *, limit: int, until: str) -> list[NewStory]:
    """List the stories that were published last, undated ones behind them.

    Args:
        until: Date of the last capture: what claims to be published more than a day later has its date wrong.
    """
    latest = (datetime.fromisoformat(until).astimezone(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    ids = [row["id"] for row in index.query(_DATED, [latest, limit])]
    if len(ids) < limit:
        ids += [row["id"] for row in index.query(_UNDATED, [limit - len(ids)])]
    return [_of(index, one) for one in ids]


def _of(index: Index, story_id: str) -> NewStory:
    values = dict(index.query(_STORY, [story_id])[0])
    pictures = index.query(_PICTURE, [values.pop("version_id")])
    picture = dict(pictures[0]) if pictures else {"record_id": None, "caption": None, "alt": None, "credit": None}
    return NewStory(**values, picture=picture.pop("record_id"), **picture)
