"""The older layouts and the choice among them, on small pages of our own."""

from __future__ import annotations

from datetime import UTC, datetime

from crawler.items import Article
from crawler.parsers.document.page import Page
from crawler.parsers.template import parse
from crawler.sites.presstv import SITE

BODY = "A bridge of wood was carried away by the river on Sunday, and nobody was hurt, the mayor said."
MORE = "Ferries will run every hour until a new bridge is built, which may take until the end of next year."


def read(text: str, url: str, year: int = 2026) -> Article:
    page = Page.from_text(url, datetime(year, 1, 15, tzinfo=UTC), text)
    return parse(page, SITE.templates, language="en", timezone=SITE.timezone, key_of_picture=SITE.key_of_picture)


TABLES = f"""<HTML><HEAD><TITLE>PressTV - River carries bridge away</TITLE></HEAD><BODY><TABLE><TR>
<TD>Sunday Oct 30, 2011 11:25 AM GMT</TD></TR>
<TR><TD><B>River carries bridge away</B></TD></TR><TR><TD>Sun Oct 30, 2011 9:05AM</TD></TR><TR>
<TD>Share | <A HREF="mailto:x">Email</A> | Print</TD></TR>
<TR><TD><TABLE>
<TR><TD><IMG SRC="http://previous.presstv.ir/photo/20111030/100001_bridge.jpg"></TD></TR><TR>
<TD>The bridge (file photo)</TD></TR></TABLE>
{BODY}<BR><BR>{MORE}</TD></TR><TR><TD><B>Related Stories:</B></TD></TR><TR><TD>Add Comment <A HREF="#">Click Here</A></TD></TR></TABLE>
Latest From Europe<UL><LI>Today</UL>&copy; Copyright 2011 Press TV. All rights reserved. | About PressTV</BODY></HTML>"""

CLASSIC = f"""<html class=no-js><head><meta charset=utf-8>
<title>PressTV-Bridge gone</title><link rel=stylesheet href=/Content/Site151104.css>
<meta property=og:title content="PressTV-Bridge gone"></head><body><h2>Breaking News</h2><article id=item class=item><header>
<h2 class=page-header>River carries
 bridge away</h2>
<div id=header-pubdate class=item-date data-id=600001> Mon Sep 23, 2019 09:34PM \r\n [Updated: Tue Sep 24, 2019 02:35AM ]</div>
<ol class=breadcrumb><li><a href=/>Home</a></li>
<li><a href=/Default/Section/106>Europe</a></li></ol></header><div class=item-body>
<figure class=item-image>
<img id=imgPlayback src=https://cdn.presstv.com//photo/20190923/aa.jpg>

<figcaption id=mainFigCap>The bridge (Photo via City Hall)</figcaption></figure>

<ul class=item-tools><li><a href=#>Embed</a><textarea>&lt;iframe&gt;</textarea></ul><div class=item-text><p><strong>{BODY}</strong></p>
<p>{MORE}</p></div></div></article></body></html>"""


def test_tables_of_2011_by_text_order() -> None:
    article = read(TABLES, "http://www.presstv.ir/detail/100001.html")
    assert (article.template, article.headline) == ("tables", "River carries bridge away")
    assert article.body == f"{BODY}\n{MORE}"
    assert article.published == "2011-10-30T09:05:00+00:00", "the clock of the fetch is no date"
    assert [(i.caption, i.credit) for i in article.images] == [("The bridge", "file photo")]
    assert "out-of-season" in article.problems


def test_classic_in_and_out_of_season() -> None:
    url = "https://www.presstv.com/Detail/2019/09/23/600001/x"
    in_season, later = read(CLASSIC, url, 2020), read(CLASSIC, url)
    assert "out-of-season" not in in_season.problems
    assert "out-of-season" in later.problems
    for article in (in_season, later):
        assert (article.template, article.headline) == ("classic", "River carries bridge away")
        assert (article.published, article.modified) == ("2019-09-23T21:34:00+00:00", "2019-09-24T02:35:00+00:00")
        assert article.published_raw == "Mon Sep 23, 2019 09:34PM [Updated: Tue Sep 24, 2019 02:35AM ]"
        assert article.body == f"{BODY}\n{MORE}"
        assert [(i.credit, i.key) for i in article.images] == [("City Hall", "aa")]
        assert [c.text for c in article.breadcrumb] == ["Home", "Europe"]


def test_a_page_that_is_none_of_the_layouts_goes_to_the_generic_reader() -> None:
    article = read(f"<html><title>Other</title><h1>Quite another page here</h1><p>{BODY}<p>{MORE}", "https://www.presstv.ir/x")
    assert article.template == "generic"
    assert article.headline == "Quite another page here"


def test_a_template_whose_reading_is_empty_falls_back_and_says_so() -> None:
    article = read(
        "<html><title>PressTV-X</title><meta name=DC.Date.Created content='3/9/2026 1:00:00 PM'><body>", "https://www.presstv.ir/x"
    )
    assert article.template == "generic"
    assert any(p.startswith("template-failed: modern") for p in article.problems)
