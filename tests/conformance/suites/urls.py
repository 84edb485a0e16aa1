"""Addresses: Web Platform Tests as ada keeps them, urlcanon, surt, w3lib and courlan."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.parsers.document.page import Page
from crawler.parsers.encoding.charset_labels import codec_of
from crawler.urls import BadAddress, join, page_key, parse_address, surt
from crawler.urls import resolved as resolved_address
from crawler.urls.host import TOO_LONG
from suites import Case, judged

HTTP = ("http:", "https:")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
BY_RULE = (
    ("user name", "user name"), ("port 0", "port 0"), ("over 2048", "length"), ("which no name server knows", "host name"), (TOO_LONG, "host name"),
)  # fmt: skip
"""Words of a refusal of ours, and the rule in docs/data-flow.md that says so."""
W3LIB_TABLE = """
import json
from tests.test_url import SAFE_URL_URL_CASES as cases, SAFE_URL_ENCODING_CASES as encoded
rows = [(None, url, out) for url, out in cases] + list(encoded)
print(json.dumps([(e, u, o if isinstance(o, str) else None) for e, u, o in rows if isinstance(u, str)]))
"""


def refused(text: str, base: str | None = None) -> str:
    """The rule by which an address is refused that browsers take; empty where there is none."""
    try:
        resolved_address(text, parse_address(base) if base else None)
    except BadAddress as error:
        return next((rule for words, rule in BY_RULE if words in str(error)), "")
    return ""


def resolved(group: str, text: str, wanted: str | None, base: str | None = None, *, rule: str = "") -> Case:
    """One address against the one that is wanted, fragments aside; None where it is to be refused."""
    if wanted is not None and wanted.startswith(HTTP):
        wanted = wanted.partition("#")[0]
    got = join(base or "about:blank", text)
    return judged(group, f"{text!r} on {base}", wanted, got, rule=rule or (refused(text, base) if got is None else ""))


def of_wpt(checkout: Path) -> Iterator[Case]:
    """The JSON files of Web Platform Tests, url/resources."""
    folder = checkout / "tests" / "wpt"
    addresses: set[str] = set()
    for case in _cases(folder / "urltestdata.json"):
        href = None if case.get("failure") else case["href"]
        if href is None or href.startswith(HTTP):
            yield resolved("urltestdata, http(s) or to be refused", case["input"], href, case.get("base"))
            addresses |= {href.partition("#")[0]} if href else set()
        else:
            yield judged("urltestdata, other schemes", case["input"], None, join(case.get("base") or "about:blank", case["input"]))
    keys: dict[str, str] = {}
    for href in sorted(addresses):
        yield judged("keys of distinct addresses", href, href, keys.setdefault(page_key(href), href))
        yield judged("keys of keys", href, page_key(href), page_key(page_key(href)))
    for name in ("toascii.json", "IdnaTestV2.json"):
        for case in _cases(folder / name):
            if case["input"]:  # an address cannot tell an empty host from none
                yield resolved(name, f"https://{case['input']}/x", f"https://{case['output']}/x" if case["output"] else None)
    for case in _cases(folder / "percent-encoding.json"):
        for label, output in case["output"].items():
            page = Page(url="https://a.example/", date=NOW, text="<p>", charset=codec_of(label) or "")
            got = page.join(f"?{case['input']}")
            yield judged("percent-encoding.json", f"{case['input']!r} {label}", f"https://a.example/?{output}", got)


def of_urlcanon(checkout: Path) -> Iterator[Case]:
    """Paths with dots, IPv4 forms, what its authors add to the cases of the standard, SURT keys."""
    folder = checkout / "testdata"
    for path, plain in json.loads((folder / "path_dots.json").read_text("utf-8"))["special"].items():
        # It keeps the letter of a separator; to the standard a backslash is a slash.
        plain = plain.replace("\\", "/")
        yield resolved("path_dots.json, whole address", f"https://h.example{path}", f"https://h.example{plain}")
        if path[1:2] not in ("/", "\\"):
            yield resolved("path_dots.json, path alone", path, f"https://h.example{plain}", "https://h.example/x/y?z")
    for text, ip in json.loads((folder / "funky_ipv4.json").read_text("utf-8")).items():
        name = join("about:blank", f"http://{text}/")
        # What is no IPv4 address is refused if it ends in a number, else it is a name.
        wanted = f"http://{ip}/" if ip else name and f"http://{text}/"
        yield resolved("funky_ipv4.json", f"http://{text}/", wanted)
    for text, wanted in json.loads((folder / "supplemental_whatwg.json").read_text("utf-8")).items():
        if wanted.startswith(HTTP):
            yield resolved("supplemental_whatwg.json", text, wanted, rule=_older(text) or refused(text))
    for text, key in json.loads((folder / "surt.json").read_text("utf-8"))["defaultIASurt"].items():
        yield _surt("surt.json", text, key)


def _older(text: str) -> str:
    """Why the standard has another answer now than when the case was written; empty where it has not."""
    if not text.startswith("http"):
        return ""
    try:
        parse_address(text)
    except BadAddress as error:
        return f"the standard refuses it now: {error}"
    return ""


def of_surt(checkout: Path) -> Iterator[Case]:
    """What `surt.surt(address)` is asserted to be."""
    for call, wanted in _asserted(checkout / "tests" / "test_surt.py", "surt"):
        text = call.args[0].value if isinstance(call.args[0], ast.Constant) else None
        if isinstance(text, str) and not call.keywords and len(call.args) == 1:
            yield _surt("test_surt.py", text, wanted)


def _surt(group: str, text: str, wanted: str) -> Case:
    session = any(word in text.lower() for word in ("sessionid", "phpsessid", "aspsession", "sid=", "cfid=", "cftoken", "("))
    rule = "session ids stay" if session else "as surt itself has it: its case is marked as a known fault" if "%26" in text else ""
    return judged(group, text, wanted, surt(text), rule=rule)


def of_courlan(checkout: Path) -> Iterator[Case]:
    """What `fix_relative_urls(base, href)` is asserted to be."""
    for call, wanted in _asserted(checkout / "tests" / "unit_tests.py", "fix_relative_urls"):
        base, href = (argument.value for argument in call.args if isinstance(argument, ast.Constant))
        rule = "braces are part of an address, as for browsers" if "{" in str(href) else ""
        yield resolved("fix_relative_urls", str(href), join(wanted, wanted) or wanted, str(base), rule=rule)


def of_w3lib(checkout: Path) -> Iterator[Case]:
    """The tables of `safe_url_string`, http(s) or to be refused; read by a process of its own, since Scrapy's w3lib is loaded here."""
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    done = subprocess.run([sys.executable, "-c", W3LIB_TABLE], capture_output=True, text=True, check=True, env=environment, cwd=checkout)
    for label, text, wanted in json.loads(done.stdout):
        if wanted is not None and not wanted.lower().startswith(HTTP):
            continue
        page = Page(url="", date=NOW, text="<base href='https://base.example/'>", charset=codec_of(label or "utf-8") or "")
        got = page.join(text) if label else join("about:blank", text)
        # It leaves default ports and an empty path, and escapes by RFC 2396 and 3986 besides: signs that browsers send as they are.
        want = wanted and (join(wanted, wanted) or "")
        rule = refused(text) or _older(text) or ("escapes as browsers have them" if got and want and _bare(got) == _bare(want) else "")
        yield judged("safe_url_string", repr(text)[:120], want, got, rule=rule)


def _bare(url: str) -> str:
    from urllib.parse import unquote

    return unquote(url, "latin-1")


def _cases(path: Path) -> Iterator[dict[str, Any]]:
    yield from (case for case in json.loads(path.read_text("utf-8")) if isinstance(case, dict))


def _asserted(path: Path, function: str) -> Iterator[tuple[ast.Call, str]]:
    """`assert function(...) == "text"` in a file of tests."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not (isinstance(node, ast.Assert) and isinstance(node.test, ast.Compare) and isinstance(node.test.left, ast.Call)):
            continue
        call, wanted = node.test.left, node.test.comparators[0]
        name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""
        if name == function and isinstance(wanted, ast.Constant) and isinstance(wanted.value, str):
            yield call, wanted.value


SUITES = {
    "ada-url+ada": of_wpt, "iipc+urlcanon": of_urlcanon, "internetarchive+surt": of_surt, "adbar+courlan": of_courlan, "scrapy+w3lib": of_w3lib,
}  # fmt: skip
