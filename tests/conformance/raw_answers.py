"""Raw HTTP answers out of the tests of other projects: readers of the formats in which those write them."""

from __future__ import annotations

import ast
import base64
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{1,2}|u\{[0-9A-Fa-f]+\}|u[0-9A-Fa-f]{4}|[0-7]{1,3}|\n\s*|.)", re.DOTALL)
_NAMED = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "a": "\a", "b": "\b"}
_BEGINS = re.compile(rb"[\r\n]*HTTP/")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer, and what its suite says of it (None: nothing)."""

    name: str
    raw: bytes
    valid: bool | None = None
    body: bytes | None = None
    method: str = "GET"


def of_llhttp(checkout: Path) -> Iterator[Answer]:
    """Markdown: a block of bytes, and the log of events that a strict parser has to give."""
    fence = r"((?:(?!```).)*)```"
    block = re.compile(rf"<!--\s*meta=(\{{[^}}]*\}})\s*-->\s*```http\n{fence}\s*```log\n{fence}", re.DOTALL)
    for path in sorted((checkout / "test/response").rglob("*.md")):
        for number, (meta, text, log) in enumerate(block.findall(path.read_text("utf-8"))):
            if '"response"' not in meta:
                continue
            lines = text.removesuffix("\n").replace("\\\n", "").replace("\n", "\r\n")
            raw = _bytes(_unescaped(lines))
            events = next((part for part in log.split("message complete") if not re.search(r"status=1(?!01)\d\d", part)), "")
            spans = re.findall(r"off=(\d+) len=(\d+) span\[body\]", events)
            yield Answer(
                name=f"{path.stem}/{number}", raw=raw, valid="error code" not in events,
                body=b"".join(raw[int(at) : int(at) + int(length)] for at, length in spans),
                method="HEAD" if "skipBody" in meta else "GET",
            )  # fmt: skip


def of_curl(checkout: Path) -> Iterator[Answer]:
    """Files with tags: what a server answers stands in `<reply><data>`, with words of the runner in percent signs."""
    for path in sorted((checkout / "tests/data").glob("test[0-9]*")):
        text = path.read_bytes().decode("latin-1")
        servers, reply = (re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL) for tag in ("server", "reply"))
        if not servers or not reply or not set(servers[1].split()) <= {"http", "http-ipv6"}:
            continue
        for tag, words, data in re.findall(r"<(data\d*)(\s[^>]*)?>\n?(.*?)</\1>", reply[1], re.DOTALL):
            raw = _of_runner(base64.b64decode(data) if "base64" in words else data.encode("latin-1"))
            raw = raw.removesuffix(b"\n") if "nonewline" in words else raw
            crlf = re.search(r'crlf="(\w+)"', words)
            if crlf:
                raw = _with_crlf(raw, everywhere=crlf[1] == "yes")
            if _BEGINS.match(raw) and not re.search(rb"%(?:if|else|endif|b64)", raw):
                yield Answer(name=f"{path.name}/{tag}", raw=raw)


def _of_runner(raw: bytes) -> bytes:
    def plain(found: re.Match[bytes]) -> bytes:
        return re.sub(rb"%([0-9A-Fa-f]{2})", lambda code: bytes([int(code[1], 16)]), found[found.lastindex or 0])

    raw = re.sub(rb"%repeat\[(\d+) x (.*?)\]%", lambda found: plain(found) * int(found[1]), raw)
    raw = re.sub(rb"%hex\[(.*?)\]hex%", plain, raw)
    raw = raw.replace(b"%CR", b"\r").replace(b"%HOSTIP", b"127.0.0.1")
    return re.sub(rb"%(?:HTTPPORT|HTTP6PORT|TESTNUMBER)\b", b"80", raw)


def _with_crlf(raw: bytes, *, everywhere: bool) -> bytes:
    out, in_head = [], True
    for line in raw.splitlines(keepends=True):
        in_head = in_head or line.startswith(b"HTTP/")
        out.append(line.rstrip(b"\r\n") + b"\r\n" if (in_head or everywhere) and line.endswith(b"\n") else line)
        in_head = in_head and bool(line.strip(b"\r\n"))
    return b"".join(out)


def of_python(checkout: Path) -> Iterator[Answer]:
    """Literals, also added and repeated ones, and what one test feeds piece by piece."""
    for path in sorted(checkout.rglob("test*.py")):
        try:
            tree = ast.parse(path.read_bytes())
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            value = _literal(node) if isinstance(node, ast.BinOp | ast.Constant) else None
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                fed = [call for call in ast.walk(node) if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in ("feed_data", "receive_data")]
                pieces = [_literal(call.args[0]) for call in sorted(fed, key=lambda call: (call.lineno, call.col_offset)) if call.args]
                value = b"".join(filter(None, pieces)) if len(pieces) > 1 and None not in pieces else None
            if value and b"\n" in value:
                yield Answer(name=f"{path.stem}/{getattr(node, 'lineno', 0)}", raw=value)


def _literal(node: ast.AST) -> bytes | None:
    match node:
        case ast.Constant(value=bytes() as value):
            return value
        case ast.Constant(value=str() as text):
            return _bytes(text)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            first, second = _literal(left), _literal(right)
            return first + second if first is not None and second is not None else None
        case ast.BinOp(left=left, op=ast.Mult(), right=ast.Constant(value=int() as times)) if times < 100_000:
            first = _literal(left)
            return None if first is None else first * times
    return None


def of_go(checkout: Path) -> Iterator[Answer]:
    """Sums of strings; in the table of response_test.go the body stands behind the response."""
    one = r'(?:"(?:[^"\\\n]|\\.)*"|`[^`]*`)'
    whole = re.compile(rf"{one}(?:\s*\+\s*(?://[^\n]*\n\s*)?{one})*")

    def value(text: str) -> bytes:
        return _bytes("".join(part[1:-1] if part[0] == "`" else _unescaped(part[1:-1]) for part in re.findall(one, text)))

    for path in sorted(checkout.rglob("*_test.go")):
        text = path.read_text("utf-8", "replace")
        for found in whole.finditer(text):
            raw = value(found[0])
            if b"%" in raw.split(b"\n")[0]:
                continue
            name = f"{path.stem}/{text.count(chr(10), 0, found.start()) + 1}"
            behind = re.match(rf",\s*Response\{{.*?\n\t\t\}},\s*({one}(?:\s*\+\s*{one})*),\s*\}}", text[found.end() :], re.DOTALL)
            if path.name == "response_test.go" and behind and "respTest" not in behind[0]:
                head = 'dummyReq("HEAD")' in behind[0] or 'dummyReq11("HEAD")' in behind[0]
                yield Answer(name=name, raw=raw, body=value(behind[1]), method="HEAD" if head else "GET")
            else:
                yield Answer(name=name, raw=raw)


def of_strings(*suffixes: str) -> Callable[[Path], Iterator[Answer]]:
    """Strings in double quotes and here-documents of Rust, C, Perl and of scenarios of tests; those with variables are left out."""
    double = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
    here = re.compile(r"<<\s*(['\"]?)(\w+)\1[^\n]*\n(.*?)\n\2\b", re.DOTALL)

    def read(checkout: Path) -> Iterator[Answer]:
        for path in sorted(path for path in checkout.rglob("*") if path.suffix in suffixes and path.is_file()):
            text = path.read_text("utf-8", "replace")
            found = [(match.start(), _unescaped(match[1])) for match in double.finditer(text) if "HTTP/" in match[1]]
            found += [(match.start(3), match[3] + "\n") for match in here.finditer(text)]
            for at, word in found:
                if "\n" in word and not re.search(r"[$@{]\w|\$\{|%[ds]", word):
                    yield Answer(name=f"{path.stem}/{text.count(chr(10), 0, at) + 1}", raw=_bytes(word))

    return read


def each_once(answers: Iterable[Answer]) -> Iterator[Answer]:
    """Those that begin as an answer does, or of which the suite says something; of equal ones the first."""
    seen: set[bytes] = set()
    for answer in answers:
        if answer.raw and answer.raw not in seen and (answer.valid is not None or _BEGINS.match(answer.raw)):
            seen.add(answer.raw)
            yield answer


def _unescaped(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        word = found[1]
        if word[0] in "xu" and len(word) > 1:
            return chr(int(word[1:].strip("{}"), 16))
        if word[0] in "01234567":
            return chr(int(word, 8) & 255)
        return "" if word[0] == "\n" else _NAMED.get(word[0], word[0])

    return _ESCAPE.sub(one, text)


def _bytes(text: str) -> bytes:
    """Characters up to 255 as that byte, others as UTF-8."""
    return b"".join(c.encode("latin-1") if ord(c) < 256 else c.encode("utf-8", "replace") for c in text)
