"""Links of pages: what pages of a host share is stored once, whatever is written, rolled back or removed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from index_makers import article, capture, file_all

from crawler.index.index import Index
from crawler.items import Link, LinkList
from crawler.schema.link_lists import links_at
from crawler.schema.packed_links import PART_BYTES

MENU = [Link(url=f"https://a.example/{n * n}", text=f"Part {n}") for n in range(100)]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index.db") as opened:
        yield opened


def add(index: Index, n: int, links: Sequence[Link], **changes: object) -> None:
    with index.atomic():
        index.add_capture(capture(n, **changes))
        index.add_links(capture(n).record_id, links)


def add_in_vain(index: Index, n: int, **changes: object) -> None:
    with index.atomic():
        add(index, n, MENU, **changes)
        raise ZeroDivisionError


def stored(index: Index) -> list[int]:
    """Bytes of each page's list."""
    return [row[0] for row in index.query("SELECT length(list) FROM link_lists ORDER BY capture_id")]


def shown(index: Index, n: int) -> list[Link]:
    rows = index.query(
        "SELECT l.url, l.text FROM links l JOIN captures c ON c.id = l.capture_id WHERE c.record_id = ? ORDER BY position",
        [capture(n).record_id],
    )
    links = [Link(url=row[0], text=row[1]) for row in rows]
    source = index.query("SELECT id FROM captures WHERE record_id = ?", [capture(n).record_id])[0][0]
    assert links == [Link(url=url, text=text or "") for _, _, url, text in links_at(index.conn, [source])], "SQL and Python show the same"
    return links


def bases(index: Index) -> int:
    return index.counts()["link_bases"]


def as_sent(links: list[Link]) -> LinkList:
    pairs = [(link.url, link.text) for link in links]
    return LinkList(json.dumps(pairs, ensure_ascii=False, separators=(",", ":")).encode(), pairs)


