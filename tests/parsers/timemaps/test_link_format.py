"""Link values: what RFC 8288 allows, what servers send in its place, and back again."""

from hypothesis import given
from hypothesis import strategies as st

from crawler.parsers.timemaps.link_format import MAX_PARAMETERS, LinkValue, read_links, write_links

TOKENS = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=8)
VALUES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x17F), max_size=20)
TARGETS = st.text("abcdefghij0123456789/:?=&;,.%#\"'", min_size=1, max_size=30).map(lambda path: f"http://a.example/{path}")
LINKS = st.lists(st.builds(LinkValue, TARGETS, st.dictionaries(TOKENS, VALUES, max_size=4)), max_size=6)


@given(LINKS)
def test_what_is_written_is_read_again(links: list[LinkValue]) -> None:
    assert read_links(write_links(links) if links else "", 100) == (links, 0)


@given(st.text(max_size=200), st.integers(0, 5))
def test_any_text_is_read_to_its_end(text: str, most: int) -> None:
    links, _ = read_links(text, most)
    assert len(links) <= most


def test_commas_semicolons_and_quotes_in_values_belong_to_them() -> None:
    text = '<http://a.example/x,y;z>; rel="first memento"; datetime="Sun, 03 Feb 2019 04:05:06 GMT"; title="a \\"b\\", <c>"'
    (link,), passed = read_links(text, 10)
    assert link.target == "http://a.example/x,y;z"
    assert link.relations == {"first", "memento"}
    assert link.parameters["title"] == 'a "b", <c>'
    assert passed == 0


def test_unquoted_values_blanks_and_line_ends_are_read() -> None:
    links, passed = read_links(' <http://a.example/>;rel=original ,\r\n,\n< http://b.example/ > ; REL = "timegate" ;flag', 10)
    assert [(link.target, dict(link.parameters)) for link in links] == [
        ("http://a.example/", {"rel": "original"}),
        ("http://b.example/", {"rel": "timegate", "flag": ""}),
    ]
    assert passed == 0


def test_what_is_no_link_is_passed_over_and_counted() -> None:
    links, passed = read_links('junk, <http://a.example/>; rel="x" oops, <http://b.example/>; rel=y, tail', 10)
    assert [link.target for link in links] == ["http://a.example/", "http://b.example/"]
    assert passed >= 1


def test_more_links_than_wanted_are_left() -> None:
    links, passed = read_links(", ".join(f"<http://a.example/{n}>; rel=memento" for n in range(50)), 10)
    assert len(links) == 10
    assert passed == 1


def test_a_link_with_endless_parameters_does_not_hold_up_the_next() -> None:
    text = "<http://a.example/>" + "".join(f"; p{n}=x" for n in range(5 * MAX_PARAMETERS)) + ", <http://b.example/>; rel=y"
    links, _ = read_links(text, 10)
    assert [link.target for link in links] == ["http://a.example/", "http://b.example/"]
