"""What a page shows and links to, as the standard's tree holds it, where libxml2's own tree would lose or add something."""

from argparse import Namespace
from datetime import UTC, datetime

import pytest

from crawler.commands import crawl, read, reindex, stats
from crawler.errors import Unreadable
from crawler.parsers.document.flow import flow
from crawler.parsers.document.page import Page
from crawler.parsers.generic.generic import read_generic
from crawler.parsers.links.page_links import page_links
from crawler.parsers.markup import tree
from crawler.parsers.markup.html_repair import repaired
from crawler.parsers.markup.tree import outdated
from crawler.requisites.of_page import page_requisites

SITE = "https://n.example/"


def page(source: str) -> Page:
    return Page.from_text(SITE, datetime(2026, 1, 1, tzinfo=UTC), source)


def told(source: str) -> tuple[str, str]:
    """The letters in the order they are shown, and the links."""
    read = page(source)
    return "".join("".join(piece.text for piece in flow(read)).split()), " ".join(link.url.removeprefix(SITE) for link in page_links(read))


TREES = {
    # what stands behind the end of the page, of its body or of its head
    "<html><head><title>t</title></head></html><body><p>Hello <a href=/x>x</a>": ("Hello x", "x"),
    "<body><p>a</body><p>b <a href=/x>x</a>": ("a b x", "x"),
    "<body><p>a</body></html>b<!-- c --><p>c<a href=/x>d</a></html>e": ("a b c d e", "x"),
    "<p>a</body><p>b</body><table><tr><td>c</table></html>d<p>e": ("a b c d e", ""),
    "<p>a</body>b<head><p>c</head><body><p>d</body>e</html>f": ("a b c d e f", ""),
    "<html lang=de><body class=a><p>a</html><html lang=fr id=i><head><title>u</title></head><body class=b><p>b</html>": ("a b", ""),
    "<html></html><html></html><p>a": ("a", ""),
    "<p>a</p></html></div></html><p>b": ("a b", ""),
    "<html><body><p>a</html><svg><p>b": ("a b", ""),
    "<head></head><p>a<head><p>b": ("a b", ""),
    "<title>t</title></head></svg><head><time>a <a href=/x>b</a>": ("a b", "x"),
    "<head><title>t</title></head>a<head><p>b</head>c": ("a b c", ""),
    "<frameset><frame src=/f></frameset></html>a": ("", "f"),
    "<frameset><frame src=/f><noframes><a href=/x>a</a></noframes></frameset>": ("", "f x"),
    "<p>a<noembed><b>b</b></noembed>c": ("a c", ""),
    # what begins a body
    **{f"<title>t</title><{name}>a</{name}><p>b": ("a b", "") for name in (
        "x-app", "button", "picture", "details", "label", "time", "main", "search", "output", "dialog-box", "ruby", "h1", "font",
    )},
    "<title>t</title><x-app><p>a</p></x-app>b<!-- -->c": ("a bc", ""),
    "<title>t</title><noscript><img src=/i></noscript><x-a>a</x-a> b": ("a b", ""),
    "<meta name=m><svg><path/></svg><x-a>a": ("a", ""),
    "<title>t</title><math><mi>m</mi></math>a": ("a", ""),
    # templates
    "<template><div></template><p>a": ("a", ""),
    "<div><template><div><a href=/t>{{t}}</a></template></div><p>a": ("a", ""),
    "<template><template></template><p>b</template><p>a": ("a", ""),
    "<head><template><title>u</title><p></template><title>t</title></head><p>a": ("a", ""),
    "<TEMPLATE id='a>b'><script>'</template>'</script>b</Template >a": ("a", ""),
    "<p>a<template>b": ("a", ""),
    "</template>a<template></template>b": ("ab", ""),
    "<a title='<template>' href=/x>a</a>b<!--<template>-->c<template>d</template>": ("abc", "x"),
    "<script>'<template>'</script>a<textarea><template></textarea>b<template>c</template>": ("a b", ""),
    "<table><template><tr></template><tr><td>a</table>b": ("a b", ""),
    "<ul><template><li></template><li>a</ul>b": ("a b", ""),
    "<x-a><template shadowrootmode=open><p>a<a href=/x>b</a></template></x-a>c": ("ab c", "x"),
    "<svg><script/></svg>a<template>b</template>c": ("a c", ""),
    "<plaintext><template>a": ("<template>a", ""),
    # noscript
    "<noscript><div></noscript><p>a": ("a", ""),
    "<noscript><iframe src=/f></noscript><p>a": ("a", "f"),
    "<noscript><!-- </noscript><p>a": ("a", ""),
    "<noscript><img alt='></noscript><p>a": ("a", ""),
    "<noscript><table><tr><td></noscript><p>a": ("a", ""),
    "<div>a<noscript></div></noscript>b</div>": ("a b", ""),
    "<noscript><style>a{}</noscript><p>a<noscript><a href=/x>b</a></noscript>c": ("ac", "x"),
    "<script>'<noscript>'</script><p>a</p>b<noscript><div></noscript>c": ("a b c", ""),
    "<head><noscript><p>a</p></noscript><title>t</title></head><p>b": ("b", ""),
    # svg and math
    "<svg><path/><p>a</svg>b": ("a b", ""),
    "<svg><g><div>a</div>b</g>c</svg>d": ("a b c d", ""),
    "<div><svg><svg><path></svg><span>a <a href=/x>b</a></span></div>c": ("a b c", "x"),
    "<math><mrow><table><tr><td>a</table>": ("a", ""),
    "<svg><title>t<path/></svg>a": ("a", ""),
    "<svg><title/></svg>a": ("a", ""),
    "<svg><foreignObject><p>f</p></foreignObject></svg>a": ("a", ""),
    "<p>a<svg><p>b</svg></p>c": ("a b c", ""),
    # and the rest
    "<p>a<!-->b<!--->c<!-- -- > -->d<!-- --!>e": ("abcde", ""),
    "<p>a<? p ?>b</ x>c<!x>d<![CDATA[x]]>e": ("abcde", ""),
    "<p>a<select><option>o</select>b<xmp><b>c</xmp>d": ("ab <b>c d", ""),
    "<table><tr><td>a<table><tr><td>b</table>c</table>d": ("a b c d", ""),
    "<form><table><form><tr><td>a</form></table>b</form>c": ("a b c", ""),
    "<a href=/x>a<div>b<a href=/y>c</a></div>d</a>": ("a b c d", "x y"),
    "<p>a<object data=/o.swf><p>f</object>b": ("a b", ""),
    "<b>a<p>b</b>c<i>d</p>e": ("a b c d e", ""),
}  # fmt: skip


