"""Answers that other projects test their parsers of HTTP/1.1 with.

Judged is: that what is kept and said of an answer does not depend on the pieces in which it comes (whole, byte by byte, short ones cut at
every place); llhttp's own verdict, valid or not, against our mark; the body, where the suite states one.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from raw_answers import Answer, each_once, of_curl, of_go, of_llhttp, of_python, of_strings
from segments import read, same, single

from suites import Case, judged

SHORT = 700
"""Bytes of an answer that is cut at every place; longer ones are cut at some 300."""

STRICTER = {
    r"101 |\d+ bytes of another protocol": "a 101 that nobody asked for is no answer",
    r"no HTTP answer: b'(RTSP|ICE)/": "RTSP and ICE are other protocols",
    r"HTTP version ": "a version that is none of 1.0 and 1.1 is marked",
    r"no blank behind the status code": "the blank behind the status code has to be sent",
    r"blank line before the status line": "a blank line before the status line is marked",
    r"transfer coding ": "a coding that was not asked for is marked",
}
"""Marks that llhttp does not know, and the rule of each (docs/answers.md, Marks on answers)."""


def judge(group: str, answers: Iterable[Answer]) -> Iterator[Case]:
    """The cases of one checkout."""
    for answer in each_once(answers):
        whole = read(answer.raw, method=answer.method)
        yield judged(f"{group}, segments", answer.name, [], _differing(answer, same(whole)))
        # Surplus and an early end are not a parser's to tell: it is given one message after the other.
        marks = [mark for mark in (whole["problem"] or "").split("; ") if mark and "surplus bytes" not in mark]
        rules = [next((rule for mark, rule in STRICTER.items() if re.match(mark, found)), "") for found in marks]
        rule = "; ".join(dict.fromkeys(rules)) if all(rules) else ""
        if answer.valid is not None:
            yield judged(f"{group}, marks", answer.name, not answer.valid, bool(marks), rule=rule)
        if answer.body is not None and answer.valid is not False:
            yield judged(f"{group}, bodies", answer.name, answer.body, whole["payload"], rule=rule)


def _differing(answer: Answer, whole: dict[str, object]) -> list[int]:
    """Where it may not be cut without another outcome; -1 for byte by byte."""
    raw, size = answer.raw, len(answer.raw)
    places = range(1, size) if size < SHORT else [*range(1, 200), *range(200, size, max(1, size // 100))]
    found = [at for at in places if same(read(raw[:at], raw[at:], method=answer.method)) != whole]
    if size < 20_000 and same(read(*single(raw), method=answer.method)) != whole:
        found.append(-1)
    return found


def _suite(group: str, reader: Callable[[Path], Iterator[Answer]]) -> Callable[[Path], Iterator[Case]]:
    return lambda checkout: judge(group, reader(checkout))


SUITES = {
    "nodejs+llhttp": _suite("HTTP answers", of_llhttp),
    "curl+curl": _suite("HTTP answers", of_curl),
    "ooni+oohttp": _suite("HTTP answers", of_go),
    "python-hyper+h11": _suite("HTTP answers", of_python),
    "MagicStack+httptools": _suite("HTTP answers", of_python),
    "aio-libs+aiohttp": _suite("HTTP answers", of_python),
    "hyperium+hyper": _suite("HTTP answers", of_strings(".rs")),
    "h2o+h2o": _suite("HTTP answers", of_strings(".t", ".py", ".c")),
    "haproxy+haproxy": _suite("HTTP answers", of_strings(".vtc")),
    "nginx+nginx-tests": _suite("HTTP answers", of_strings(".t")),
}
