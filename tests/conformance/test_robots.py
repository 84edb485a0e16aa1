"""robots.txt: a minimal case of each class that the suites of Google, crawler-commons, protego, samclarke and reppy showed."""

import codecs

import pytest

from crawler.parsers.robotstxt.robotstxt import AGENT, read_robots, token_of
from crawler.parsers.robotstxt.rules import Rule
from crawler.settings import USER_AGENT

ALL = "User-agent: *\n"
PAGE = "https://a.example/x"


def may(text: str | bytes, path: str = "/x", agent: str = AGENT) -> bool:
    body = text if isinstance(text, bytes) else text.encode()
    return read_robots(body, (), 512 * 1024, 10_000)[0].can_fetch(f"https://a.example{path}", agent)


def delay(text: str, agent: str = AGENT) -> float | None:
    return read_robots(text.encode(), (), 512 * 1024, 10_000)[0].crawl_delay(agent)


NAMES = [
    (AGENT, True), ("News-ARCHIVE-Crawler", True), (f"{AGENT}/1.0", True), (f"{AGENT} (archive)", True), (f"{AGENT}, other", True),
    (f"{AGENT}*", True), (f"{AGENT}\t2", True), ("*", True), ("* and others", True), ("*\tall", True), ("* # all", True),
    ("*bot", False), ("*/1.0", False), ("**", False), ("news", False), ("news-archive", False), ("news-archive-crawler-images", False),
    ("my-news-archive-crawler", False), (f"other {AGENT}", False), ("", False), ("008", False), ("\u30c4", False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "ours"), NAMES)
def test_a_user_agent_line_is_for_whom_its_product_token_names(name: str, ours: bool) -> None:
    assert may(f"User-agent: {name}\nDisallow: /\n") is not ours
    assert may(f"User-agent: {name}\nAllow: /\n\nUser-agent: *\nDisallow: /\n") is ours


def test_an_agent_with_digits_or_a_version_is_known_by_its_whole_name() -> None:
    assert not may("User-agent: bot7\nDisallow: /\n", agent="Bot7")
    assert not may("User-agent: bot7/2\nDisallow: /\n", agent="bot7/1.1")
    assert may("User-agent: bot7\nDisallow: /\n", agent="bot8")
    assert may("User-agent: FooBot\nDisallow: /\n", agent="")
    assert not may("User-agent: *\nDisallow: /\n", agent="")


AGENTS = [
    (USER_AGENT, AGENT), (f"{AGENT}/9.9", AGENT), ("News-Archive-Crawler", AGENT), (f"Mozilla/5.0 (compatible; {AGENT}/1.0)", AGENT),
    ("FooBot/2.1 (+https://foo.example)", "FooBot"), (" FooBot", "FooBot"), ("Foo_Bot-x 1", "Foo_Bot-x"),
    ("Mozilla/5.0 (compatible; FooBot/2.1; +https://foo.example)", "FooBot"), ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0", AGENT),
    ("Mozillabot/1", "Mozillabot"), (f"FooBot/1 (+https://forge.example/{AGENT})", "FooBot"), (f"FooBot ({AGENT} 2)", AGENT), ("", AGENT), ("12", AGENT),
]  # fmt: skip


@pytest.mark.parametrize(("user_agent", "token"), AGENTS)
def test_the_product_token_is_that_of_the_user_agent_that_is_sent(user_agent: str, token: str) -> None:
    assert token_of(user_agent) == token
    assert not may(f"User-agent: {token}\nDisallow: /\n", agent=token_of(user_agent))


BETWEEN = ["Foo: bar", "Sitemap: https://a.example/s.xml", "Crawl-delay: 2", "Host: a.example", "Request-rate: 1/5", "Visit-time: 0100-0600",
           "Noindex: /x", "words without sense", "# remark", "", ":", "Crawl-delay: none", "Clean-param: a /"]  # fmt: skip


@pytest.mark.parametrize("line", BETWEEN)
@pytest.mark.parametrize("names", [(AGENT, "*"), ("*", "foobot"), (AGENT, "foobot"), ("foobot", AGENT)])
def test_only_a_rule_parts_user_agent_lines(line: str, names: tuple[str, str]) -> None:
    above, below = names
    assert not may(f"User-agent: {above}\n{line}\nUser-agent: {below}\nDisallow: /\n")


@pytest.mark.parametrize("rule", ["Disallow: /y", "Allow: /y", "Disallow:", "Allow:", "disallow /y", "Dissallow: /y"])
def test_a_rule_parts_them(rule: str) -> None:
    assert may(f"User-agent: *\n{rule}\nUser-agent: foobot\nDisallow: /\n")
    assert may(f"User-agent: *\n{rule}\nUser-agent:\nDisallow: /\n")


