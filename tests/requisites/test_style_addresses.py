"""Addresses in style sheets: by hand, and against a tokenizer that is not ours."""

import time

import pytest
import tinycss2
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.requisites.style_addresses import addresses_in_style

CASES: dict[str, list[tuple[str, str]]] = {
    "@import 'a.css'; @import url(b.css) print; @import url( \"c.css\" ) layer(x) supports(background: url(no.png));": [
        ("style", "a.css"), ("style", "b.css"), ("style", "c.css"),
    ],
    "@charset 'utf-8';@layer a,b;<!-- @import/**/'a.css' --> ;p{}": [("style", "a.css")],
    "p{} @import 'late.css';": [],
    "x; @import 'in-a-selector.css' {}": [],
    "@media print{@import 'nested.css';p{background:url(b.png)}}": [("picture", "b.png")],
    "@font-face{font-family:x;src:local('y'),url('f.woff2')format('woff2'),url(f.eot?#iefix)}": [("font", "f.woff2"), ("font", "f.eot?#iefix")],
    "@supports (x:url(no)){@font-face{src:url(f)}}p{background:url(p)}": [("font", "f"), ("picture", "p")],
    "p{background:image-set('a.avif' type('image/avif') 1x, url(b.png) 2x),-webkit-image-set(url(c.png) 1x)}": [
        ("picture", "a.avif"), ("picture", "b.png"), ("picture", "c.png"),
    ],
    r"p{background:u\72l(a.png);filter:\55RL('b.svg#f');x:URL( c.png )}": [("picture", "a.png"), ("picture", "b.svg#f"), ("picture", "c.png")],
    r"p{background:url(a\26 b\(1\).png)} q{background:url('c\
d.png')}": [("picture", "a&b(1).png"), ("picture", "cd.png")],
    "p{background:url(a b.png)} q{background:url(a'b)} r{background:url(ok.png)}": [("picture", "ok.png")],
    "p{background:url(data:image/png;base64,AA)} q{filter:url(#f)} r{background:url('')} s{background:url()}": [],
    "p{background:/* url(no.png) */url(/*no*/yes.png)}/* open url(no)": [("picture", "/*no*/yes.png")],
    "p{content:'url(no.png)'} a[href='url(no)']{} @namespace svg url(http://www.w3.org/2000/svg);": [],
    "p{background:url(open.png": [("picture", "open.png")],
    "p{background:url('open.png": [("picture", "open.png")],
    "p{content:'open\n} q{background:url(b.png)}": [("picture", "b.png")],
    "p{--a:url(x.png);mask:src('y.svg');cursor:xurl(no),my-url(no),url(z.cur),auto}": [("picture", "x.png"), ("picture", "y.svg"), ("picture", "z.cur")],
    "p{background:url(a.png)}}q{background:url(b.png)}": [("picture", "a.png"), ("picture", "b.png")],
    "p{background:url(a.png)\r\n}\fq{background:url(b\\\r\n.png)}": [("picture", "a.png")],
    "": [],
    "url(no.png) { color: red }": [],
}  # fmt: skip


@pytest.mark.parametrize("text", CASES)
def test_addresses(text: str) -> None:
    assert [(one.kind, one.address) for one in addresses_in_style(text)] == CASES[text]


def test_a_style_attribute_is_a_list_of_declarations() -> None:
    text = "background:url(a.png); @import 'no.css'; mask: url(\"b.svg\")"
    assert [(one.kind, one.address) for one in addresses_in_style(text, declarations=True)] == [("picture", "a.png"), ("picture", "b.svg")]


# -- the same by tinycss2


def expected(text: str) -> list[tuple[str, str]]:
    """The addresses by tinycss2's tree."""
    found: list[tuple[str, str]] = []
    ruled = False
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if rule.type == "at-rule" and rule.content is None:
            if rule.lower_at_keyword == "import" and not ruled:
                for token in rule.prelude:
                    address = token.value if token.type in ("string", "url") else url_of(token)
                    if address is not None:
                        found.append(("style", address))
                        break
        elif rule.type in ("at-rule", "qualified-rule"):
            ruled = True
            within(rule.content, "font" if rule.type == "at-rule" and rule.lower_at_keyword == "font-face" else "picture", found)
        else:
            assert rule.type == "error"
    return [(kind, address) for kind, address in found if address and not address.lstrip().lower().startswith(("#", "data:"))]


