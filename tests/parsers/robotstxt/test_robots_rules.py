"""robots.txt within its limits: nothing that was meant to be forbidden is allowed for a cut, and the time is bounded."""

from __future__ import annotations

import gzip
import time

import pytest

from crawler.parsers.robotstxt.robotstxt import read_robots, rules_of

KIB = 1024


def test_the_line_on_which_it_was_cut_does_not_count() -> None:
    body = b"User-agent: *\nDisallow: /private\n"
    text, left_out = rules_of(body[:24] + b"x" * 10, (), 24, 100)
    assert text == "User-agent: *"
    assert left_out == "over 24 bytes"


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_a_cut_leaves_the_whole_lines_above_it_however_they_end(end: str) -> None:
    body = end.join(["User-agent: *", "Disallow: /a", "Disallow: /b", "Disallow: /private"]).encode()
    text, left_out = rules_of(body, (), len(body) - 3, 100)
    assert text == "User-agent: *\nDisallow: /a\nDisallow: /b"
    assert left_out == f"over {len(body) - 3} bytes"


def test_misspelled_rules_and_those_without_a_colon_count_towards_the_limit() -> None:
    text, left_out = rules_of(b"User-agent: *\r" + b"dissalow: /a\rDisallow /b\r" * 9, (), 512 * KIB, 5)
    assert (text.count("/"), left_out) == (5, "over 5 rules")


def test_gzip_is_taken_off_and_bombs_are_not() -> None:
    coded = (("Content-Encoding", "gzip"),)
    text, left_out = rules_of(gzip.compress(b"User-agent: *\nDisallow: /a\n"), coded, 512 * KIB, 100)
    assert (text, left_out) == ("User-agent: *\nDisallow: /a\n", None)
    bomb, left_out = rules_of(gzip.compress(b"Disallow: /zz\n" * 2**20), coded, 512 * KIB, 100_000)
    assert len(bomb) <= 512 * KIB
    assert left_out


def test_rules_beyond_the_limit_are_left_out() -> None:
    text, left_out = rules_of(b"User-agent: *\n" + b"Disallow: /a\n" * 50, (), 512 * KIB, 10)
    assert text.count("Disallow") == 10
    assert left_out == "over 10 rules"


def test_the_worst_we_know_takes_less_than_a_second() -> None:
    worst = b"User-agent: *\n" + b"".join(b"Disallow: /" + b"*a" * 20 + b"%d\n" % n for n in range(10_000))
    began = time.process_time()
    rules, _ = read_robots(worst, (), 512 * KIB, 10_000)
    assert rules.can_fetch("https://a.example/" + "a" * 1500, "x") in (True, False)
    assert time.process_time() - began < 1.0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_byte_order_mark_is_believed(encoding: str) -> None:
    text = "User-agent: *\nDisallow: /\u0645\n"
    mark = "\ufeff" if encoding.endswith(("le", "be")) else ""
    assert rules_of((mark + text).encode(encoding), (), 512 * KIB, 100) == (text, None)
    assert rules_of((mark + text).encode(encoding), (), 24, 100)[1] == "over 24 bytes"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_wide_characters_without_a_mark_are_rules(encoding: str) -> None:
    text = "User-agent: *\nDisallow: /\n"
    assert rules_of(text.encode(encoding), (), 512 * KIB, 100) == (text, None)