def test_groups_of_one_name_are_one_and_ours_stands_in_place_of_that_for_all() -> None:
    text = f"User-agent: {AGENT}\nDisallow: /a\n\nUser-agent: *\nDisallow: /b\n\nUser-agent: {AGENT}\nDisallow: /c\n\nUser-agent: *\nDisallow: /d"
    assert [may(text, path) for path in ("/a", "/b", "/c", "/d")] == [False, True, False, True]
    assert [may(text, path, "foobot") for path in ("/a", "/b", "/c", "/d")] == [True, False, True, False]
    assert may(f"User-agent: {AGENT}\n\nDisallow:\n\nUser-agent: *\nDisallow: /")
    assert may("Disallow: /\nUser-agent: foobot\nDisallow: /x\n")


KEYS = ["Disallow", "disallow", "DISALLOW", "Disallow ", "  Disallow\t", "Dissallow", "dissalow", "Disalow", "Diasllow", "Disallaw", "Desallow",
        "Disallowed", "\ufeffDisallow", "\xa0Disallow"]  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_a_disallow_line_is_known_in_any_case_and_by_its_misspellings(key: str) -> None:
    assert not may(f"{ALL}{key}: /\n")
    assert not may(f"{ALL}{key}:/ # all\n")


@pytest.mark.parametrize(
    "key", ["User-agent", "USER-AGENT", "useragent", "user agent", "User_agent", "useg-agent", "\tUser-Agent ", "User-agents"]
)
def test_a_user_agent_line_likewise(key: str) -> None:
    assert not may(f"{key}: *\nDisallow: /\n")


@pytest.mark.parametrize("line", ["Disallow", "Dis allow: /", "X-Disallow: /", "#Disallow: /", "Disallow all of it", "Do not disallow: /"])
def test_what_is_no_rule_forbids_nothing(line: str) -> None:
    assert may(f"{ALL}{line}\n")


def test_blanks_serve_for_a_forgotten_colon() -> None:
    assert not may("User-agent *\nDisallow /x\n")
    assert not may("User-agent *\nDisallow \t /x:y\n", "/x:y")
    assert not may("user agent *\nDisallowed /x\n")
    robots = read_robots(
        b"Sitemap https://a.example/s.xml\nsite-map: /t.xml\nSITEMAP :https://a.example/U.xml\nSitemaps: /t.xml", (), 9999, 9
    )[0]
    assert robots.sitemaps == ("https://a.example/s.xml", "/t.xml", "https://a.example/U.xml")


ENDS = ["\n", "\r\n", "\r", "\r\r\n", "\n\r", "\n\n"]


@pytest.mark.parametrize("end", ENDS)
def test_lines_end_with_lf_cr_or_both_and_with_nothing_else(end: str) -> None:
    assert not may(end.join(["User-agent: *", "Disallow: /x", ""]))
    assert may(end.join(["User-agent: *", "# \u2028Disallow: /x", "# \x0bDisallow: /x", "# \x85Disallow: /x", ""]))


MARKS = [codecs.BOM_UTF8, codecs.BOM_UTF8 * 2, codecs.BOM_UTF8[:2], codecs.BOM_UTF8[:1], b"\0", b"\n\n ", b""]


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_whole_or_in_part_before_the_first_line_is_no_part_of_it(mark: bytes) -> None:
    assert not may(mark + ALL.encode() + b"Disallow: /\n")


def test_marks_in_the_middle_and_nul_bytes_are_passed_over() -> None:
    assert not may(f"User-agent: foobot\nDisallow: /y\n\ufeff{ALL}Disallow: /\n")
    assert not may("\0U\0ser-agent: *\n\0Disallow: /\0x\n")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_wide_characters_with_and_without_a_mark(encoding: str) -> None:
    assert not may(f"{ALL}Disallow: /x\n".encode(encoding))


def test_a_robots_txt_saved_as_a_page_loses_its_tags() -> None:
    page = "<!DOCTYPE HTML>\n<HTML><BODY>\nUser-agent: *<BR>\nDisallow: /x<BR>\nCrawl-delay: 30<BR>\n</BODY></HTML>"
    assert not may(page)
    assert may(page, "/y")
    assert delay(page) == 30
    for page in ("<html><body>User-agent: *<br>Disallow: /x<br/></body></html>", "<p>User-agent: *</p><p>Disallow: /x</p>"):
        assert not may(page)
        assert may(page, "/y")
    assert may("<html><head><title>Not found</title></head><body>Disallow: /</body></html>")
    assert not may(f"{ALL}Disallow: /a<b\n", "/a%3Cb")


