"""robots.txt: the suites of Google, crawler-commons, protego, samclarke and reppy, each asked for its own agents' names.

Real files, of which protego keeps some thousands, are held against a second matcher, written here from RFC 9309.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sources import Unread, statements, value, without_comments, worked_out

from crawler.parsers.robotstxt.robotstxt import AGENT, Robots, read_robots
from suites import Case, judged

ESCAPED = "an Allow line frees an address as it is sent, with its escapes; an escaped letter in it only what is escaped in the same way"
RESERVED = "a Disallow line forbids an address in any spelling, its reserved characters escaped or not (RFC 9309 2.2.2)"
OCTETS = "what is no UTF-8 is compared octet by octet"
TOKEN = "a user-agent line names one product token (RFC 9309 2.2.1)"
COLON = "a forgotten colon is seen where one word follows"
PATTERN = "`$` at the end of a pattern is its end alone, and one that begins with neither `/` nor `*` matches nothing (RFC 9309 2.2.3)"
UNKNOWN = "unknown lines end no group (RFC 9309 2.2.4)"
NO_AGENT = "rules above the first user-agent line are nobody's (RFC 9309 2.1)"
DELAY = "a long Crawl-delay is cut to ARCHIVE_MAX_CRAWL_DELAY, and forbids nothing"


def rules_in(text: str | bytes) -> Robots:
    """A robots.txt as the product reads it."""
    return read_robots(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"), (), 512 * 1024, 10_000)[0]


# -- Google: C++

_CPP_TEST = re.compile(r"^TEST\(RobotsUnittest, (\w+)\) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_CPP_DECLARED = re.compile(
    r"(?:static |const )*(?:absl::string_view|std::string|size_t|int|char)\s+(\w+)(?:\[\])?(?:\s*=\s*(.*))?", re.DOTALL
)
_CPP_APPEND = re.compile(r"absl::StrAppend\(&(\w+),(.*)\)", re.DOTALL)
_CPP_WHILE = re.compile(r"while \((\w+)\.size\(\) < (\w+)\)")
_CPP_ASKED = re.compile(r"EXPECT_(TRUE|FALSE)\(\s*IsUserAgentAllowed\((.*)\)\)", re.DOTALL)


def _python_of_cpp(text: str) -> str:
    text = re.sub(r'std::string\(("\\n")\)', r"\1", text)
    text = re.sub(r'("\\n"|\b\w+)\.(?:length|size)\(\)', r"length(\1)", text)
    return "(" + text.replace("absl::StrCat(", "cat(") + ")"


def google(checkout: Path) -> Iterator[Case]:
    """robots_test.cc: every question whether an agent may."""
    source = (checkout / "robots_test.cc").read_text()
    for name, body in _CPP_TEST.findall(source):
        names: dict[str, Any] = {"cat": lambda *parts: "".join(parts), "length": len}
        loop: list[str] = []
        bound = None
        for statement in statements(without_comments(body)):
            if loop_of := _CPP_WHILE.fullmatch(statement):
                bound, loop = loop_of, []
            elif bound and statement == "}":
                for _ in range(value(bound[2], names) - len(names[bound[1]])):
                    for inside in loop:
                        _cpp_statement(inside, names)
                bound = None
            elif bound:
                loop += [statement] if statement != "{" else []
            elif asked := _CPP_ASKED.fullmatch(statement):
                text, agent, url = value(_python_of_cpp(asked[2]), names)
                yield judged("may it be asked for", f"{name} {agent} {url[:80]}", asked[1] == "TRUE", rules_in(text).can_fetch(url, agent))
            else:
                _cpp_statement(statement, names)


def _cpp_statement(statement: str, names: dict[str, Any]) -> None:
    if appended := _CPP_APPEND.fullmatch(statement):
        names[appended[1]] += "".join(value(_python_of_cpp(appended[2] + ","), names))
    elif declared := _CPP_DECLARED.fullmatch(statement):
        try:
            names[declared[1]] = value(_python_of_cpp(declared[2]), names) if declared[2] else ""
        except Unread:
            names.pop(declared[1], None)


# -- crawler-commons: Java

_JAVA_TEST = re.compile(
    r"@(?:Parameterized)?Test\s+(?:@CsvSource\(\{(.*?)\}\)\s+)?(?:public )?void (\w+)\((.*?)\)[^{]*\{(.*?)^    \}", re.MULTILINE | re.DOTALL
)
_JAVA_SET = re.compile(r"(?:final )?(?:(?:BaseRobotRules|SimpleRobotRules|String|byte\[\]|long) )?(\w+) = (.*)", re.DOTALL)
_JAVA_ASKED = re.compile(r"assert(True|False|Equals)\((.*)\)", re.DOTALL)
_JAVA_RULES = {
    "ID_Encoding": ESCAPED, "GoogleOnly_AcceptUserAgentUpToFirstSpace": TOKEN, "testMultiWordAgentName": TOKEN, "testMultiAgentNames": TOKEN, "testSpacesInMultipleUserAgentNames": TOKEN,
    "testNutchCases": TOKEN, "testNutchCases2": TOKEN, "testHeritrixCases": TOKEN, "testBigCrawlDelay": DELAY,
    "testMatchingUserAgentNamesHttpHeader": TOKEN, "testSitemap": "an address without `Sitemap:` before it names no sitemap",
}  # fmt: skip
_UNSET = -(2**63)


class _OfCommons:
    """Our rules with the methods of crawler-commons, for one agent."""

    def __init__(self, agent: str, text: str | bytes, exact: bool = True) -> None:
        self._agent, self._rules = agent, rules_in(text)

    def isAllowed(self, url: str) -> bool:
        return self._rules.can_fetch(url, self._agent)

    def getCrawlDelay(self) -> int:
        delay = self._rules.crawl_delay(self._agent)
        return _UNSET if delay is None else round(delay * 1000)

    def getSitemaps(self) -> "_Listed":
        return _Listed(self._rules.sitemaps)


class _Listed:
    def __init__(self, values: tuple[str, ...]) -> None:
        self._values = values

    def size(self) -> int:
        return len(self._values)

    def get(self, at: int) -> str:
        return self._values[at]


def _python_of_java(text: str) -> str:
    text = re.sub(r"\.getBytes\((?:StandardCharsets\.)?(\w+)\)", lambda found: f".encode('{found[1].replace('_', '-')}')", text)
    text = text.replace("BaseRobotRules.UNSET_CRAWL_DELAY", "UNSET").replace("Long.MIN_VALUE", "UNSET").replace("Set.of", "only")
    return re.sub(r"\b(\d+)L\b", r"\1", text)


def commons(checkout: Path) -> Iterator[Case]:
    """Its own tests and its copy of Google's: what is allowed, delays, sitemaps."""
    tests = checkout / "src/test"
    known: dict[str, Any] = {
        "CR": "\r", "LF": "\n", "CRLF": "\r\n", "UNSET": _UNSET, "true": True, "false": False, "createRobotRules": _OfCommons,
        "readFile": lambda name: (tests / "resources" / name.lstrip("/")).read_bytes(), "only": lambda one="": one,
        "isUserAgentAllowed": lambda text, agent, url: rules_in(text).can_fetch(url, agent),
    }  # fmt: skip
    for file in ("SimpleRobotRulesParserTest", "GoogleRobotsTxtTest"):
        source = (tests / f"java/crawlercommons/robots/{file}.java").read_text()
        for table, name, parameters, body in _JAVA_TEST.findall(source):
            rows = [[cell.strip() for cell in row.split(", ")] for row in re.findall(r'^[^/\n]*?"((?:[^"\\]|\\.)*)"', table, re.MULTILINE)]
            columns = [(one.split()[0], one.split()[1]) for one in parameters.split(",") if one.strip()]
            for row in rows or [[]]:
                named = {
                    column: cell == "True" if kind == "boolean" else value(f'"{cell}"', {})
                    for (kind, column), cell in zip(columns, row, strict=True)
                }
                yield from _java_cases(file, name, without_comments(body), {**known, **named})


