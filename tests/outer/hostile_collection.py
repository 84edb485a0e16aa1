"""A collection in which every text of any origin is hostile to a page that shows it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from newspaper import XSS, newspaper

from crawler.index.index import Index
from crawler.index.rows import insert

NAME = "\"><img src=x onerror=alert(1)>"
"""Of its folder: one that a file system takes."""
KINDS = (
    XSS, "<script>alert(1)</script>", "javascript:alert(1)", "<svg onload=alert(1)><script>alert(1)</script></svg>",
    '<meta http-equiv="refresh" content="0;url=data:text/html,x">', "data:text/html,<script>alert(1)</script>", '" autofocus onfocus="alert(1)',
    "' style='position:fixed;inset:0", "</textarea></title></style></script><script>alert(1)</script>", "<!--", "<base href=//evil.example/>",
    "<iframe srcdoc='<script>alert(1)</script>'>", "<link rel=stylesheet href=//evil.example/x.css>", "{{ 7*7 }}{% raw %}", "<form action=//evil.example>",
    "\u202e\u2066<b>\x00\x1b[31m", "<a href='java\nscript:alert(1)'>x</a>", "&#x3c;script&#x3e;alert(1)&#x3c;/script&#x3e;", "\ud800<img src=x onerror=alert(1)>",
)  # fmt: skip
"""What a page, a name, an address or an argument may hold."""


def hostile_collection(folder: Path) -> Path:
    """Make it below a folder."""
    path = newspaper(folder / NAME)
    with Index.open(path / "index.db") as index, index.atomic():
        _run(index)
        _mirrors(index)
        for n, kind in enumerate(KINDS):
            text = kind.encode("utf-8", "replace").decode()
            index.conn.execute("UPDATE stored_versions SET template = ? WHERE id = ?", (text, n + 1))
        index.conn.execute("UPDATE stories SET section = ?, language = ?, canonical_url = ?", (XSS, XSS, "javascript:alert(1)"))
    return path


def _run(index: Index) -> None:
    texts = [kind.encode("utf-8", "replace").decode() for kind in KINDS]
    when = datetime(2026, 3, 1, tzinfo=UTC)
    number = index.start_run(XSS, {text: text for text in texts}, when)
    stats = {
        "failures": dict.fromkeys(texts, 1), "failing_hosts": {text: {text: 1} for text in texts}, "omitted": {XSS: {"count": 1, "example": XSS}},
        "checks": [{"name": text, "level": text, "detail": text, "advice": text} for text in texts],
    }  # fmt: skip
    index.end_run(number, ended=when, exit_code=10, reason=XSS, stats=json.loads(json.dumps(stats)))
    for text in texts:
        values = {
            "run_id": number, "url": text, "host": text, "site": text, "role": "story", "key": text, "date": "2026-03-01T00:00:00.000000Z", "reason": text,
            "detail": text, "attempt": 1, "bytes": 0,
        }  # fmt: skip
        insert(index.conn, "failures", values)


def _mirrors(index: Index) -> None:
    first, second = (row[0] for row in index.query("SELECT id FROM captures WHERE role = 'story' ORDER BY id LIMIT 2"))
    one, other = (row[0] for row in index.query("SELECT id FROM stored_versions ORDER BY id LIMIT 2"))
    fields = json.dumps(["headline", "body"])
    for kind in KINDS:
        text = kind.encode("utf-8", "replace").decode()
        index.save_mirror(text, text, state=text, since=text, last_ok=text, last_error=text, successes=1, failures=1)
        values = (XSS, "paper/1", "2026-03-01T00:00:00.000000Z", text, XSS, "different", first, second, one, other, fields)
        index.conn.execute(
            "INSERT INTO comparisons (site, story_id, date, host, other_host, result, capture_id, other_capture_id, version_id, other_version_id,"
            " fields) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values
        )  # fmt: skip
        values = (XSS, "paper/1", "different", text, XSS, "2026-03-01T00:00:00.000000Z", "2026-03-01T00:00:00.000000Z", 1, fields, first, second, one, other)
        index.conn.execute(
            "INSERT INTO divergences (site, story_id, kind, host, other_host, first_seen, last_seen, sightings, fields, capture_id,"
            " other_capture_id, version_id, other_version_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values
        )  # fmt: skip