PATTERNS = [
    # pattern, path, whether it matches: Disallow and Allow alike
    ("/x", "/x", True), ("/x", "/xy", True), ("/x", "/X", False), ("/x/", "/x", False), ("/", "/", True), ("x", "/x", False), ("x", "/ax", False),
    ("*", "/x", True), ("**", "/x", True), ("*x", "/ax", True), ("/*.php", "/a/b.php?c", True), ("/*.php$", "/a/b.php?c", False),
    ("/*.php$", "/a.php/b.php", True), ("/x$", "/x", True), ("/x$", "/xy", False), ("/x*$", "/xy", True), ("$", "/", False), ("/$", "/", True),
    ("/x$y", "/x$y", True), ("/x$y", "/x%24y", True), ("/x%24", "/x$y", True), ("/x%24", "/x", False), ("/x%2A", "/x*y", True),
    ("/x%2a", "/x%2Ay", True), ("/x%2A", "/xay", False), ("/*a*a*a", "/aa", False), ("/*a*a*a", "/aaa", True), ("/ab*b", "/ab", False),
    ("/a*b$", "/ab", True), ("/ab*b$", "/ab", False), ("/%aa", "/%AA", True), ("/%AA", "/%aa", True), ("/%7Ejoe", "/~joe", True),
    ("/~joe", "/%7ejoe", True), ("/a/b", "/a%2Fb", False), ("/a%2fb", "/a%2Fb", True), ("/a%2Fb", "/a/b", False), ("/\u30c4", "/%E3%83%84", True),
    ("/%e3%83%84", "/%E3%83%84", True), ("/a<b", "/a%3Cb", True), ("/a%3cb", "/a<b", True), ("/a b", "/a%20b", True), ("/%a%a", "/%a%a", True),
    ("/x?", "/x?a", True), ("/x?", "/x", False), ("/?", "/", False), ("/*?", "/x?", True), ("/*?", "/x", False), ("/x;p", "/x;p?q", True),
    ("/x#y", "/x", True), ("/x", "/x#y", True), ("/x", "/y#/x", False), ("//x", "//x", True), ("//x", "/x", False),
    ("/x?u=http://b.example/?c", "/x?u=http://b.example/?c", True), ("/abc", "/%61bc", True),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "path", "matches"), PATTERNS)
def test_a_pattern_matches(pattern: str, path: str, matches: bool) -> None:
    assert may(f"{ALL}Disallow: {pattern}\n", path) is not matches
    assert may(f"{ALL}Disallow: /\nAllow: {pattern}{'' if pattern.endswith(('$', '*')) else '*'}\n", path) is matches


def test_octets_that_are_no_text_are_compared_as_octets() -> None:
    assert not may(b"User-agent: *\nDisallow: /\xe9t\xe9\n", "/%E9t%E9/1")
    assert may(b"User-agent: *\nDisallow: /\xe9t\xe9\n", "/%C3%A9t%C3%A9")


STRICTER = [
    # Where the RFC and Google's matcher differ, the address is not asked for.
    ("Disallow: /%62%61%7A", "/baz", False), ("Disallow: /\nAllow: /%62%61%7A", "/baz", False), ("Disallow: /\nAllow: /%62%61%7A", "/%62%61%7A", True),
    ("Disallow: /\nAllow: /\u30c4", "/\u30c4", False), ("Disallow: /\nAllow: /\u30c4", "/%E3%83%84", True), ("Disallow: /\u30c4", "/\u30c4", False),
    ("Disallow: /b?u=https://foo", "/b?u=https%3A%2F%2Ffoo", False), ("Disallow: /b?u=https%3A%2F%2Ffoo", "/b?u=https://foo", False),
    ("Disallow: /\nAllow: /b?u=https://foo", "/b?u=https%3A%2F%2Ffoo", False),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "path", "allowed"), STRICTER)
def test_of_two_readings_the_stricter_is_taken(rules: str, path: str, allowed: bool) -> None:
    assert may(f"{ALL}{rules}\n", path) is allowed


