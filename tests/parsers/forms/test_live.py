"""Live blogs of many makes and languages are read entry by entry, with their times."""

from __future__ import annotations

import json

import pytest
from small_pages import DATE

from crawler.items import Article
from crawler.parsers.document.page import Page
from crawler.parsers.forms.entry_times import begins_with_clock, is_ago, is_clock
from crawler.parsers.generic.generic import read_generic

Entry = tuple[str, str, str]
LEAD = "The council decides tonight on the old swing bridge. We report as it happens, from the gallery and from the street."
TEXTS: dict[str, list[Entry]] = {
    "en": [
        ("18:42", "Vote is under way", "The clerk is reading out the names one by one. Two councillors have asked for more time."),
        ("18:20", "Engineers have their say", "The gear will hold until spring, the engineers say, if it is greased every week."),
        ("17:55", "Traders fill the gallery", "Some sixty traders from the east bank have come with lanterns and a banner."),
        ("17:30", "Meeting opens", "The mayor has opened the meeting and reminded everybody that the lights go out at eleven."),
    ],
    "de": [
        ("18.42 Uhr", "Die Abstimmung läuft", "Der Schriftführer verliest die Namen. Zwei Räte haben vergeblich um mehr Zeit gebeten."),
        ("18.20 Uhr", "Die Ingenieure", "Das Getriebe hält nach ihren Angaben bis zum Frühjahr, wenn es jede Woche geschmiert wird."),
        ("17.55 Uhr", "Volle Galerie", "Etwa sechzig Händler vom Ostufer sind mit Laternen und einem Transparent gekommen."),
    ],
    "fr": [
        ("18h42", "Le vote est en cours", "Le greffier lit les noms un par un. Deux conseillers ont demandé plus de temps."),
        ("18h20", "La parole aux ingénieurs", "Le mécanisme tiendra jusqu'au printemps s'il est graissé chaque semaine, disent-ils."),
        ("17h55", "Galerie pleine", "Une soixantaine de commerçants de la rive est sont venus avec des lanternes."),
    ],
    "ru": [
        ("18:42", "Идёт голосование", "Секретарь зачитывает имена одно за другим. Два депутата попросили больше времени."),
        ("18:20", "Слово инженерам", "Инженеры говорят, что механизм выдержит до весны, если его смазывать каждую неделю."),
        ("17:55", "Полная галерея", "Около шестидесяти торговцев с восточного берега пришли с фонарями и плакатом."),
    ],
    "ar": [
        ("18:42", "التصويت جار الآن", "يقرأ الكاتب الأسماء واحدا تلو الآخر وقد طلب عضوان مزيدا من الوقت ورفض الرئيس ذلك."),
        ("18:20", "كلمة المهندسين", "يقول المهندسون إن الآلة ستصمد حتى الربيع إذا شحمت كل أسبوع وابتعدت الشاحنات."),
        ("17:55", "الشرفة ممتلئة", "حضر نحو ستين تاجرا من الضفة الشرقية ومعهم فوانيس ولافتة طلب منهم طيها."),
    ],
    "ja": [
        ("18時42分", "採決始まる", "書記が名前を一人ずつ読み上げている。議員二人が時間の延長を求めたが、議長に退けられた。"),
        ("18時20分", "技術者が発言", "毎週油を差せば歯車は春までもつと話している。重いトラックは橋を避けるよう求めた。"),
        ("17時55分", "傍聴席は満員", "東岸の商店主およそ六十人が提灯と横断幕を持って集まった。"),
    ],
    "pt": [
        ("17:30", "Sessão aberta", "A prefeita abriu a sessão e lembrou a todos que as luzes se apagam às onze."),
        ("18:20", "Engenheiros falam", "O mecanismo aguenta até a primavera, dizem os engenheiros, se for lubrificado toda semana."),
        ("18:42", "Votação em andamento", "O secretário lê os nomes um a um. Dois vereadores pediram mais tempo e não o conseguiram."),
    ],
}  # fmt: skip


