"""The words of a body are words of the page as Chromium shows them, in order. Group `outer`: needs Chromium, the sample pages too."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from shown_text import Browser, browser, not_shown, shown_words
from stands import SHARED

from crawler.parsers.document.page import Page
from crawler.parsers.generic.generic import read_generic

pytestmark = pytest.mark.outer

NEWS = SHARED / "samples" / "news"
DATE = datetime(2030, 1, 1, tzinfo=UTC)
MOSTLY = 0.98
"""Share of a body's words that a page shows, below which it is counted as hidden by styles that the archive does not follow, or as shown by scripts."""
MAX_HIDDEN = 0.03
"""Share of such pages."""
TEXT = "The council voted on Tuesday night to keep the old bridge open until the spring, when its gear is to be mended, the mayor said."
MORE = "Shopkeepers on the east bank had warned that they would lose a third of their trade before the holidays if it was shut now."
LAST = "Engineers say that the gear can be kept running if it is greased every week, and lorries of seven tons are sent round by the ford."


@pytest.fixture(scope="module")
def shown(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(chromium, tmp_path_factory.mktemp("profile")) as one:
        yield one


_INLINE = [
    "<b>{}</b>", "<i>{}</i>", "<span>{}</span>", "<a href=/x>{}</a>", "<font size=2>{}</font>", "<st1:city>{}</st1:city>", "<tool-tip>{}</tool-tip>",
    "<abbr title=no>{}</abbr>", "<sup>{}</sup>", "<span style='display:block'>{}</span>", "<b style='display:block'>{}</b>", "{}<br>", "<br>{}",
    "{}<wbr>", "<!-- no -->{}", "<span hidden>no</span>{}", "<span style='display:none'>no</span>{}", "<script>no()</script>{}", "<svg><title>no</title></svg>{}",
    "<noscript>no</noscript>{}", "<select><option>no</select>{}", "<ruby>{}</ruby>", "<img src=/a.gif alt=no>{}", "<meta itemprop=x content=no>{}",
]  # fmt: skip
_BLOCKS = [
    "<p>{0}{1}{0}</p>", "<div>{0}{1}</div>", "<blockquote><p>{0}</p><p>{1}</p></blockquote>", "<ul><li>{0}<ul><li>{1}</ul><li>{0}</ul>", "<ol><li><p>{0}</p>{1}</ol>",
    "<table><tr><td>{0}<td>{1}<tr><td>{1}<td>{0}</table>", "<dl><dt>{1}<dd>{0}</dl>", "<h3>{1}</h3><p>{0}</p>", "<section>{0}<div>{1}</div>{0}</section>",
    "<pre>{0}\n{1}</pre>", "<center>{0}<hr>{1}</center>", "<p>{0}<div>{1}</div>{0}", "<details open><summary>{1}</summary>{0}</details>", "<my-box>{0}<p>{1}</p></my-box>",
]  # fmt: skip
_ENCODED = [
    ("windows-1251", "Депутаты проголосовали за то, чтобы старый мост оставался открытым до весны, сообщил мэр города."),
    ("gb18030", "市议会周二晚上投票决定，旧桥在春季维修之前继续开放，市长对记者们说。"), ("shift_jis", "市議会は火曜の夜、古い橋を春の修理まで開けておくことを決めたと市長が記者団に語った。"),
    ("iso-8859-9", "Belediye meclisi salı gecesi eski köprünün bahara kadar açık kalmasına karar verdi, dedi belediye başkanı."), ("euc-kr", "시의회는 화요일 밤 옛 다리를 봄까지 열어 두기로 결정했다고 시장이 기자들에게 말했다."),
    ("windows-1256", "صوت المجلس ليلة الثلاثاء على إبقاء الجسر القديم مفتوحا حتى الربيع حين تصلح آلاته كما قال رئيس البلدية للصحفيين"), ("tis-620", "สภาเมืองลงมติเมื่อคืนวันอังคารให้เปิดสะพานเก่าต่อไปจนถึงฤดูใบไม้ผลิ นายกเทศมนตรีกล่าวกับผู้สื่อข่าว"),
]  # fmt: skip


def invented() -> Iterator[str]:
    """Pages of many shapes: each block, with each way to mark words within a line in turn."""
    for n, block in enumerate(_BLOCKS):
        for mark in _INLINE[n % 2 :: 2]:
            inside = block.format(f"Ferries leave at nine, the harbour master{mark.format('Odette')} said on the pier, and come back", mark.format("Boone"))
            yield f"<html><title>Bridge</title><body><nav><a href=/>Home</a></nav><h1>Bridge {mark.format('stays')}</h1><div><p>{TEXT}</p>{inside}<p>{MORE}</p><p>{LAST}</p></div>"


def test_words_of_invented_pages_are_neither_glued_nor_parted_nor_made(shown: Browser) -> None:
    wrong = []
    for html in invented():
        article = read_generic(Page.from_text("http://page.example/1", DATE, html))
        words = shown_words(shown.shown(html.encode()))
        assert "council" in words
        missing = not_shown(article.body, words) + not_shown(article.headline or "", words)
        if missing or len(article.body) < len(TEXT):
            wrong.append((html[html.index("<h1>") :], missing))
    assert not wrong, "\n".join(f"{html}\n   {missing}" for html, missing in wrong[:10])


@pytest.mark.parametrize(("charset", "text"), _ENCODED, ids=[charset for charset, _ in _ENCODED])
def test_bytes_are_the_same_text_as_in_a_browser(shown: Browser, charset: str, text: str) -> None:
    body = "".join(f"<p>{text} {n}</p>" for n in range(6))
    codec = "cp874" if charset == "tis-620" else charset
    data = f"<html><head><title>x</title></head><body><h1>{text[:20]}</h1>{body}".encode(codec)
    named = f"text/html; charset={charset}"
    for headers in ([("Content-Type", named)], [("Content-Type", "text/html")]):
        article = read_generic(Page.from_payload(url="http://page.example/1", date=DATE, headers=headers, payload=data))
        assert not not_shown(article.body, shown_words(shown.shown(data, named)))


@pytest.mark.skipif(not NEWS.is_dir(), reason="the sample pages (../shared/samples/news) are not here")
def test_words_of_bodies_are_words_of_the_sample_pages_in_order(shown: Browser) -> None:
    hidden, pages = [], 0
    for line in (NEWS / "truth.jsonl").read_text("utf-8").splitlines():
        case = json.loads(line)
        data = gzip.decompress(Path(NEWS / case["file"]).read_bytes())
        page = Page.from_payload(url=case["url"], date=DATE, headers=[], payload=data)
        article = read_generic(page)
        missing = not_shown(article.body, shown_words(shown.shown(page.text.encode("utf-8", "replace"))))
        pages += 1
        if len(missing) > (1 - MOSTLY) * len(shown_words(article.body)):
            hidden.append((case["id"], len(missing), missing[:2]))
    assert len(hidden) <= MAX_HIDDEN * pages, hidden
