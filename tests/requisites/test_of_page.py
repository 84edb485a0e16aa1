"""What the look of a page needs, and what is left out by the rule."""

from datetime import UTC, datetime

import pytest

from crawler.parsers.document.page import Page
from crawler.requisites.needs import FALLBACK, FILM, LATE, SPECK
from crawler.requisites.of_file import kind_of_file, requisites_of_file, style_text
from crawler.requisites.of_page import counted, requisites_of
from crawler.requisites.script_addresses import addresses_in_import_map, addresses_in_script

SITE = "https://www.paper.example"


def page(body: str, url: str = f"{SITE}/a/story") -> Page:
    return Page.from_text(url, datetime(2026, 11, 1, tzinfo=UTC), f"<html><body>{body}")


def needed(body: str) -> list[tuple[str, str]]:
    return [(one.kind, one.url.removeprefix(SITE)) for one in requisites_of(page(body)).needed.values()]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (
            "<link rel=stylesheet href=/a.css media=print><link rel='alternate stylesheet' href=/b.css disabled><link rel=stylesheet type=text/less href=/no.less>",
            [("style", "/a.css"), ("style", "/b.css")],
        ),
        (
            "<link rel='SHORTCUT ICON' href=/i.ico><link rel=apple-touch-icon href=/t.png><link rel=manifest href=/m.json><link rel=prefetch href=/no>",
            [("icon", "/i.ico"), ("icon", "/t.png"), ("manifest", "/m.json")],
        ),
        (
            "<link rel=preload as=font href=/f.woff2 crossorigin><link rel=modulepreload href=/m.js><link rel=preload as=image imagesrcset='/a 1x, /b 2x'>",
            [("font", "/f.woff2"), ("script", "/m.js"), ("picture", "/a"), ("picture", "/b")],
        ),
        (
            "<script type=module>import '/x.mjs'; import y from './y.mjs'</script><script type='application/ld+json' src=/no></script>"
            "<script type=importmap>{\"imports\": {\"z\": \"/z.js\", \"dir/\": \"/dir/\"}, \"scopes\": {\"/s/\": {\"w\": \"./w.js\"}}}</script>",
            [("script", "/x.mjs"), ("script", "/a/y.mjs"), ("script", "/z.js"), ("script", "/a/w.js")],
        ),
        ("<style media=print>@font-face{src:url(/f.woff)}p{background:url(/b.png)}</style>", [("font", "/f.woff"), ("picture", "/b.png")]),
        ("<p style='background:image-set(\"/a.png\" 1x)'>x<td background=/old.gif><i data-bg='url(/l.jpg)'></i><b data-bg=/m.jpg></b>",
         [("picture", "/a.png"), ("picture", "/old.gif"), ("picture", "/l.jpg"), ("picture", "/m.jpg")]),
        ("<object data=/d.svg type=image/svg+xml></object><object data=/page.html></object><embed src=/e.svg><embed src=/film.swf>",
         [("picture", "/d.svg"), ("picture", "/e.svg")]),
        ("<svg><use href='/sprite.svg#a'/><use xlink:href='#b'/><image href=/i.png /></svg>", [("picture", "/sprite.svg"), ("picture", "/i.png")]),
        ("<img src=data:x data-src=/l.jpg data-srcset='/l2.jpg 2x' loading=lazy><img data-src='{{ url }}'><noscript><img src=/n.jpg></noscript>",
         [("picture", "/l.jpg"), ("picture", "/l2.jpg"), ("picture", "/n.jpg")]),
        ("<amp-img src=/amp.jpg></amp-img><video poster=/p.jpg data-poster=/q.jpg></video>", [("picture", "/amp.jpg"), ("picture", "/p.jpg"), ("picture", "/q.jpg")]),
        ("<base href=//cdn.paper.example/x/><link rel=stylesheet href=s.css><style>p{background:url(../b.png)}</style>",
         [("style", "https://cdn.paper.example/x/s.css"), ("picture", "https://cdn.paper.example/b.png")]),
    ],
)  # fmt: skip
def test_needed(body: str, found: list[tuple[str, str]]) -> None:
    assert needed(body) == found