@pytest.mark.parametrize("size", [1, 100, 320, 700, 2000])
@pytest.mark.parametrize("text", ["Part", "Téïl 🛳" * 5])
def test_links_as_a_worker_sends_them_make_the_same_rows(tmp_path: Path, size: int, text: str) -> None:
    links = [Link(url=f"https://a.example/{n * n}", text=f"{text} {n}") for n in range(size)]
    rows = []
    for name, given in (("one.db", list), ("other.db", as_sent)):
        with Index.open(tmp_path / name) as index:
            for n, page in enumerate((links, links[: size // 2], [*links, *MENU]), 1):
                add(index, n, given(page))  # type: ignore[arg-type]
                assert shown(index, n) == page
            rows.append(index.query("SELECT * FROM link_lists ORDER BY 1, 2") + index.query("SELECT * FROM link_bases ORDER BY 1"))
    assert rows[0] == rows[1]
    assert len(rows[0]) >= size * 40 // PART_BYTES


def test_the_menu_of_a_host_is_stored_once(index: Index) -> None:
    for n in range(1, 6):
        add(index, n, [*MENU, Link(url=f"https://a.example/story/{n}", text="Story")])
    assert max(stored(index)) < 100
    assert bases(index) == 1
    assert shown(index, 3) == [*MENU, Link(url="https://a.example/story/3", text="Story")]
    assert index.counts()["links"] == 505


def test_a_list_of_many_pages_is_held_plain_so_that_sql_reads_them_soon(index: Index) -> None:
    for n in range(1, 40):
        add(index, n, [*MENU, Link(url=f"https://a.example/story/{n}", text="Story")])
    assert index.query("SELECT count(*), typeof(list) FROM link_bases")[0][:] == (1, "text")
    assert shown(index, 2) == [*MENU, Link(url="https://a.example/story/2", text="Story")]
    with Index.open(index.path) as other:
        add(other, 40, MENU)
        assert (bases(other), shown(other, 40)) == (1, MENU)


def test_the_links_of_one_page_are_found_without_reading_others(index: Index) -> None:
    add(index, 1, MENU)
    steps = [row[3] for row in index.query("EXPLAIN QUERY PLAN SELECT url FROM links WHERE capture_id = 1")]
    assert "SEARCH l USING PRIMARY KEY (capture_id=?)" in steps, steps
    assert "SEARCH l USING INTEGER PRIMARY KEY (rowid=?)" in steps, "the shared list"
    assert not [step for step in steps if step.startswith("SCAN l")]
    whole = [row[3] for row in index.query("EXPLAIN QUERY PLAN SELECT count(*) FROM links WHERE url = 'x'")]
    assert [step for step in whole if step.startswith("SCAN l")] == ["SCAN l"], "each list once"


def test_it_is_found_again_by_another_process(index: Index) -> None:
    add(index, 1, MENU)
    with Index.open(index.path) as other:
        add(other, 2, MENU)
        assert (bases(other), shown(other, 2)) == (1, MENU)


def test_each_host_has_its_own_and_so_has_each_language(index: Index) -> None:
    french = [Link(url=f"https://a.example/fr/{n * 7}", text=f"Partie {n * 3}") for n in range(100)]
    for n in range(1, 9):
        add(index, n, MENU if n % 2 else french)
    assert (bases(index), max(stored(index)) < 100) == (2, True)
    add(index, 9, MENU, host="b.example", url="https://b.example/")
    assert bases(index) == 3
    assert [shown(index, n) for n in (1, 2, 9)] == [MENU, french, MENU]


def test_a_shared_list_of_a_transaction_rolled_back_is_forgotten(index: Index) -> None:
    with pytest.raises(ZeroDivisionError):
        add_in_vain(index, 1)
    add(index, 2, MENU)
    with index.atomic():
        with pytest.raises(ZeroDivisionError):
            add_in_vain(index, 3, host="b.example")
        index.add_capture(capture(4, host="b.example"))
        index.add_links(capture(4).record_id, MENU)
    assert (shown(index, 2), shown(index, 4), index.integrity()) == (MENU, MENU, [])


def test_links_filed_again_replace_the_others(index: Index) -> None:
    add(index, 1, MENU)
    add(index, 2, MENU)
    with index.atomic():
        index.add_links(capture(1).record_id, MENU[:3])
    assert (shown(index, 1), shown(index, 2)) == (MENU[:3], MENU)


def test_a_list_of_many_thousands_comes_back(index: Index) -> None:
    many = [Link(url=f"https://a.example/sitemap/{n * n * n % 99_991}", text="") for n in range(5000)]
    add(index, 1, many)
    add(index, 2, many[1:])
    assert index.query("SELECT count(*), max(position) FROM links WHERE capture_id = 1")[0][:] == (5000, 4999)
    assert (shown(index, 1), shown(index, 2)) == (many, many[1:])


def test_links_can_be_changed_with_sql(index: Index) -> None:
    add(index, 1, MENU)
    add(index, 2, MENU)
    index.conn.execute("UPDATE links SET url = 'https://b.example/', text = NULL WHERE capture_id = 2 AND position = 4")
    index.conn.execute("DELETE FROM links WHERE capture_id = 2 AND position IN (0, 99)")
    index.conn.execute("INSERT INTO links (capture_id, position, url) VALUES (2, 200, 'https://c.example/')")
    index.conn.execute("INSERT INTO links VALUES (2, 201, 'https://d.example/', 'D')")
    wanted = [(n, link.url, link.text) for n, link in enumerate(MENU)][1:-1]
    wanted[3] = (4, "https://b.example/", None)  # type: ignore[call-overload]
    wanted += [(200, "https://c.example/", None), (201, "https://d.example/", "D")]  # type: ignore[list-item]
    assert [tuple(row) for row in index.query("SELECT position, url, text FROM links WHERE capture_id = 2 ORDER BY position")] == wanted
    assert [row[1:] for row in links_at(index.conn, [2])] == wanted
    assert (shown(index, 1), index.counts()["links"]) == (MENU, 200)


def test_versions_can_be_changed_with_sql(index: Index) -> None:
    file_all(index, (capture(1), article()))
    before = index.query("SELECT * FROM versions")[0]
    index.conn.execute("UPDATE versions SET headline = 'Another'")
    assert dict(index.query("SELECT * FROM versions")[0]) == {**dict(before), "headline": "Another"}
    index.conn.execute("""UPDATE versions SET blocks = '[{"kind":"list"}]', first_seen = '2020'""")
    assert tuple(index.query("SELECT blocks, body, first_seen FROM versions")[0]) == ('[{"kind":"list"}]', before["body"], "2020")
    index.conn.execute("PRAGMA foreign_keys = OFF")
    index.conn.execute("INSERT INTO versions SELECT id + 1, story_id, n + 1, 'other', " + ", ".join(before.keys()[4:]) + " FROM versions")
    index.conn.execute("DELETE FROM versions WHERE id = 1")
    assert [tuple(row) for row in index.query("SELECT id, n, blocks FROM versions")] == [(2, 2, '[{"kind":"list"}]')]
