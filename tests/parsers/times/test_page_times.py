"""Times of whole pages: printed ones, those of other things, publication and last change apart."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.parsers.document.page import Page
from crawler.parsers.template import parse

CAPTURED = datetime(2024, 6, 1, 12, tzinfo=UTC)
PROSE = "".join(
    f"<p>{text}</p>"
    for text in (
        "The old ferry across the Harrow will run until the bridge is open again, the council decided after a meeting that lasted until midnight.",
        "Passengers had feared for weeks that the boats would be sold before the winter, since nobody had wanted to pay for the repair of the pier.",
        "The bridge was built in 1911 and has been closed since a barge ran into one of its pillars; engineers now want to strengthen all of them.",
        "A spokeswoman said that the first cars would cross in spring at the earliest, and that the fare would stay as it is until then for everybody.",
    )
)


def read(
    html: str, *, url: str = "https://post.example/a/1", lang: str = "en", head: str = "", known: bool = True
) -> tuple[str | None, str | None, tuple[str, ...]]:
    page = Page.from_text(
        url, CAPTURED, f"<html lang={lang}><head><title>Ferry stays until spring</title>{head}</head><body>{html}</body></html>"
    )
    page.is_capture = known
    found = parse(page)
    return found.published, found.modified, found.problems


def story(dates: str, behind: str = "", before: str = "") -> str:
    return f"{before}<main><h1>Ferry stays until spring</h1>{dates}<div class=text>{PROSE}</div>{behind}</main>"


@pytest.mark.parametrize(
    ("dates", "published", "modified"),
    [
        ("<p>Updated 13 March 2024, 07:05 GMT. First published 12 March 2024, 18:20 GMT</p>", "2024-03-12T18:20:00+00:00", "2024-03-13T07:05:00+00:00"),
        ("<div>Published 12 March 2024</div><div>Last updated 13 March 2024</div>", "2024-03-12", "2024-03-13"),
        ("<dl><dt>Published</dt><dd>12 March 2024</dd><dt>Updated</dt><dd>13 March 2024</dd></dl>", "2024-03-12", "2024-03-13"),
        ("<div>Updated: 13 March 2024</div>", None, "2024-03-13"),
        ("<div>Last modified on 13 March 2024 by Ada Moore</div>", None, "2024-03-13"),
        ("<div><span>Updated:</span> <time datetime=2024-03-13T07:05Z>13 March</time></div>", None, "2024-03-13T07:05:00+00:00"),
        ("<time itemprop=dateModified datetime=2024-03-13T07:05Z>13 March</time>", None, "2024-03-13T07:05:00+00:00"),
        ("<time class=last-updated datetime=2024-03-13T07:05Z>13 March</time>", None, "2024-03-13T07:05:00+00:00"),
        ("<time class='entry-date published' datetime=2024-03-12T18:20Z>x</time><time class=updated datetime=2024-03-13T07:05Z>y</time>", "2024-03-12T18:20:00+00:00", "2024-03-13T07:05:00+00:00"),
        ("<time class='entry-date published updated' datetime=2024-03-12T18:20Z>x</time>", "2024-03-12T18:20:00+00:00", None),
        ("<div class=meta>By Ada Moore <time datetime=2024-03-12T18:20:00+01:00>12 March 2024</time></div>", "2024-03-12T18:20:00+01:00", None),
        ("<div>12 March 2024</div><time datetime=2024-03-12T18:20:00+01:00></time>", "2024-03-12T18:20:00+01:00", None),
        ("<time datetime=2024-03-12>12 March 2024, 6:20 p.m. GMT</time>", "2024-03-12T18:20:00+00:00", None),
        ("<time datetime='nonsense'>12 March 2024</time>", "2024-03-12", None),
        ("<time datetime=1710267600>12 March</time>", "2024-03-12T18:20:00+00:00", None),
        ("<time datetime=1710267600000>12 March</time>", "2024-03-12T18:20:00+00:00", None),
        ("<time datetime=2024-03-12T00:00:00Z>12 March 2024 18:20 GMT</time>", "2024-03-12T18:20:00+00:00", None),
        ("<time itemprop=startDate datetime=2024-05-20T20:00Z>20 May 2024</time><div>12 March 2024</div>", "2024-03-12", None),
        ("<div>12 March 2024, updated 18:20 GMT</div>", "2024-03-12", "2024-03-12T18:20:00+00:00"),
        ("<div>By Ada Moore | 12 March 2024 | 5 min read</div>", "2024-03-12", None),
        ("", None, None),
    ],
)  # fmt: skip
def test_publication_and_last_change(dates: str, published: str | None, modified: str | None) -> None:
    assert read(story(dates))[:2] == (published, modified)


@pytest.mark.parametrize(
    ("lang", "dates", "published", "modified"),
    [
        ("de", "<p>Veröffentlicht am 12.03.2024, zuletzt aktualisiert am 13.03.2024</p>", "2024-03-12", "2024-03-13"),
        ("de", "<p>Stand: 12.03.2024, 18:20 Uhr</p>", "2024-03-12T18:20:00+00:00", None),
        ("de", "<p>12.03.2024</p><p>Stand: 13.03.2024</p>", "2024-03-12", "2024-03-13"),
        ("fr", "<p>Publié le 12 mars 2024 à 18h20 - Mis à jour le 13 mars 2024 à 07h05</p>", "2024-03-12T18:20:00+00:00", "2024-03-13T07:05:00+00:00"),
        ("es", "<p>Publicado: 12 de marzo de 2024</p><p>Actualizado: 13 de marzo de 2024</p>", "2024-03-12", "2024-03-13"),
        ("pt", "<p>Atualizado em 13/03/2024 às 07h05</p>", None, "2024-03-13T07:05:00+00:00"),
        ("it", "<p>Pubblicato il 12 marzo 2024 - Aggiornato il 13 marzo 2024</p>", "2024-03-12", "2024-03-13"),
        ("nl", "<p>12 maart 2024</p><p>Laatste update: 13 maart 2024</p>", "2024-03-12", "2024-03-13"),
        ("sv", "<p>Publicerad 12 mars 2024</p><p>Uppdaterad 13 mars 2024</p>", "2024-03-12", "2024-03-13"),
        ("fi", "<p>Julkaistu 12.3.2024 | Päivitetty 13.3.2024</p>", "2024-03-12", "2024-03-13"),
        ("pl", "<p>Aktualizacja: 13 marca 2024, 07:05</p>", None, "2024-03-13T07:05:00+00:00"),
        ("cs", "<p>12. března 2024</p><p>Aktualizováno 13. března 2024</p>", "2024-03-12", "2024-03-13"),
        ("hu", "<p>2024. március 12. 18:20, frissítve: 2024. március 13. 07:05</p>", "2024-03-12T18:20:00+00:00", "2024-03-13T07:05:00+00:00"),
        ("ru", "<p>12 марта 2024, 18:20</p><p>Обновлено 13 марта 2024, 07:05</p>", "2024-03-12T18:20:00+00:00", "2024-03-13T07:05:00+00:00"),
        ("tr", "<p>Giriş: 12.03.2024 - 18:45 Güncelleme: 13.03.2024 - 09:12</p>", "2024-03-12T18:45:00+00:00", "2024-03-13T09:12:00+00:00"),
        ("el", "<p>Δημοσίευση: 12 Μαρτίου 2024</p><p>Τελευταία ενημέρωση: 13 Μαρτίου 2024</p>", "2024-03-12", "2024-03-13"),
        ("ar", "<p>نشر في 12 مارس 2024</p><p>آخر تحديث: 13 مارس 2024</p>", "2024-03-12", "2024-03-13"),
        ("fa", "<p>تاریخ انتشار: ۲۲ اسفند ۱۴۰۲</p><p>آخرین به‌روزرسانی: ۲۳ اسفند ۱۴۰۲</p>", "2024-03-12", "2024-03-13"),
        ("he", "<p>פורסם: 12.3.2024</p><p>עודכן: 13.3.2024</p>", "2024-03-12", "2024-03-13"),
        ("hi", "<p>प्रकाशित: 12 मार्च 2024</p><p>अपडेट: 13 मार्च 2024</p>", "2024-03-12", "2024-03-13"),
        ("bn", "<p>প্রকাশ: ১২ মার্চ ২০২৪</p><p>আপডেট: ১৩ মার্চ ২০২৪</p>", "2024-03-12", "2024-03-13"),
        ("ja", "<p>2024年3月12日 18時20分 公開 2024年3月13日 7時05分 更新</p>", "2024-03-12T18:20:00+00:00", "2024-03-13T07:05:00+00:00"),
        ("ja", "<p>2024年3月13日 更新</p>", None, "2024-03-13"),
        ("ko", "<p>입력 2024.03.12. 오후 6:20 수정 2024.03.13. 오전 7:05</p>", "2024-03-12T18:20:00+00:00", "2024-03-13T07:05:00+00:00"),
        ("zh", "<p>2024年3月12日</p><p>更新时间：2024年3月13日</p>", "2024-03-12", "2024-03-13"),
        ("th", "<p>เผยแพร่: 12 มี.ค. 2567</p><p>ปรับปรุง: 13 มี.ค. 2567</p>", "2024-03-12", "2024-03-13"),
        ("vi", "<p>12/3/2024</p><p>Cập nhật: 13/3/2024</p>", "2024-03-12", "2024-03-13"),
        ("id", "<p>Diterbitkan 12 Maret 2024</p><p>Diperbarui 13 Maret 2024</p>", "2024-03-12", "2024-03-13"),
    ],
)  # fmt: skip
def test_updates_in_many_languages(lang: str, dates: str, published: str | None, modified: str | None) -> None:
    assert read(story(dates), lang=lang)[:2] == (published, modified)


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("<header class=masthead><div>Saturday, 1 June 2024</div></header>", ""),
        ("<div class=topbar><span class=today>Sat 1 June 2024</span></div>", ""),
        ("", "<section id=comments><div class=comment>Ada Moore <time datetime=2024-05-30T08:00Z>30 May 2024</time><p>So be it.</p></div></section>"),
        ("", "<aside><a href=/b/2>Grain prices rise again</a><time datetime=2024-05-30T08:00Z>30 May 2024</time></aside>"),
        ("", "<div class=related-articles><article><h3><a href=/b/2>Grain prices rise again</a></h3><time datetime=2024-05-30T08:00Z>x</time></article></div>"),
        ("", "<footer>© 2024 The Post, 30.05.2024</footer>"),
        ("", "<a href=/b/2><h4>Grain prices rise again after the long and dry spring in the valley</h4><time datetime=2024-05-30T08:00Z>30 May</time></a>"),
        ("", "<p>A version of this article appears in print on May 30, 2024, Section A.</p>"),
    ],
)  # fmt: skip
def test_times_of_other_things_are_not_taken(before: str, behind: str) -> None:
    assert read(story("", behind, before))[:2] == (None, None)
    assert read(story("<div>12 March 2024</div>", behind, before))[:2] == ("2024-03-12", None)


@pytest.mark.parametrize(
    "line",
    [
        "The bridge was opened on 5 March 2024 by the mayor.",
        "Read the council's letter of 5 March 2024 to the owners here",
        "In May 2024 all will be better.",
    ],
)
def test_days_in_the_text_are_not_taken(line: str) -> None:
    assert read(story(f"<p>{line}</p>"))[0] is None


def test_machine_words_that_call_the_update_the_publication() -> None:
    head = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry stays until spring","datePublished":"2024-03-13T07:05:00Z","dateModified":"2024-03-13T07:05:00Z"}</script>'
    dates = "<p>First published 12 March 2024, 18:20 GMT. Updated 13 March 2024, 07:05 GMT.</p>"
    assert read(story(dates), head=head)[:2] == ("2024-03-12T18:20:00+00:00", "2024-03-13T07:05:00+00:00")
    assert read(story("<p>12 March 2024</p>"), head=head)[:2] == ("2024-03-13T07:05:00+00:00", "2024-03-13T07:05:00+00:00")


def test_a_text_published_anew_keeps_the_day_its_machine_words_tell() -> None:
    head = '<meta property="article:published_time" content="2024-04-25T08:18:00Z"><meta property="article:modified_time" content="2024-04-25T09:11:00Z">'
    assert read(story("<p>25.4.24</p>", "<p>Erstveröffentlichung: 04.04.2018</p>"), head=head, lang="de")[0] == "2024-04-25T08:18:00+00:00"


def test_the_printed_update_where_machine_words_know_none() -> None:
    head = '<meta property="article:published_time" content="2024-03-12T18:20:00Z"><meta property="article:modified_time" content="2024-03-12T18:20:00Z">'
    assert read(story("<p>Updated 13 March 2024, 07:05 GMT</p>"), head=head)[:2] == (
        "2024-03-12T18:20:00+00:00",
        "2024-03-13T07:05:00+00:00",
    )


@pytest.mark.parametrize(
    ("more", "lang", "url", "published", "assumed"),
    [
        ("", "en-US", "https://post.example/a", "2024-03-04", True), ("", "en-GB", "https://post.example/a", "2024-04-03", True),
        ("", "en", "https://post.example.in/a", "2024-04-03", True), ("", "fr", "https://post.example/a", "2024-04-03", True),
        ("<li>25/03/2024 Rain again</li>", "en-US", "https://post.example/a", "2024-04-03", False),
        ("<li>03/25/2024 Rain again</li>", "en-GB", "https://post.example/a", "2024-03-04", False),
    ],
)  # fmt: skip
def test_day_or_month_first(more: str, lang: str, url: str, published: str, assumed: bool) -> None:
    found = read(story("<div>3/4/2024</div>", f"<ul>{more}</ul>"), lang=lang, url=url)
    assert found[0] == published
    assert ("day-month-order-assumed" in found[2]) is assumed


def test_the_capture_decides_the_order() -> None:
    assert read(story("<div>3/9/2024</div>"), lang="en-GB")[0] == "2024-03-09"


@pytest.mark.parametrize(
    ("lang", "line", "published"),
    [
        ("en", "3 hours ago", "2024-06-01T09:00:00+00:00"), ("de", "vor 2 Stunden", "2024-06-01T10:00:00+00:00"), ("de", "gestern", "2024-05-31"), ("fr", "il y a 3 jours", "2024-05-29"),
        ("ru", "2 часа назад", "2024-06-01T10:00:00+00:00"), ("ja", "3時間前", "2024-06-01T09:00:00+00:00"), ("ar", "منذ 3 ساعات", "2024-06-01T09:00:00+00:00"), ("es", "hace 20 minutos", "2024-06-01T11:40:00+00:00"),
    ],
)  # fmt: skip
def test_the_time_since_only_with_the_time_of_the_capture(lang: str, line: str, published: str) -> None:
    found = read(story(f"<div>{line}</div>"), lang=lang)
    assert (found[0], "relative-date" in found[2]) == (published, True)
    assert read(story(f"<div>{line}</div>"), lang=lang, known=False)[0] is None


def test_the_day_with_which_the_text_begins() -> None:
    html = story("").replace("<p>The old ferry", "<p>HARROW, March 12, 2024 (Valley News) - The old ferry")
    assert read(html)[0] == "2024-03-12"
    assert read(html, url="https://post.example/2024/03/13/ferry")[0] == "2024-03-12"
    assert read(story(""), url="https://post.example/2024/03/13/ferry")[0] == "2024-03-13"


@pytest.mark.parametrize(
    ("dates", "url", "lang", "published"),
    [
        ("12 Mar 2024 18:20", "https://post.example.pl/a", "pl", "2024-03-12T18:20:00+01:00"),
        ("12 July 2024 18:20 IST".replace("July", "May"), "https://post.example.ie/a", "en", "2024-05-12T18:20:00+01:00"),
        ("12 May 2024 18:20 IST", "https://post.example.il/a", "en", "2024-05-12T18:20:00+03:00"),
        ("12 May 2024 18:20 IST", "https://post.example.in/a", "en", "2024-05-12T18:20:00+05:30"),
        ("12 May 2024 18:20 CST", "https://post.example.tw/a", "en", "2024-05-12T18:20:00+08:00"),
        ("12 May 2024 18:20", "https://post.example.com/a", "pl-PL", "2024-05-12T18:20:00+02:00"),
        ("12 May 2024 18:20", "https://post.example.com/a", "en-US", "2024-05-12T18:20:00+00:00"),
    ],
)  # fmt: skip
def test_zones_by_the_country_of_the_page(dates: str, url: str, lang: str, published: str) -> None:
    assert read(story(f"<div>{dates}</div>"), lang=lang, url=url)[0] == published


@pytest.mark.parametrize(
    ("html", "published"),
    [
        (story("<div class=updatetime>2024/3/12 18:20 GMT (3/13 07:05 更新)</div>"), "2024-03-12T18:20:00+00:00"),
        (story("<div><a href=#c>Comments (12)</a></div><p>Ada 12 March 2024</p>"), "2024-03-12"),
        (story("<div class=date-and-comments>Mar 12, 2024, 6:20 PM GMT+8</div>"), "2024-03-12T18:20:00+08:00"),
        (story("<div>12 March 2024 · 5 comments</div>"), "2024-03-12"),
        (f"<div class=menu>{'<p><a href=/b>Menu</a></p>' * 30}</div><div class=meta>2024-03-12 08:10 Source: Valley News</div><div>{PROSE}</div>", "2024-03-12T08:10:00+00:00"),
        (story("").replace("</p><p>", "</p><blockquote><p>So be it.</p>— Ada Moore (@ada) May 4, 2024</blockquote><p>", 1), None),
        (story("<footer class=entry-meta>12 March 2024 by <a href=/ada>Ada Moore</a></footer>"), "2024-03-12"),
        (story("").replace("barge ran into", "barge</p><p>May 4, 2024</p><p>ran into"), None),
    ],
)  # fmt: skip
def test_lines_seen_on_real_pages(html: str, published: str | None) -> None:
    assert read(html)[0] == published


@pytest.mark.parametrize(
    "value",
    ["1710267600", "1710267600000", '"1710267600"', '"/Date(1710267600000)/"', '"2024-03-12T18:20:00Z"', '"Tue, 12 Mar 2024 18:20:00 GMT"'],
)
def test_numbers_and_texts_in_json_ld(value: str) -> None:
    head = f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"Ferry stays until spring","datePublished":{value}}}</script>'
    assert read(story(""), head=head)[0] == "2024-03-12T18:20:00+00:00"


def test_microdata_of_a_comment_is_not_the_page_s() -> None:
    comment = "<div itemscope itemtype='https://schema.org/Comment'><time itemprop=datePublished datetime=2024-05-30T08:00Z>30 May</time><p>So be it.</p></div>"
    assert read(story("", comment))[0] is None
    own = "<div itemscope itemtype='https://schema.org/NewsArticle'><meta itemprop=datePublished content=2024-03-12T18:20Z></div>"
    assert read(story(own, comment))[0] == "2024-03-12T18:20:00+00:00"


def test_a_time_in_the_box_of_its_author_is_the_page_s() -> None:
    byline = "<p itemprop=author itemscope itemtype='https://schema.org/Person'>Ada Moore <time datetime=2024-03-12T18:20Z>12 March 2024</time></p>"
    assert read(story(byline))[0] == "2024-03-12T18:20:00+00:00"