def _java_cases(file: str, name: str, body: str, names: dict[str, Any]) -> Iterator[Case]:
    for statement in statements(body):
        if asked := _JAVA_ASKED.fullmatch(statement):
            try:
                given = value(f"({_python_of_java(asked[2])},)", names)
            except (Unread, AttributeError, TypeError, IndexError):
                continue
            if asked[1] != "Equals":
                given = (asked[1] == "True", given[0])
            yield judged(file, f"{name} {asked[2][:80]}", given[0], given[1], rule=_JAVA_RULES.get(name, ""))
        elif given_name := _JAVA_SET.fullmatch(statement):
            try:
                names[given_name[1]] = value(_python_of_java(given_name[2]), names)
            except (Unread, AttributeError, TypeError, IndexError):
                names.pop(given_name[1], None)


# -- samclarke: JavaScript

_JS_TEST = re.compile(r"^\tit\('((?:[^'\\]|\\.)*)', function \(\) \{\n(.*?)^\t\}\);", re.MULTILINE | re.DOTALL)
_JS_SET = re.compile(r"(?:var|const) (\w+) = (.*)", re.DOTALL)
_JS_ASKED = re.compile(r"expect\((.*)\)\.to\.(?:equal|eql)\((.*)\)", re.DOTALL)
_JS_LISTS = re.compile(r"testRobots\((.*)\)", re.DOTALL)
_JS_RULES = {"Unicode and urlencoded paths": RESERVED, "surrogates": OCTETS}