@pytest.mark.parametrize("source", TREES)
def test_letters_and_links(source: str) -> None:
    words, links = TREES[source]
    assert told(source) == (words.replace(" ", ""), links)


def test_what_is_read_otherwise_than_it_is_written_is_told() -> None:
    for source, problem in (("<p>a</html><p>b", "content behind </html>"), ("<p>a<template>b", "template without an end")):
        read = page(source)
        flow(read)
        assert read.problems == (problem,)


def test_a_page_of_nothing_but_a_template_is_an_empty_page() -> None:
    assert told("<template><p>a <a href=/x>b</a>") == told("<template><p>a</template>") == ("", "")
    with pytest.raises(Unreadable):
        _ = page("").root


def test_attributes_that_are_no_names_stop_nothing() -> None:
    assert told('<body class=a><p>a</body></html><body \x01=b "=c =d xml:lang=e \ud800=f id=\x0b><p>b') == ("ab", "")


def test_a_title_behind_the_body_is_kept() -> None:
    assert page("<p>a</body><head><title>t</title></head>b").xpath("//title/text()").get() == "t"


def test_pictures_of_a_template_are_no_requisites() -> None:
    assert page_requisites(page("<template><img src=/t.jpg></template><image src=/i.jpg><svg><image src=/no></svg>")) == (SITE + "i.jpg",)


