"""Tables `comparisons` and `divergences`, and the views over them."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from pathlib import Path

import pytest
from index_makers import article, capture, rebuilt_rows
from targets import with_target

from crawler.collection.ingest import add_capture, file_outcome, lease_for
from crawler.collection.revisits import file_out_of_order
from crawler.index.index import Index
from crawler.items import Article, Block, Capture, Image, Listing, Outcome, Parsed, Unusable

WWW, OTHER = "www.harbour.example", "other.harbour.example"
OWN = article(
    body="The ferry runs again.",
    images=(Image(url="https://pics.example/a.jpg", key="a.jpg", caption="The ferry at its pier", credit="Photo by Bo Lund"),),
)
EDITED = article("Ferry runs again at last")
FILM = article(blocks=(Block(kind="paragraph", text="The ferry runs again."), Block(kind="embed", url="https://films.example/1")))


def at(n: int, minutes: float, host: str, **changes: object) -> Capture:
    """A capture of story 1000 so many minutes after the beginning."""
    date = capture(0).date + timedelta(minutes=minutes)
    key = "harbour/1000" if host == WWW else f"harbour/1000@{host}"
    return capture(n, url=f"https://{host}/detail/1000", host=host, date=date, key=key, **changes)


def shows(n: int, minutes: float, host: str, read: Article) -> Outcome:
    shot = at(n, minutes, host)
    return Parsed(lease=lease_for(shot), capture=shot, article=read)


def denies(n: int, minutes: float, host: str) -> Outcome:
    shot = at(n, minutes, host, status=404)
    return Unusable(lease=lease_for(shot), capture=shot, reason="status", detail="404", answer=True)


def filed(path: Path, *outcomes: Outcome) -> Index:
    """An index with the outcomes of captures, filed in that order."""
    index = Index.open(path / "index.db")
    with index.atomic():
        for outcome in outcomes:
            assert outcome.capture is not None
            add_capture(index, outcome.capture)
            file_outcome(index, outcome)
    return index


DAY = 24 * 60
YEAR = (
    shows(1, 0, WWW, article()),
    shows(2, 1, OTHER, OWN),
    shows(3, 2, WWW, article()),
    shows(4, DAY, WWW, EDITED),
    shows(5, DAY + 1, OTHER, article()),
    shows(6, DAY + 2, WWW, EDITED),
    shows(7, 2 * DAY, WWW, EDITED),
    denies(8, 2 * DAY + 1, OTHER),
    shows(9, 2 * DAY + 2, WWW, EDITED),
    shows(10, 3 * DAY, WWW, EDITED),
    shows(11, 3 * DAY + 1, OTHER, EDITED),
)


def test_a_story_through_four_days(tmp_path: Path) -> None:
    with filed(tmp_path, *YEAR) as index:
        rows = index.query("SELECT kind, host, other_host, fields, sightings, ended IS NOT NULL FROM divergences ORDER BY first_seen")
        assert [tuple(row) for row in rows] == [
            ("different", OTHER, WWW, '["body","credits"]', 1, 1),
            ("stale", OTHER, WWW, '["headline"]', 1, 1),
            ("missing", OTHER, WWW, "[]", 1, 1),
        ]
        assert [row[0] for row in index.query("SELECT result FROM comparisons ORDER BY date")] == ["different", "stale", "missing", "equal"]
        assert index.query("SELECT state FROM stories")[0][0] == "live"


def test_both_texts_of_each_field(tmp_path: Path) -> None:
    with filed(tmp_path, *YEAR[:3]) as index:
        rows = index.query("SELECT field, text, other_text FROM divergence_texts ORDER BY field")
        assert [tuple(row) for row in rows] == [
            ("body", "The ferry runs again.", "The ferry runs again.\nIt had been idle."),
            ("credits", "Photo by Bo Lund", "Photo by Ada Berg"),
        ]


def test_embeds_and_pictures_are_fields(tmp_path: Path) -> None:
    picture = Image(url="https://pics.example/b.jpg", key="b.jpg", caption="The ferry at its pier", credit="Photo by Ada Berg")
    moved = article(body="Another.", images=(picture,))
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    with filed(tmp_path / "a", *YEAR[:1], shows(2, 1, OTHER, FILM), YEAR[2]) as index:
        assert json.loads(index.query("SELECT fields FROM divergences")[0][0]) == ["body", "embeds"]
        rows = index.query("SELECT text, other_text FROM divergence_texts WHERE field = 'embeds'")
        assert [tuple(row) for row in rows] == [("https://films.example/1", None)]
    with filed(tmp_path / "b", *YEAR[:1], shows(2, 1, OTHER, moved), YEAR[2]) as index:
        assert json.loads(index.query("SELECT fields FROM divergences")[0][0]) == ["body", "pictures"]
        rows = index.query("SELECT text, other_text FROM divergence_texts WHERE field = 'pictures'")
        assert [tuple(row) for row in rows] == [("https://pics.example/b.jpg", "https://pics.example/a.jpg")]


def test_of_a_text_seen_long_before_nobody_knows_its_picture(tmp_path: Path) -> None:
    picture = Image(url="https://pics.example/b.jpg", key="b.jpg", caption="The ferry at its pier", credit="Photo by Bo Lund")
    later = [shows(2, DAY, WWW, article()), shows(3, DAY + 1, OTHER, article(images=(picture,))), shows(4, DAY + 2, WWW, article())]
    with filed(tmp_path, YEAR[0], *later) as index:
        assert json.loads(index.query("SELECT fields FROM divergences")[0][0]) == ["credits"]


def test_what_only_a_divergent_mirror_showed_is_no_edit(tmp_path: Path) -> None:
    with filed(tmp_path, *YEAR) as index:
        sql = "SELECT c.record_id FROM common_sightings s JOIN captures c ON c.id = s.capture_id ORDER BY s.date"
        seen = [int(row[0].removeprefix("urn:uuid:")) for row in index.query(sql)]
        # Neither the text of its own (2), nor the old one after the edit (5).
        assert seen == [1, 3, 4, 6, 7, 9, 10, 11]


@pytest.mark.parametrize("seed", range(12))
def test_filed_in_any_order(tmp_path: Path, seed: int) -> None:
    for name in ("in-order", "shuffled"):
        (tmp_path / name).mkdir()
    shuffled = list(YEAR)
    random.Random(seed).shuffle(shuffled)
    with filed(tmp_path / "in-order", *YEAR) as one, filed(tmp_path / "shuffled", *shuffled) as other:
        with other.atomic():
            file_out_of_order(other)
        rows, again = rebuilt_rows(one), rebuilt_rows(other)
        for table in ("comparisons", "divergences", "sightings"):
            assert again[table] == rows[table]


def test_denials_known_before_the_story(tmp_path: Path) -> None:
    with filed(tmp_path, denies(8, 1, OTHER)) as index, index.atomic():
        for outcome in (shows(1, 0, WWW, article()), shows(3, 2, WWW, article())):
            assert outcome.capture is not None
            add_capture(index, outcome.capture)
            file_outcome(index, outcome)
        assert index.query("SELECT kind FROM divergences")[0][0] == "missing"


def test_an_answer_that_was_cut_off_is_not_compared(tmp_path: Path) -> None:
    cut = at(2, 1, OTHER, truncated="length", cut_at=100)
    outcome = Parsed(lease=lease_for(cut), capture=cut, article=OWN)
    with filed(tmp_path, YEAR[0], outcome, YEAR[2]) as index:
        assert index.query("SELECT count(*) FROM comparisons")[0][0] == 0


def lists(n: int, minutes: float, host: str, stories: int | None, **changes: object) -> Outcome:
    """A section front on a host, with so many stories; None where it is not there."""
    shot = at(n, minutes, host, role="section", story=None, status=200 if stories is not None else 404, language="en")
    shot = with_target(shot, key=f"harbour:en:/news{' ' + host if host != WWW else ''}", url=f"https://{host}/news", **changes)
    if stories is None:
        return Unusable(lease=lease_for(shot), capture=shot, reason="status", detail="404", answer=True)
    return Listing(lease=lease_for(shot), capture=shot, stories=stories)


def timeline(index: Index) -> dict[tuple[str, str], str]:
    return {(row[0], row[1]): row[2] for row in index.query("SELECT host, month, says FROM mirror_timeline")}


def test_what_a_mirror_does_is_said_month_by_month(tmp_path: Path) -> None:
    later = [shows(20, 40 * DAY, WWW, EDITED), shows(21, 40 * DAY + 1, OTHER, EDITED)]
    with filed(tmp_path, *YEAR, *later) as index:
        assert timeline(index) == {
            (OTHER, "2026-03"): "lags, changes credits, changes texts, removes stories", (WWW, "2026-03"): "",
            (OTHER, "2026-04"): "", (WWW, "2026-04"): "",
        }  # fmt: skip
        (row,) = index.query("SELECT * FROM mirror_timeline WHERE host = ? AND month = '2026-03'", [OTHER])
        assert (row["compared"], row["equal"], row["lagging"], row["different"], row["credits"], row["missing"]) == (1, 1, 1, 1, 1, 1)


def test_a_mirror_that_drops_sections(tmp_path: Path) -> None:
    gone = [lists(1, 0, WWW, 20), lists(2, 1, OTHER, None)]
    emptied = [lists(3, 40 * DAY, WWW, 20), lists(4, 40 * DAY + 1, OTHER, 9)]
    well = [lists(5, 80 * DAY, WWW, 20), lists(6, 80 * DAY + 1, OTHER, 18), lists(7, 80 * DAY + 300, WWW, 3)]
    french = [lists(8, 80 * DAY, "fr.harbour.example", 1, language="fr")]
    with filed(tmp_path, *gone, *emptied, *well, *french) as index:
        told = timeline(index)
        assert (told[OTHER, "2026-03"], told[OTHER, "2026-04"], told[OTHER, "2026-05"]) == ("drops sections", "drops sections", "")
        assert {told[WWW, month] for month in ("2026-03", "2026-04", "2026-05")} == {""}
        assert told["fr.harbour.example", "2026-05"] == ""