class _OfSamclarke:
    """Our rules with the methods of samclarke's parser; another host's address is not its matter, nor ours here."""

    def __init__(self, url: str, text: str | None) -> None:
        self._rules = rules_in(text or "")

    def isAllowed(self, url: str, agent: str = "*") -> bool:
        return self._rules.can_fetch(url, agent)

    def getCrawlDelay(self, agent: str = "*") -> float | None:
        return self._rules.crawl_delay(agent)

    def getSitemaps(self) -> list[str]:
        return list(self._rules.sitemaps)


def samclarke(checkout: Path) -> Iterator[Case]:
    """What is allowed, delays and sitemaps; what it says of addresses of other hosts is left out."""
    source = (checkout / "test/Robots.js").read_text()
    for name, body in _JS_TEST.findall(source):
        names: dict[str, Any] = {"robotsParser": _OfSamclarke, "undefined": None, "null": None, "true": True, "false": False}
        if "port" in name or "invalid" in name.replace("invalid lines", "").replace("invalid crawl", "") or "specified" in name:
            continue
        rule = next((rule for words, rule in _JS_RULES.items() if words in name), "")
        for statement in statements(without_comments(body)):
            try:
                if lists := _JS_LISTS.fullmatch(statement):
                    _, text, allowed, forbidden = value(f"({lists[1]})", names)
                    rules = rules_in(text)
                    for url in (*allowed, *forbidden):
                        got = rules.can_fetch(url, "*")
                        yield judged("may it be asked for", f"{name} {url[:80]!r}", url in allowed, got, rule=rule)
                elif asked := _JS_ASKED.fullmatch(statement):
                    yield judged("delays and sitemaps", f"{name} {asked[1]}", value(asked[2], names), value(asked[1], names))
                elif declared := _JS_SET.fullmatch(statement):
                    names[declared[1]] = value(declared[2], names)
            except (Unread, AttributeError):
                continue


# -- protego, reppy: Python

_PY_RULES = {
    "percentage_encoding": ESCAPED, "unicode_url_and_useragent": TOKEN, "user_agent_precedence": TOKEN, "generosity": COLON, "skip_malformed_line": COLON,
    "special_symbols_dual_behaviour": PATTERN, "with_absolute_urls": PATTERN, "grouping_unknown_keys": UNKNOWN, "no_leading_user_agent": NO_AGENT,

}  # fmt: skip


