"""Totals of an index, kept up by triggers: `scrapy stats` counts no rows."""

from __future__ import annotations

TOTALS_TABLES = (
    """
CREATE TABLE totals ( -- Figures of `scrapy stats`, kept up by triggers: one row.
    id INTEGER PRIMARY KEY CHECK (id = 1), -- Always 1.
    captures INTEGER NOT NULL, -- Rows of captures.
    revisits INTEGER NOT NULL, -- Those with `revisit_of`.
    lost INTEGER NOT NULL, -- Those in state `lost`.
    unread INTEGER NOT NULL, -- Those with read_state `unread`.
    response_bytes INTEGER NOT NULL, -- Bytes in WARCs of those that are no revisits.
    stories INTEGER NOT NULL, -- Rows of stories.
    versions INTEGER NOT NULL, -- Sum of stories.versions.
    stories_changed INTEGER NOT NULL, -- Stories of more than one version.
    stories_live INTEGER NOT NULL, -- Stories in state `live`.
    stories_gone INTEGER NOT NULL, -- Stories in state `gone`.
    stories_moved INTEGER NOT NULL, -- Stories in state `moved`.
    stories_never_seen INTEGER NOT NULL, -- Stories without a version.
    pictures INTEGER NOT NULL, -- Images of the newest version of each story.
    pictures_with_caption INTEGER NOT NULL, -- Those with a caption.
    pictures_with_credit INTEGER NOT NULL, -- Those with a credit.
    pictures_archived INTEGER NOT NULL -- Those with an archived picture.
)""",
    """
CREATE TABLE tallies ( -- Rows by a word, kept up by triggers.
    kind TEXT NOT NULL, -- `failures` by reason, or `versions` by template.
    name TEXT NOT NULL, -- The word; empty for none.
    count INTEGER NOT NULL, -- How many rows.
    PRIMARY KEY (kind, name)
) WITHOUT ROWID""",
)

_CAPTURE = {
    "captures": "1",
    "revisits": "({row}.revisit_of IS NOT NULL)",
    "lost": "({row}.state = 'lost')",
    "unread": "({row}.read_state = 'unread')",
    "response_bytes": "iif({row}.revisit_of IS NULL, {row}.length, 0)",
}
_STORY = {
    "stories": "1",
    "versions": "{row}.versions",
    "stories_changed": "({row}.versions > 1)",
    "stories_live": "({row}.state IS 'live')",
    "stories_gone": "({row}.state IS 'gone')",
    "stories_moved": "({row}.state IS 'moved')",
    "stories_never_seen": "({row}.versions = 0)",
}
_IMAGE = {
    "pictures": "1",
    "pictures_with_caption": "({row}.caption IS NOT NULL)",
    "pictures_with_credit": "({row}.credit IS NOT NULL)",
    "pictures_archived": "({row}.capture_id IS NOT NULL)",
}
_NEWEST = "(SELECT newest FROM stored_versions WHERE id = {row}.version_id)"


def _change(figures: dict[str, str], *, less: bool, more: bool) -> str:
    """SQL: take the old row out of the totals, and count the new one."""
    sets = [
        f"{name} = {name}{f' - {one}' * less}{f' + {other}' * more}"
        for name, value in figures.items()
        if (one := value.format(row="OLD")) != (other := value.format(row="NEW")) or less != more
    ]
    return f"UPDATE totals SET {', '.join(sets)}"


def _triggers(table: str, figures: dict[str, str], columns: str, only: str = "1") -> tuple[str, ...]:
    new, old = only.format(row="NEW"), only.format(row="OLD")
    return (
        f"CREATE TRIGGER {table}_counted AFTER INSERT ON {table} WHEN {new} BEGIN {_change(figures, less=False, more=True)}; END",
        f"CREATE TRIGGER {table}_uncounted AFTER DELETE ON {table} WHEN {old} BEGIN {_change(figures, less=True, more=False)}; END",
        f"CREATE TRIGGER {table}_recounted AFTER UPDATE OF {columns} ON {table} WHEN {new}"
        f" BEGIN {_change(figures, less=True, more=True)}; END",
    )


def _tally(table: str, column: str, kind: str) -> tuple[str, ...]:
    add = (
        "INSERT INTO tallies VALUES ('{kind}', coalesce({row}.{column}, ''), {by})"
        " ON CONFLICT (kind, name) DO UPDATE SET count = count + {by};"
        " DELETE FROM tallies WHERE kind = '{kind}' AND name = coalesce({row}.{column}, '') AND count = 0;"
    )
    more, less = (add.format(kind=kind, row=row, column=column, by=by) for row, by in (("NEW", 1), ("OLD", -1)))
    return (
        f"CREATE TRIGGER {kind}_tallied AFTER INSERT ON {table} BEGIN {more} END",
        f"CREATE TRIGGER {kind}_untallied AFTER DELETE ON {table} BEGIN {less} END",
        f"CREATE TRIGGER {kind}_retallied AFTER UPDATE OF {column} ON {table}"
        f" WHEN NEW.{column} IS NOT OLD.{column} BEGIN {less} {more} END",
    )


def _sum(figures: dict[str, str], rows: str) -> str:
    """SQL: totals over rows named `t`, as columns."""
    sums = (f"coalesce(sum({value.format(row='t')}), 0)" for value in figures.values())
    return f"SELECT {', '.join(sums)} FROM {rows}"


def _of_version(sign: str) -> str:
    """SQL: add or take away the images of a version."""
    sums = ", ".join(f"{name} + {sign} * coalesce(sum({value.format(row='t')}), 0)" for name, value in _IMAGE.items())
    row = "OLD" if sign.startswith("-") else "NEW"
    return f"UPDATE totals SET ({', '.join(_IMAGE)}) = (SELECT {sums} FROM images t WHERE t.version_id = {row}.id)"


TOTALS_TRIGGERS = (
    *_triggers("captures", _CAPTURE, "revisit_of, state, read_state, length"),
    *_triggers("stories", _STORY, "versions, state"),
    *_triggers("images", _IMAGE, "caption, credit, capture_id", only=_NEWEST),
    "CREATE TRIGGER newest_recounted AFTER UPDATE OF newest ON stored_versions WHEN NEW.newest != OLD.newest"
    f" BEGIN {_of_version('(NEW.newest - OLD.newest)')}; END",
    f"CREATE TRIGGER newest_uncounted BEFORE DELETE ON stored_versions WHEN OLD.newest BEGIN {_of_version('-1')}; END",
    *_tally("failures", "reason", "failures"),
    *_tally("stored_versions", "template", "versions"),
)

NEWEST = "EXISTS (SELECT 1 FROM stories s WHERE s.id = t.story_id AND s.versions = t.n)"
COUNTED = (
    _sum(_CAPTURE, "captures t"),
    _sum(_STORY, "stories t"),
    _sum(_IMAGE, "images t JOIN stored_versions v ON v.id = t.version_id WHERE v.newest"),
)
"""SQL: the totals as the rows say them, in the order of the columns of `totals`."""
TALLIED = (
    "SELECT 'failures', coalesce(reason, ''), count(*) FROM failures GROUP BY 2 UNION ALL"
    " SELECT 'versions', coalesce(template, ''), count(*) FROM stored_versions GROUP BY 2 ORDER BY 1, 2"
)
"""SQL: the rows of `tallies` as the tables say them."""
COUNT = f"INSERT INTO totals SELECT 1, * FROM ({COUNTED[0]}), ({COUNTED[1]}), ({COUNTED[2]})"
TALLY = f"INSERT INTO tallies {TALLIED}"
