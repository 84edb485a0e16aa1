"""Pages of our own: where a byline stands, where its name ends, and whose names are not the author's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.parsers.document.page import Page
from crawler.parsers.template import parse

TEXT = (
    "<p>The harbour of the old town was closed on Monday after a storm had thrown three barges against the pier.</p>"
    "<p>Nobody was hurt, but the ferries to the islands will not sail before Thursday, the harbour master told reporters.</p>"
    "<p>Fishermen said they had warned of the rotten piles for years and asked the council to meet before the next tide.</p>"
    "<p>The council wants to decide next week whether the pier is repaired or torn down, the mayor said in the evening.</p>"
)


def names(byline: str = "", *, above: str = "", below: str = "", behind: str = "", lang: str = "en", head: str = "") -> tuple[str, ...]:
    html = (
        f"<html lang={lang}><head><title>Storm closes harbour | The Valley Post</title><meta property=og:site_name content='The Valley Post'>{head}"
        f"</head><body><nav><a href=/world>World</a> <a href=/dredging>Dredging News</a></nav><main><article>{above}<h1>Storm closes harbour</h1>"
        f"{byline}<div class=text>{TEXT}{below}</div></article></main>{behind}<footer>© The Valley Post</footer></body></html>"
    )
    return parse(Page.from_text("https://www.valleypost.example/a", datetime(2026, 3, 2, tzinfo=UTC), html)).authors


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        # where the element ends, the name ends
        ("<div class=authors><a class=x href=/authors/1>Ann Lowe</a><span class=fn-role>Redakteurin</span></div>", ("Ann Lowe",)),
        ("<p class=byline><a rel=author href=/a/1>Ann Lowe</a><span>Reporterin</span></p>", ("Ann Lowe",)),
        ("<div class=byline><b>Ann Lowe</b><i>Lokalredaktion</i></div>", ("Ann Lowe",)),
        ("<div><span class=author>Ann Lowe</span> Houston</div>", ("Ann Lowe",)),
        ("<div>By <a class=author href=/p/1>Ann Lowe</a><span class=where> Port Ellery</span></div>", ("Ann Lowe",)),
        ("<div class=byline>By <span>Ann</span> <span>Lowe</span></div>", ("Ann Lowe",)),
        ("<div class=byline><span>By </span><span>by ANN LOWE and JOE MARSH</span></div>", ("ANN LOWE", "JOE MARSH")),
        ("<div class=meta><span class=author>Ann Lowe</span> · <span>3 min read</span></div>", ("Ann Lowe",)),
        ("<p class=meta><a class=author-name href=/people/al>Ann Lowe</a>, <span>2 March 2026</span></p>", ("Ann Lowe",)),
        ("<p class=meta><em class=c-byline__writer>Ann Lowe</em> <time>2:05 PM PT</time></p>", ("Ann Lowe",)),
        ("<p>2 March 2026 | <span class=articleAuthor>Ann Lowe</span></p>", ("Ann Lowe",)),
        ("<div><a href=/authors/ann-lowe>Ann Lowe</a> and <a href=/authors/joe-marsh>Joe Marsh</a> <span>2 March</span></div>", ("Ann Lowe", "Joe Marsh")),
        ("<div class=byline>By <a rel=author href=/a/1>Ann Lowe</a> and Joe Marsh</div>", ("Ann Lowe", "Joe Marsh")),
        ("<div class=byline><span>By Ann Lowe</span> <span class=email>Email the author | a@x.example</span></div>", ("Ann Lowe",)),
        ("<div class=row><div class='byline c'><a rel=author href=m>Ann Lowe</a></div><div class='byline c'><a rel=author href=m>Joe Marsh</a></div></div>",
         ("Ann Lowe", "Joe Marsh")),
        ("<ul><li><b>Date</b> 02.03.2026</li><li><b>Author</b> Ann Lowe</li></ul>", ("Ann Lowe",)),
        ("<dl><dt>Autorin/Autor</dt><dd>Ann Lowe</dd></dl>", ("Ann Lowe",)),
        ("<p>02.03.2026<br>By Ann Lowe</p>", ("Ann Lowe",)),
        ("<p class=by>Ann Lowe, The Valley Post</p>", ("Ann Lowe",)),
        ("<p class=byline>Ann Lowe, Political editor @annlowe</p>", ("Ann Lowe",)),
        ("<p>By Paris Hale and April May Roe</p>", ("Paris Hale", "April May Roe")),
        ("<footer class=meta><p class=byline>By ANN LOWE</p></footer>", ("ANN LOWE",)),
        ("<div class=comments_datetime><p>By <span>Ann Lowe</span> 10/5/11 09:19 PM ET</p></div>", ("Ann Lowe",)),
        ("<p>Published on 2 March 2026 at 6:20 pm by Ann Lowe</p>", ("Ann Lowe",)),
        ("<p>Ann Lowe @annlowe<br>March 2, 2026</p>", ("Ann Lowe",)),
        ("<p>2 March 2026 · Mosa Phakela</p>", ("Mosa Phakela",)),
        ("<p><strong>Ann Lowe/Mosa Phakela</strong></p>", ("Ann Lowe", "Mosa Phakela")),
    ],
)  # fmt: skip
def test_names_above_the_text(byline: str, expected: tuple[str, ...]) -> None:
    assert names(byline) == expected


@pytest.mark.parametrize(
    "line",
    [
        "March 2, 2026 7:10 PM EDT", "Mon 02 Mar 2026 08.15 GMT", "Tue, March 2, 2026, 9:14 AM PST", "New Delhi, March 2, 2026", "New Delhi | March 2, 2026",
        "World News | March 2, 2026", "Harbour Safety · 2 March 2026", "Port Ellery: Updated 2 March 2026 at 6 pm", "By 2 March 2026", "Montag, 2. März 2026, 8 Uhr",
        "Paris, le 2 mars 2026", "Dredging News | 2 March 2026", "2 March 2026 • Min Read", "2 March 2026 | Share This", "Photo: Max Mai | 2 March 2026",
    ],
)  # fmt: skip
@pytest.mark.parametrize("box", ["<p>{}</p>", "<div class=byline>{}</div>", "<div class=byline><time>{}</time></div>"])
def test_lines_of_dates_name_nobody(line: str, box: str) -> None:
    assert names(box.format(line)) == ()


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ("<p>Reporting by Ann Lowe and Joe Marsh; Editing by Pat Reeve</p>", ("Ann Lowe", "Joe Marsh")),
        ("<p>(Reporting by Ann Lowe in Harrow; editing by Pat Reeve)</p>", ("Ann Lowe",)),
        ("<p>Author: Ann Lowe</p>", ("Ann Lowe",)),
        ("<p><i>Ann Lowe</i></p>", ("Ann Lowe",)),
        ("<p>– Ann Lowe</p>", ("Ann Lowe",)),
        ("<p>(Mosa Phakela)</p>", ("Mosa Phakela",)),
        ("<p>Written by Ann Lowe</p><p>Photos by Max Mai</p>", ("Ann Lowe",)),
        ("<p>Editing by Pat Reeve</p>", ()),
    ],
)
def test_names_under_the_text(below: str, expected: tuple[str, ...]) -> None:
    assert names(below=below) == expected


@pytest.mark.parametrize(
    "behind",
    [
        "<section id=comments><article class=comment><p class=author itemprop=author>Bert Flitch</p><p>Well said, I was there.</p></article></section>",
        "<div class=river><div class=block><p class=byline><a rel=author href=/author/s>Steve Oak</a></p><h4><a href=/2>Ferry fares to rise in spring</a></h4></div></div>",
        "<aside><h3><a href=/3>School kitchen wins county prize</a></h3><span itemprop=author>Josh Vale</span></aside>",
        "<div class=related><p>By Josh Vale</p></div>",
    ],
)
@pytest.mark.parametrize(("byline", "expected"), [("<p class=byline>by Ann Lowe</p>", ("Ann Lowe",)), ("", ())])
def test_names_of_other_things(behind: str, byline: str, expected: tuple[str, ...]) -> None:
    assert names(byline, behind=behind) == expected
    assert names(byline, above=behind if "river" not in behind else "") == expected


def test_the_photographer_of_the_lead_picture_is_no_author() -> None:
    picture = "<figure><img src=/a.jpg width=900 height=600><figcaption class=author>25.04.2024 | Max Mai</figcaption></figure>"
    assert names(f"{picture}<p class=byline>By Ann Lowe</p>") == ("Ann Lowe",)
    assert names(picture) == ()


@pytest.mark.parametrize(
    ("byline", "head", "expected"),
    [
        ("<p class=byline>Press TV Culture Desk</p>", "", ("Press TV Culture Desk",)),
        ("<p>By Reuters Staff</p>", "", ("Reuters Staff",)),
        ("", "<meta name=articleAuthor content='Anadolu Agency'><meta name=author content='The Valley Post'>", ("Anadolu Agency",)),
        ("", "<meta name=author content='105092'>", ()),
        ("", "<meta name=author content='admin'>", ()),
        ("<p class=byline>São Paulo</p>", "", ()),
        ("<p class=byline>9:39AM BST 05 Oct 2011</p>", "", ()),
    ],
)
def test_desks_where_nobody_is_named(byline: str, head: str, expected: tuple[str, ...]) -> None:
    assert names(byline, head=head) == expected