class _OfPython:
    """Our rules with the methods of protego and reppy."""

    def __init__(self, rules: Robots, agent: str = "*") -> None:
        self._rules, self._agent = rules, agent

    def can_fetch(self, url: str, agent: str) -> bool:
        return self._rules.can_fetch(url, agent)

    def allowed(self, url: str, agent: str = "") -> bool:
        return self._rules.can_fetch(url, agent or self._agent)

    def agent(self, name: str) -> "_OfPython":
        return _OfPython(self._rules, name)

    def crawl_delay(self, agent: str) -> float | None:
        return self._rules.crawl_delay(agent)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        return self._rules.sitemaps


class _Reader:
    """Stands for the class whose `parse` reads a robots.txt; the last of what it is given is the text."""

    @staticmethod
    def parse(*given: str | bytes, content: str = "") -> _OfPython:
        return _OfPython(rules_in(given[-1] if given else content))


def protego(checkout: Path) -> Iterator[Case]:
    """Its own tests, without those of Request-rate, Visit-time and Host, which we do not follow."""
    names = {"Protego": _Reader(), "list": list, "len": len}
    for file in ("test_protego", "test_on_google_spec"):
        yield from _python_cases(checkout / f"tests/{file}.py", names)
    yield from _real_files(checkout / "tests/test_data")


def reppy(checkout: Path) -> Iterator[Case]:
    """Its tests of what is allowed."""

    class Named:
        Robots = _Reader()

        def parse(self, content: str, name: str) -> _OfPython:
            return _Reader.parse(content).agent(name)

    for file in ("test_robots", "test_agent"):
        yield from _python_cases(checkout / f"tests/{file}.py", {"robots": Named, "Robots": _Reader(), "self": Named()})


def _python_cases(file: Path, known: dict[str, Any]) -> Iterator[Case]:
    for function in ast.walk(ast.parse(file.read_text())):
        if isinstance(function, ast.FunctionDef) and function.name.startswith("test_"):
            for row in _parameters(function):
                yield from _of_statements(file.stem, function, {**known, **row})


def _parameters(function: ast.FunctionDef) -> Iterator[dict[str, Any]]:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.parametrize":
            names, rows = (ast.literal_eval(one) for one in decorator.args)
            yield from (dict(zip(names, row, strict=True)) for row in rows)
            return
    yield {}


def _of_statements(group: str, function: ast.FunctionDef, names: dict[str, Any]) -> Iterator[Case]:
    rule = next((rule for words, rule in _PY_RULES.items() if function.name == f"test_{words}"), "")
    for statement in function.body:
        try:
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                names[statement.targets[0].id] = worked_out(statement.value, names)
            elif (found := _asserted(statement)) is not None:
                wanted, asked = found
                got = worked_out(asked, names)
                yield judged(group, f"{function.name} {ast.unparse(asked)[:120]}", wanted, bool(got), rule=rule)
        except (Unread, AttributeError, TypeError, IndexError):
            continue


def _asserted(statement: ast.stmt) -> tuple[bool, ast.expr] | None:
    if isinstance(statement, ast.Assert):
        return True, statement.test
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        name = ast.unparse(statement.value.func).removeprefix("self.")
        if name in ("assertTrue", "assertFalse"):
            return name == "assertTrue", statement.value.args[0]
    return None


# -- real files, against a matcher of one's own


def _real_files(folder: Path) -> Iterator[Case]:
    paths = ("/", "/index.html", "/search?q=a", "/admin/", "/wp-admin/admin-ajax.php", "/news/2026/11/28/story-1.html", "/a/b/c/print/?x=1&y=2",
             "/cgi-bin/x", "/tag/a/feed/", "/user/login", "/image.jpg", "/doc.pdf")  # fmt: skip
    for file in sorted(folder.iterdir()):
        body = file.read_bytes()
        rules = rules_in(body)
        plain = _Plain(body)
        asked = (*paths, *plain.paths_to_try())
        for agent in (AGENT, "googlebot"):
            for path in asked:
                wanted, got = plain.allows(agent, path), rules.can_fetch(f"https://{file.name}{path}", agent)
                rule = RESERVED if b"%" in body and wanted and not got else ""
                yield judged("real files", f"{file.name} {agent} {path[:100]}", wanted, got, rule=rule)