def test_what_shows_nothing_is_left_out_and_named() -> None:
    found = requisites_of(page(
        "<img src=https://count.invalid/a.gif width=1 height=1><img src=/own.gif style='width:1px;height:0'><img src=/line.gif width=600 height=1>"
        "<script async src=https://ads.invalid/a.js></script><script async src=/own.js></script><script async src=https://static.paper.example/s.js></script>"
        "<script src=https://cdn.invalid/jquery.js></script><script async integrity=sha384-x src=https://cdn.invalid/lib.js></script>"
        "<noscript><img src='https://count.invalid/p?c=1'><img src=https://cdn.invalid/p.jpg?w=9></noscript><video src=/film.mp4><source src=/film.webm></video>"
    ))  # fmt: skip
    assert [one.removeprefix(SITE) for one in found.urls()] == [
        "/line.gif", "/own.js", "https://static.paper.example/s.js", "https://cdn.invalid/jquery.js", "https://cdn.invalid/lib.js",
        "https://cdn.invalid/p.jpg?w=9",
    ]  # fmt: skip
    assert found.left_out == {
        SPECK: ["https://count.invalid/a.gif", f"{SITE}/own.gif"], LATE: ["https://ads.invalid/a.js"],
        FALLBACK: ["https://count.invalid/p?c=1"], FILM: [f"{SITE}/film.mp4", f"{SITE}/film.webm"],
    }  # fmt: skip
    assert dict(counted(found)) == {SPECK: 2, LATE: 1, FALLBACK: 1, FILM: 2}


def test_hosts_of_the_same_site_are_no_other_domain() -> None:
    text = "<script async src=https://media.courier.example/a.js></script>"
    assert not requisites_of(page(text)).needed
    assert requisites_of(page(text), {"media.courier.example"}).needed
    assert not requisites_of(page("<script async src=https://www.other.co.uk/a.js></script>", "https://www.paper.co.uk/")).needed


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import'./a.js';import{b as c}from\"../b.js\";export * from '/c.js'\nimport d, * as e from 'https://x.example/d.js'", ["./a.js", "../b.js", "/c.js", "https://x.example/d.js"]),
        ("const m = await import( /* webpack */ './lazy.js' ), n = import(name), o = import(`./no.js`)", ["./lazy.js"]),
        ("// import './no.js'\n/* import './no.js' */ s = \"import './no.js'\"; t = `import './no.js'`", []),
        ("import react from 'react'; x.import('./no.js'); $import './no.js'; Array.from('./no.js')", []),
        ("import a from './a.json' with { type: 'json' }; import.meta.url", ["./a.json"]),
        ("no modules", []),
    ],
)  # fmt: skip
def test_imports_of_scripts(text: str, found: list[str]) -> None:
    assert list(addresses_in_script(text)) == found


@pytest.mark.parametrize("text", ["", "[]", "{", '{"imports": 1, "scopes": [2]}', "[" * 100_000])
def test_a_broken_import_map_names_nothing(text: str) -> None:
    assert addresses_in_import_map(text) == ()


def test_a_style_sheet_names_what_it_needs_beside_itself() -> None:
    found = requisites_of_file(
        "https://cdn.example/css/main.css?v=2", [("Content-Type", "text/css")],
        b"@import '//other.example/x.css';@font-face{src:url(../f/a.woff2)}p{background:url(b.png)}q{background:url(javascript:x)}",
    )  # fmt: skip
    assert [(one.kind, one.url) for one in found.needed.values()] == [
        ("style", "https://other.example/x.css"), ("font", "https://cdn.example/f/a.woff2"), ("picture", "https://cdn.example/css/b.png"),
    ]  # fmt: skip


def test_a_script_names_its_modules_and_other_files_nothing() -> None:
    assert list(requisites_of_file("https://a.example/m.mjs", [], b"import './n.js'").urls()) == ["https://a.example/n.js"]
    assert not requisites_of_file("https://a.example/p.svg", [("Content-Type", "image/svg+xml")], b"<svg>url(a.png)</svg>").needed
    assert kind_of_file("https://a.example/s.css", [("Content-Type", "text/html")]) is None


@pytest.mark.parametrize(
    ("data", "mime", "text"),
    [
        ("\ufeffp{}".encode("utf-16-le"), "text/css; charset=utf-8", "p{}"),
        ("\u0438".encode("cp1251"), "text/css; charset='windows-1251'", "\u0438"),
        (b'@charset "windows-1251";\xe8', "text/css; charset=nonsense", '@charset "windows-1251";\u0438'),
        (b'@charset "utf-16";a', "text/css", '@charset "utf-16";a'),
        (b"\xe8", "text/css", "\ufffd"),
    ],
)
def test_charset_of_a_style_sheet(data: bytes, mime: str, text: str) -> None:
    assert style_text(data, [("Content-Type", mime)]) == text