def test_an_image_is_a_picture_outside_of_svg() -> None:
    assert [piece.picture for piece in flow(page("<p>a<image src=/i.jpg><svg><image src=/no.jpg></svg>")) if piece.picture] == [
        SITE + "i.jpg"
    ]


def test_a_page_with_nothing_to_mend_is_not_written_anew() -> None:
    source = "<svg><title>t</title><path/></svg><noscript><p>a<p><img src=/i></noscript><p>b"
    assert repaired(source).text is source


def test_many_templates_take_no_time() -> None:
    for source in ("<template>" * 20_000, "<template></template>" * 20_000, "<noscript><div></noscript>" * 20_000, "<template><svg><title>" * 20_000,
                   "<template " + "a='" * 50_000, "<template>" + "<!--" * 50_000, "<noscript>" * 20_000, "<svg>" * 20_000 + "<template>",
                   "<noscript>" + "<i>" * 50_000 + "</b>" * 50_000 + "</noscript>"):  # fmt: skip
        assert len(repaired(source).text) < 2 * len(source)


LINES = {
    "<pre>\na\n  b\n\nc <b>d\r\ne</b></pre><p>f\ng": ["a\nb", "c d\ne", "f g"],
    "<pre>a<br>b<code>c\nd</code></pre>e\nf": ["a\nbc\nd", "e f"],
    "<p style='color:red;white-space: pre-line'>a\nb</p>c\nd": ["a\nb", "c d"],
    "<p style='white-space: normal'>a\nb": ["a b"],
    "<listing>a\nb</listing><xmp>c\nd</xmp>": ["a\nb", "c\nd"],
    "<div>a <pre>b\nc</pre> d\ne</div>": ["a", "b\nc", "d e"],
    "<p>a<video><p>f</video>b<noscript>g</noscript>c": ["abc"],
}


@pytest.mark.parametrize("source", LINES)
def test_line_breaks_are_shown_where_they_are_written(source: str) -> None:
    assert [piece.text for piece in flow(page(source))] == LINES[source]


def test_a_link_over_two_lines_is_of_the_piece_that_shows_it() -> None:
    for source in ("<p>a<a href=/x>b<br>c</a>", "<pre>a<a href=/x>b\nc</a></pre>"):
        assert [[(link.url, link.text) for link in piece.links] for piece in flow(page(source))] == [[(SITE + "x", "b c")]]


def test_what_is_hidden_and_bold_does_not_make_the_rest_less_bold() -> None:
    assert [piece.strong for piece in flow(page("<p><b hidden>a</b><b>b</b>"))] == [1.0]


def test_a_body_keeps_the_lines_of_a_pre() -> None:
    said = "The harbour of the town opened again on Friday after the storm that had closed it for a week, said the mayor."
    source = f"<h1>The harbour opens</h1><article><p>{said}</p><pre>{said}\nOne.\n\nTwo.\n{said}</pre><p>{said} Again.</p></article>"
    assert f"{said}\nOne.\nTwo.\n{said}" in (read_generic(page(source)).body or "")


def test_an_old_libxml2_is_told_of(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert outdated() == outdated((2, 14, 0)) == ""
    monkeypatch.setattr(tree, "outdated", lambda: outdated((2, 12, 9)))
    for command in (crawl, read, reindex):
        monkeypatch.setattr(command.Command, "execute", lambda *_: 0)
        command.Command().run([], Namespace())
        assert "libxml2 2.12.9 is older than 2.14" in capsys.readouterr().err
    monkeypatch.setattr(stats.Command, "execute", lambda *_: 0)
    stats.Command().run([], Namespace())
    assert capsys.readouterr().err == ""
