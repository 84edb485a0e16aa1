"""Sitemaps in the tests of crawler-commons (Java: how many addresses, and which) and ultimate-sitemap-parser (Python: pages of each)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from crawler.parsers.listings.sitemaps import read_sitemap
from crawler.urls import join
from suites import Case, judged

ANY_PLACE = "a sitemap may name addresses of any folder and host: which are followed is the scope's matter"
TOLERANT = "a sitemap with faults is read on behind them"

_TEST = re.compile(r"@Test\s+public void (\w+)\(\)(.*?)\n    \}\n", re.DOTALL)
_STEP = re.compile(
    r"(?P<new>new StringBuilder)|\.append\(\"(?P<more>(?:[^\"\\]|\\.)*)\"\)|String scontent = (?P<text>\"(?:[^\"\\]|\\.)*\");"
    r"|(?P<usual>getXMLSitemapAsBytes\()|getResourceAsBytes\(\"(?P<file>[^\"]+)\"\)|URL url = new URI\(\"(?P<base>[^\"]+)\"\)"
    r"|assertEquals\((?P<count>\d+), [^;]*?(?:getSiteMapUrls|getSitemaps)\(\)\.size\(\)|(?P<throws>assertThrows)"
    r"|(?:String \w+ = |getSitemap\(new URI\(|assertEquals\(new URI\()\"(?P<url>https?://[^\"]+)\""
)
_USUAL = re.compile(r"\{ \"(http[^\"]+)\", (?:\"([^\"]*)\"|null)")


def cases(checkout: Path) -> Iterator[Case]:
    """One case for each count and each address that a test asserts."""
    for path in sorted((checkout / "src" / "test" / "java" / "crawlercommons" / "sitemaps").glob("SiteMapParser*Test.java")):
        java = path.read_text("utf-8")
        usual = "".join(f"<url><loc>{url}</loc><lastmod>{date}</lastmod></url>" for url, date in _USUAL.findall(java[java.find("SITEMAP_URLS = ") :]))
        for name, body in _TEST.findall(java):
            yield from _case(checkout, name, body, f"<urlset>{usual}</urlset>")


def _case(checkout: Path, name: str, body: str, usual: str) -> Iterator[Case]:
    data, base, broken = b"", "http://www.example.com/sitemap.xml", False
    for step in _STEP.finditer(body):
        if step["new"]:
            data = b""
        elif step["more"] is not None or step["text"] is not None:
            data += _plain(step["more"] if step["more"] is not None else step["text"][1:-1])
        elif step["usual"]:
            data += usual.encode()
        elif step["file"]:
            data = (checkout / step["file"]).read_bytes()
        elif step["base"]:
            base = step["base"]
        elif step["throws"]:
            broken = True
        elif data:
            found = read_sitemap(data, base)
            if step["count"]:
                rule = _rule(data) or (ANY_PLACE if step["count"] == "0" else "")
                yield judged("lists", f"{name} {step['count']}", int(step["count"]), len(found.entries), rule=rule)
            elif step["url"]:
                url = join(base, step["url"])
                yield judged("addresses", f"{name} {step['url']}", url, url if url in {entry.url for entry in found.entries} else None, rule=_rule(data))
    if broken and data:
        yield judged("lists", f"{name} refused", 0, len(read_sitemap(data, base).entries), rule=TOLERANT)


def _rule(data: bytes) -> str:
    return "a document that defines entities is refused" if b"<!DOCTYPE" in data else ""


def _plain(literal: str) -> bytes:
    """The bytes of a Java literal."""
    known = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
    return re.sub(r"\\(?:u([0-9a-fA-F]{4})|(.))", lambda found: chr(int(found[1], 16)) if found[1] else known[found[2]], literal).encode()


# -- mediacloud/ultimate-sitemap-parser

_HOST = "http://test_ultimate-sitemap-parser.com"
_VALUES = {"base_url": _HOST, "publication_name": "Test publication", "publication_language": "en"}
_DATE, _MAIL_DATE = "2009-12-17T12:04:56+02:00", "Thu, 17 Dec 2009 12:04:56 +0200"
_MOMENT = "2009-12-17T10:04:56+00:00"


def usp(checkout: Path) -> Iterator[Case]:
    """Python tests that hold the files of a site, and the pages that are in each of its sitemaps."""
    for test in ast.walk(ast.parse((checkout / "tests" / "test_tree.py").read_text("utf-8"))):
        if not (isinstance(test, ast.FunctionDef) and test.name.startswith("test_")):
            continue
        calls = [node for node in ast.walk(test) if isinstance(node, ast.Call)]
        files = {_address(call.args[0]): _document(call) for call in calls if ast.unparse(call.func) == "m.get" and call.args}
        for call in calls:
            told = {keyword.arg: keyword.value for keyword in call.keywords}
            if isinstance(call.func, ast.Name) and call.func.id.startswith("Pages") and "pages" in told and files.get(_address(told["url"])):
                address = _address(told["url"])
                yield from _pages(f"{test.name} {address.rpartition('/')[2]}", told["pages"], files[address], address)


def _pages(name: str, pages: ast.expr, document: str, address: str) -> Iterator[Case]:
    found = {entry.url: entry for entry in read_sitemap(document, address).entries}
    for page in ast.walk(pages):
        told = {keyword.arg: keyword.value for keyword in page.keywords} if isinstance(page, ast.Call) else {}
        if "url" not in told:
            continue
        url = _address(told["url"])
        yield judged("lists", f"{name} {url}", url, url if url in found else None)
        entry = found.get(url)
        story = told.get("news_story")
        story_told = {keyword.arg: keyword.value for keyword in story.keywords} if isinstance(story, ast.Call) else {}
        if entry and isinstance(title := story_told.get("title"), ast.Constant):
            yield judged("titles", f"{name} {url}", title.value, entry.title)
        if entry and any("TEST_DATE" in ast.unparse(value) for value in (told.get("last_modified"), story_told.get("publish_date")) if value):
            times = {time.isoformat() for time in (entry.published, entry.modified) if time}
            yield judged("dates", f"{name} {url}", _MOMENT, _MOMENT if _MOMENT in times else times)


def _address(node: ast.expr) -> str:
    text = "".join(part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str))
    return _HOST + text.removeprefix("{}")


def _document(call: ast.Call) -> str:
    """The text that a file of the site has, its gaps filled."""
    told = next((keyword.value for keyword in call.keywords if keyword.arg in ("text", "content")), None)
    text = next((part.value for part in ast.walk(told) if isinstance(part, ast.Constant) and isinstance(part.value, str)), "") if told else ""
    values = dict(_VALUES)
    for part in ast.walk(told) if told else ():
        for keyword in part.keywords if isinstance(part, ast.Call) else ():
            if keyword.arg and keyword.arg not in values:
                values[keyword.arg] = _MAIL_DATE if "RFC2822" in ast.unparse(keyword.value) else _DATE
    return re.sub(r"\{(\w+)\}", lambda gap: values.get(gap[1], gap[0]), text).strip()


SUITES = {"crawler-commons+crawler-commons": cases, "mediacloud+ultimate-sitemap-parser": usp}
