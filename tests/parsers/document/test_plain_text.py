"""Plain texts as articles: headline by its place, body by its sentences; lists, tables and logs are none."""

from __future__ import annotations

import pytest
from small_pages import page

from crawler.parsers.document.plain_text import PLAIN_TEXT, read_plain

ONE = "The harbour wall of the town was mended on Monday, eight days after the storm had broken it in two places."
TWO = "Ferries sail again by the old timetable, the harbour master said, and the council pays for the stone that is still missing."
MANY = [f"{ONE[:-1]} in sector {n}." for n in range(4)]


@pytest.mark.parametrize(
    ("text", "headline", "body"),
    [
        (f"Harbour wall mended\n\n{ONE}\n\n{TWO}\n", "Harbour wall mended", [ONE, TWO]),
        (f"{ONE}\n\n{TWO}", None, [ONE, TWO]),
        (f"Harbour wall mended\n{ONE}\n{TWO}", "Harbour wall mended", [ONE, TWO]),
        (f"\r\n\r\nHarbour wall mended\r\n\r\n{ONE}\r\n\r\n{TWO}\r\n", "Harbour wall mended", [ONE, TWO]),
        (f"---- 2026 ----\n\n{ONE}\n\n{TWO}", None, [ONE, TWO]),
        (f"Menu\n\nHome\n\nAbout us\n\n{ONE}\n\n{TWO}\n\nAll rights reserved", "Menu", [ONE, TWO]),
    ],
)
def test_an_article_in_a_plain_text(text: str, headline: str | None, body: list[str]) -> None:
    article = read_plain(page(text))
    assert article is not None
    assert article.headline == headline
    assert [block.text for block in article.blocks] == body
    assert PLAIN_TEXT in article.problems
    assert article.read_by["blocks"] == "lines of plain text"
    assert ("headline" in article.read_by) == (headline is not None)
    assert article.language == "en"


def test_lines_that_were_broken_by_hand_are_one_paragraph() -> None:
    words = f"{ONE} {TWO}".split()
    lines, line = [], ""
    for word in words:
        if len(line) + len(word) > 70:
            lines.append(line.strip())
            line = ""
        line += f" {word}"
    article = read_plain(page("Harbour wall mended\n\n" + "\n".join([*lines, line.strip()])))
    assert article is not None
    assert [block.text for block in article.blocks] == [f"{ONE} {TWO}"]


def test_lines_that_each_end_a_sentence_are_paragraphs() -> None:
    lines = [line[:99].rstrip(" ,.") + "." for line in MANY]
    article = read_plain(page("Head\n\n" + "\n".join(lines)))
    assert article is not None
    assert [block.text for block in article.blocks] == lines


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n\n",
        "Short.",
        "User-agent: *\nDisallow: /private/\n" * 20,
        "\n".join(f"2026-11-24 12:00:{n:02} GET /a/{n} 200 1234 0.{n}" for n in range(60)),
        "\n".join(f"{n}\t{n * n}\t{n**3}" for n in range(100)),
        "\n".join(["One item without an end"] * 30),
        ONE,
    ],
)
def test_what_has_no_prose_is_no_article(text: str) -> None:
    assert read_plain(page(text)) is None


def test_scripts_without_blanks_count_their_characters_for_more() -> None:
    text = "港口\n\n" + "\n\n".join(["星期一，鎮上的防波堤在風暴過後八天終於修復完成，渡輪重新按照舊的時間表航行，港務長對記者這樣說。"] * 3)
    article = read_plain(page(text))
    assert article is not None
    assert len(article.blocks) == 3
    assert article.headline == "港口"