def url_of(token) -> str | None:
    if token.type == "url":
        return token.value
    if token.type == "function" and token.lower_name in ("url", "src"):
        return next((t.value for t in token.arguments if t.type == "string"), None)
    return None


def within(tokens, kind: str, found: list[tuple[str, str]], function: str = "", listed: bool = True) -> None:
    rule, begins = None, listed
    for token in tokens:
        if token.type == "at-keyword" and begins:
            rule = token.lower_value
        begins = listed and (
            token == ";" or token.type == "{} block" or ((begins and token.type in ("whitespace", "comment")) or token in ("-->", "<!--"))
        )
        rule = None if token == ";" else rule
        if token.type == "{} block":
            within(token.content, "font" if rule == "font-face" else "picture" if listed else kind, found)
            rule = None
        elif rule is not None:
            continue
        elif (address := url_of(token)) is not None:
            found.append((kind, address))
        elif token.type == "string" and function in ("image-set", "-webkit-image-set"):
            found.append((kind, token.value))
        elif token.type == "function":
            within(token.arguments, kind, found, token.lower_name, False)
        elif token.type in ("() block", "[] block"):
            within(token.content, kind, found, "", False)


PIECES = st.sampled_from([
    "url(a.png)", "url('b.png')", 'url( "c.png" )', "url(d e)", r"u\72l(f\29.png)", "url(g", "'s'", "'s\n", r"'\'x'", '"t\\\n"', "/* url(x) */", "/*", "*/", "\\", "\n",
    "image-set('i.png' 1x, url(j.png) 2x)", "image-set(type('k') 'l.png')", "{", "}", "(", ")", "[", "]", ";", ":", ",", " ", "p", "#h", ".c", "@media x", "@font-face", "src",
    "background", "format('woff')", "-->", "<!--", "5px", "\u00e9", "url(#f)", "url()", "!important", "U+26;", "attr(x url)", "%", "@", "url(\"m.png\" n)",
])  # fmt: skip
BLOCKS = st.lists(PIECES, max_size=9).map("".join)
WHOLE = st.builds(
    lambda imports, rules: "".join(imports) + "".join(rules),
    st.lists(
        st.sampled_from(["@import 'x.css';", "@import url(y.css) print;", "@import url('z.css')layer;", "@charset 'u';", "/**/", "\n"]),
        max_size=3,
    ),
    st.lists(
        st.builds(lambda prelude, body: f"{prelude}{{{body}}}", st.sampled_from(["p", "@font-face", "@media x", "a[b='c']", ""]), BLOCKS),
        max_size=4,
    ),
)


def balanced(text: str) -> bool:
    """Whether all is closed that was opened, in its order: elsewhere the two may read on differently."""
    if any(text.count(one) != text.count(other) for one, other in ("()", "[]", "{}")):
        return False
    return "error" not in str([t.type for t in flat(tinycss2.parse_component_value_list(text))])


def flat(tokens):
    for token in tokens:
        yield token
        yield from flat(getattr(token, "arguments", None) or getattr(token, "content", None) or [])


@settings(max_examples=400, deadline=None)
@given(WHOLE)
def test_as_a_whole_tokenizer_finds_them(text: str) -> None:
    found = [(one.kind, one.address) for one in addresses_in_style(text)]
    wanted = expected(text)
    assert {address for _, address in wanted} <= {address for _, address in found}, "an address that browsers ask for"
    if balanced(text):
        assert found == wanted


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="url(')\"\\ \n/*;{}@importa-b:#\u00e9[]", max_size=80))
def test_any_text_is_read(text: str) -> None:
    addresses_in_style(text)
    addresses_in_style(text, declarations=True)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 300_000,
        "url(" * 100_000,
        "a" * 400_000 + "url(",
        "\\" * 300_000,
        "{" * 100_000 + "url(x)" * 30_000,
        "/*" * 200_000,
        "'\n" * 100_000,
        "@x" * 150_000,
        "url(a b" * 50_000,
    ],
)
def test_hostile_texts_take_no_time(text: str) -> None:
    began = time.process_time()
    addresses_in_style(text + " url(x)")
    assert time.process_time() - began < 3