class _Plain:
    """A second reading of RFC 9309 with Google's leniences, by other means than the product's: octets, one regular expression a rule."""

    _KEYS = (
        ("agent", (b"user-agent", b"useragent", b"user agent")), ("allow", (b"allow",)),
        ("disallow", (b"disallow", b"dissallow", b"dissalow", b"disalow", b"diasllow", b"disallaw")),
    )  # fmt: skip

    def __init__(self, body: bytes) -> None:
        self.groups: list[tuple[set[str], list[tuple[bool, bytes]]]] = []
        self._made: dict[str, list[tuple[bool, int, re.Pattern[bytes]]]] = {}
        ruled = True
        for line in re.split(rb"\r\n|\r|\n", body.removeprefix(b"\xef\xbb\xbf")):
            kind, value_of = self._line(line[: 2083 * 8 - 1].partition(b"#")[0].strip())
            if kind == "agent":
                if ruled:
                    self.groups.append((set(), []))
                ruled = False
                token = re.match(rb"\*(?=\s|$)|[A-Za-z_-]*", value_of)
                self.groups[-1][0].add(token[0].decode().lower() if token else "")
            elif kind and self.groups and self.groups[-1][0] - {""}:
                # A group that names nobody has no rules that could part it from the next user-agent line.
                ruled = True
                self.groups[-1][1].append((kind == "allow", value_of))

    def _line(self, line: bytes) -> tuple[str, bytes]:
        key, colon, rest = line.partition(b":")
        if not colon:
            words = line.split()
            if len(words) != 2:
                return "", b""
            key, rest = words
        lower = key.strip().lower()
        return next((kind for kind, names in self._KEYS if lower.startswith(names)), ""), rest.strip()

    def _rules(self, agent: str) -> list[tuple[bool, int, re.Pattern[bytes]]]:
        if agent not in self._made:
            own = [rules for names, rules in self.groups if agent in names]
            chosen = own or [rules for names, rules in self.groups if "*" in names]
            self._made[agent] = [made for rules in chosen for allow, pattern in rules for made in _compiled(allow, pattern)]
        return self._made[agent]

    def allows(self, agent: str, path: str) -> bool:
        octets = path.encode()
        best = {True: 0, False: 0}
        for allow, length, pattern in self._rules(agent):
            if length > best[allow] and pattern.match(octets):
                best[allow] = length
        return path == "/robots.txt" or best[True] >= best[False]

    def paths_to_try(self) -> list[str]:
        """Addresses that the rules speak of: the asterisks filled, the ends left open."""
        seen: dict[str, None] = {}
        for _, rules in self.groups:
            for _, pattern in rules[:30]:
                text = pattern.decode("latin-1").replace("*", "x/y").rstrip("$")
                if text.startswith("/") and re.fullmatch(r"[!-~]+", text) and len(text) < 300:
                    seen[text] = None
            if len(seen) > 12:
                break
        return list(seen)[:12]


def _compiled(allow: bool, pattern: bytes) -> Iterator[tuple[bool, int, re.Pattern[bytes]]]:
    pattern = re.sub(rb"[\x80-\xff]", lambda found: b"%%%02X" % found[0][0], pattern)
    pattern = re.sub(rb"%[0-9a-fA-F]{2}", lambda found: found[0].upper(), pattern)
    folder = re.fullmatch(rb"(.*/)index\.htm[^/]*", pattern) if allow else None
    for one in (pattern, folder[1] + b"$") if folder else (pattern,):
        end = one.endswith(b"$")
        parts = map(re.escape, (one[:-1] if end else one).split(b"*"))
        yield allow, len(one), re.compile(b".*?".join(parts) + (rb"\Z" if end else b""), re.DOTALL)


SUITES: dict[str, Callable[[Path], Iterator[Case]]] = {
    "google+robotstxt": google, "crawler-commons+crawler-commons": commons, "scrapy+protego": protego,
    "samclarke+robots-parser": samclarke, "seomoz+reppy": reppy,
}  # fmt: skip