WEIGHTS = [
    ("Disallow: /x\nAllow: /x", "/x", True), ("Allow: /x\nDisallow: /x/page", "/x/page", False), ("Allow: /page\nDisallow: /*.html", "/page.html", False),
    ("Allow: /x/page.\nDisallow: /*.html", "/x/page.html", True), ("Disallow: /\u30c4\nAllow: /%E3%83*", "/%E3%83%84", False),
    ("Disallow: /a?b=\nAllow: /a*bcdef", "/a?b=bcdef", True), ("Disallow:\nAllow:", "/x", True), ("Disallow: /\nAllow: /$", "/", True),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "path", "allowed"), WEIGHTS)
def test_the_pattern_of_most_octets_counts_and_of_two_alike_the_one_that_allows(rules: str, path: str, allowed: bool) -> None:
    assert may(f"{ALL}{rules}\n", path) is allowed


def test_allowing_a_folders_index_page_allows_the_folder() -> None:
    for page in ("index.html", "index.htm"):
        text = f"{ALL}Disallow: /\nAllow: /a/{page}\n"
        assert [may(text, path) for path in ("/a/", f"/a/{page}", "/a/b", "/a")] == [True, True, False, False]
    assert may(f"{ALL}Disallow: /a/index.html\n", "/a/")


def test_robots_txt_itself_is_always_allowed() -> None:
    assert may(f"{ALL}Disallow: /\n", "/robots.txt")
    assert not may(f"{ALL}Disallow: /\n", "/robots.txt?x")
    assert not may(f"{ALL}Disallow: /\n", "")


def test_a_line_counts_up_to_some_sixteen_thousand_octets() -> None:
    long = "/" + "a" * 20_000
    assert not may(f"{ALL}Disallow: {long}\nDisallow: /z\n", long[:17_000])
    assert not may(f"{ALL}Disallow: {long}\nDisallow: /z\n", "/z")
    assert may(f"{ALL}Disallow: {long}\n", long[:10_000])


DELAYS = [
    ("2", 2), ("0.5", 0.5), (".5", 0.5), ("5.", 5), ("0", 0), ("007", 7), ("-1", None), ("ten", None), ("10s", None), ("1.2.1", None), ("1e3", None),
    ("1_0", None), ("nan", None), ("inf", None), ("", None), ("\u0663", None), ("9" * 400, 1e9), ("3600 # an hour", 3600),
]  # fmt: skip


@pytest.mark.parametrize(("value", "seconds"), DELAYS)
def test_a_crawl_delay_is_a_number_of_seconds_or_nothing(value: str, seconds: float | None) -> None:
    assert delay(f"{ALL}Crawl-delay: {value}\n") == seconds
    assert delay(f"{ALL}crawl delay:{value}\nDisallow: /x\n") == seconds


def test_a_crawl_delay_is_for_the_user_agent_lines_above_it_though_it_ends_no_group() -> None:
    text = (
        "User-agent: a\nCrawl-delay: 1\nUser-agent: b\nUser-agent: c\nFoo: x\nCrawl-delay: 2\nUser-agent: d\nDisallow: /x\nCrawl-delay: 3\n"
    )
    assert [delay(text, name) for name in "abcde"] == [1, 2, 2, 3, None]
    assert [may(text, agent=name) for name in "abcde"] == [False, False, False, False, True]
    assert delay(f"User-agent: {AGENT}\nDisallow:\n\nUser-agent: *\nCrawl-delay: 9\n") is None
    assert delay(f"{ALL}Crawl-delay: 9\n{ALL}Disallow: /x\n{ALL}Crawl-delay: 4\n") == 9


class Counted(str):
    """A path that counts how often it is searched."""

    __slots__ = ("searches",)
    searches: int

    def find(self, *given: object) -> int:  # type: ignore[override]
        self.searches += 1
        return str.find(self, *given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "pattern", ["/" + "*a" * 5000, "/" + "*a" * 5000 + "$", "/" + "*" * 10_000 + "b", "/*" + "a" * 5000 + "*b", "/" + "*a*" * 99 + "c"]
)
def test_each_part_of_a_pattern_is_looked_for_once(pattern: str) -> None:
    path = Counted("/" + "a" * 4000)
    path.searches = 0
    assert not Rule.of(False, pattern).matches(path)
    assert path.searches <= len([part for part in pattern.split("*") if part]) + 1


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b":", b"*", b"User-agent", b"\xff" * 99, b"<" * 9999, b"User-agent: *\nDisallow: \xff$"],
)
def test_any_bytes_are_read_and_without_a_rule_all_is_allowed(body: bytes) -> None:
    robots, _ = read_robots(body, (), 512 * 1024, 10_000)
    assert all(robots.can_fetch(url) for url in (PAGE, "", "/", "//", "?", "https://[::1]/\ud800", "\x00"))