def articles(t: str, title: str, text: str) -> str:
    return f'<article class="x"><time datetime="2026-11-20T{t[:5]}:00Z">{t}</time><h3>{title}</h3><p>{text}</p></article>'


def items(t: str, title: str, text: str) -> str:
    return f'<li><span class="zeit">{t}</span><h3>{title}</h3><p>{text}</p><div class="share"><a href="#">Share</a></div></li>'


def sections(t: str, title: str, text: str) -> str:
    return f"<section><header><time>{t}</time></header><h2>{title}</h2><div><p>{text}</p></div><footer><a href='#'>Share</a></footer></section>"


def boxes(t: str, title: str, text: str) -> str:
    return f'<div class="a1"><div class="t2">{t}</div><div class="c3"><h4>{title}</h4><p>{text}</p></div></div>'


def in_heading(t: str, title: str, text: str) -> str:
    return f'<section><h2><time datetime="2026-11-20T{t[:5]}:00+02:00">{t}</time> {title}</h2><p>{text}</p></section>'


def headings(t: str, title: str, text: str) -> str:
    return f"<h3>{t} {title}</h3><p>{text}</p>"


def terms(t: str, title: str, text: str) -> str:
    return f"<dt>{t}</dt><dd><strong>{title}</strong><p>{text}</p></dd>"


def bold(t: str, title: str, text: str) -> str:
    return f"<p><strong>{t}: {title}.</strong> {text}</p>"


def read(body: str, *, head: str = "", lang: str = "en") -> Article:
    menu = '<nav><a href="/">Morrow</a><a href="/2">Politics</a></nav>'
    rail = '<aside><h2>Most read</h2><ul><li><a href="/1">Ferry fares to rise by a tenth in spring</a></li></ul></aside>'
    text = f'<html lang="{lang}"><head><title>Swing bridge vote - Morrow</title>{head}</head><body>{menu}{body}{rail}</body></html>'
    return read_generic(Page(url="https://courier.example/live/bridge", date=DATE, text=text))


MAKES = [
    ("en", articles, '<div class="feed">{}</div>'),
    ("de", items, '<ul class="ticker">{}</ul>'),
    ("fr", sections, "<div>{}</div>"),
    ("ar", boxes, '<div class="q">{}</div>'),
    ("en", in_heading, "<div>{}</div>"),
    ("pt", articles, "<div>{}</div>"),
    ("ru", headings, "{}"),
    ("ja", terms, "<dl>{}</dl>"),
    ("de", bold, "{}"),
    ("ru", items, "<ol>{}</ol>"),
    ("ar", headings, "{}"),
    ("fr", bold, "{}"),
]


@pytest.mark.parametrize(("lang", "make", "around"), MAKES, ids=[f"{lang}-{make.__name__}" for lang, make, _ in MAKES])
def test_entries_of_many_makes(lang: str, make, around: str) -> None:  # type: ignore[no-untyped-def]
    entries = TEXTS[lang]
    body = around.format("".join(make(*entry) for entry in entries))
    article = read(f"<main><article><h1>Swing bridge vote, as it happens</h1><p>{LEAD}</p>{body}</article></main>", lang=lang)
    pieces = [LEAD, *(piece for _, title, text in entries for piece in (title, text))]
    at = [article.body.find(piece) for piece in pieces]
    assert -1 not in at, article.body
    assert at == sorted(at), article.body
    assert "Share" not in article.body
    assert "Ferry fares" not in article.body
    times = [block.text or "" for block in article.blocks if block.kind == "entry"]
    assert len(times) == len(entries)
    for (printed, _, _), told in zip(entries, times, strict=True):
        assert printed.removesuffix(" Uhr") in told or printed[:5] in told
    assert article.published is None, "the time of an entry is not the page's"


UPDATES = [
    {
        "@type": "BlogPosting", "headline": title, "datePublished": f"2026-11-20T{time}:00+00:00", "articleBody": text,
        "author": {"@type": "Person", "name": "Ida Boone"},
    }
    for time, title, text in TEXTS["en"]
]  # fmt: skip
TOLD = {
    "@type": "LiveBlogPosting",
    "headline": "Swing bridge vote",
    "datePublished": "2026-11-19T08:00:00+00:00",
    "url": "https://courier.example/live/bridge",
    "inLanguage": "en",
    "liveBlogUpdate": UPDATES,
}
SCRIPT = f'<script type="application/ld+json">{json.dumps(TOLD)}</script>'


@pytest.mark.parametrize("printed", [True, False])
def test_times_and_authors_that_json_ld_tells(printed: bool) -> None:
    shown = "".join(f"<div><span>{n} minutes ago</span><p><b>{h}</b></p><p>{x}</p></div>" for n, (_, h, x) in enumerate(TEXTS["en"], 3))
    article = read(f"<main><h1>Swing bridge vote</h1><div>{shown if printed else ''}</div></main>", head=SCRIPT)
    assert [block.text for block in article.blocks if block.kind == "entry"] == [
        f"2026-11-20T{time}:00+00:00\nIda Boone" for time, _, _ in TEXTS["en"]
    ]
    assert "minutes ago" not in article.body
    assert article.body == "\n".join(f"{title}\n{text}" for _, title, text in TEXTS["en"])
    assert article.published == "2026-11-19T08:00:00+00:00"


def test_an_entry_by_the_author_of_the_page_begins_as_others() -> None:
    shown = "".join(
        f"<li><time>{n} minutes ago</time><span class='by'> Ida Boone</span><h3>{h}</h3><p>{x}</p></li>"
        for n, (_, h, x) in enumerate(TEXTS["en"], 3)
    )
    article = read(f"<main class='live'><h1>Swing bridge vote</h1><p class='byline'>By Ida Boone</p><ul>{shown}</ul></main>")
    assert [block.text for block in article.blocks if block.kind == "entry"] == ["Ida Boone"] * 4
    assert "Ida Boone" not in article.body


STORY = (
    "<p>The council has voted to keep the bridge open for the whole of the winter, after four hours of debate in a full hall.</p>"
    "<p>It will be greased every week, said the mayor, who had asked for the vote herself in autumn, and lorries will go round by the mill.</p>"
)


@pytest.mark.parametrize(
    "below",
    [
        "".join(f"<div><b>Nell {n}</b><span>18:{59 - n}</span><p>I have lived by it for forty years, and it was never greased.</p></div>" for n in range(6)),
        "".join(f'<div class="card"><time>18:{59 - n}</time><h3><a href="/{n}">Ferry fares to rise by a tenth</a></h3></div>' for n in range(6)),
        "".join(f'<li class="comment"><time datetime="2026-11-20T18:{59 - n}Z">x</time><p>It was never greased, I know that for sure.</p></li>' for n in range(9)),
    ],
    ids=["comments", "teasers", "named comments"],
)  # fmt: skip
def test_comments_and_teasers_are_no_entries(below: str) -> None:
    article = read(f"<main><article><h1>Swing bridge vote</h1>{STORY}</article><div>{below}</div></main>")
    assert not [block for block in article.blocks if block.kind == "entry"]


@pytest.mark.parametrize(
    ("line", "clock", "ago", "begins"),
    [
        ("18.42 Uhr", True, False, True),
        ("18:42 GMT", True, False, True),
        ("12 March 2026, 6:42 pm", True, False, False),
        ("11.07.2026", False, False, False),
        ("01:43 min", False, False, False),
        ("18:42 – Vote is under way", False, False, True),
        ("5 minutes ago", False, True, False),
        ("vor 18 Minuten", False, True, False),
        ("il y a 3 minutes", False, True, False),
        ("hace 2 horas", False, True, False),
        ("3 минуты назад", False, True, False),
        ("منذ 5 دقائق", False, True, False),
        ("5分钟前", False, True, False),
        ("Two hours later", False, False, False),
    ],
)
def test_what_a_line_of_time_is(line: str, clock: bool, ago: bool, begins: bool) -> None:
    assert (is_clock(line), is_ago(line), begins_with_clock(line)) == (clock, ago, begins)
