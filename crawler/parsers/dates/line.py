"""Lines in one form for dates: figures as ASCII, no marks of direction."""

from __future__ import annotations

import re

from crawler.parsers.patterns import later

_ZEROS = (
    0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0, 0xF20, 0x1040, 0x1090, 0x17E0,
    0x1810, 0x1946, 0x19D0, 0x1A80, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xAA50, 0xABF0, 0xFF10,
)  # fmt: skip
"""The zero of each script with figures of its own in the Unicode Character Database (category Nd)."""
DIGITS = {first + n: str(n) for first in _ZEROS for n in range(10)}
_SIGNS = (
    dict.fromkeys(
        (
            0x200B,
            0x200C,
            0x200D,
            0x200E,
            0x200F,
            0x202A,
            0x202B,
            0x202C,
            0x202D,
            0x202E,
            0x2066,
            0x2067,
            0x2068,
            0x2069,
            0xFEFF,
            0xAD,
            0x61C,
        )
    )
    | dict.fromkeys((0xA0, 0x202F, 0x2009, 0x2007, 0x3000), " ")
    | dict.fromkeys((0x60C, 0xFF0C, 0x3001, 0x104A, 0x1363, 0x55D), ",")
    | dict.fromkeys((0x3002, 0xFF0E, 0x6D4, 0x964, 0x104B, 0x1362, 0x589), ".")
    | {
        0xFF0F: "/",
        0xFF1A: ":",
        0x2236: ":",
        0x2215: "/",
        0x2044: "/",
        0xFF08: "(",
        0xFF09: ")",
        0x2010: "-",
        0x2011: "-",
        0x2212: "-",
        0xFF0D: "-",
    }
    | {first + n: chr(base + n) for first, base in ((0xFF21, 65), (0xFF41, 97)) for n in range(26)}
)
_TABLE = DIGITS | _SIGNS
_ETHIOPIC = later("[\u1369-\u137c]+")
_CHINESE_YEAR = later(r"[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}[日号號]")
_CHINESE = {sign: n for n, sign in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0}


def plain(line: str) -> str:
    """A line with figures of any script as ASCII, without marks of direction.

    >>> plain("१२/०३/२०२४")
    '12/03/2024'
    """
    if line.isascii():
        return line
    line = line.translate(_TABLE)
    if "年" in line:
        line = _CHINESE_YEAR.sub(_chinese_date, line)
    return _ETHIOPIC.sub(_ethiopic_number, line)


def _ethiopic_number(found: re.Match[str]) -> str:
    """A number of Ethiopic figures: ones, tens, a hundred that multiplies."""
    value = part = 0
    for sign in found[0]:
        n = ord(sign) - 0x1368
        if n < 19:
            part += n if n < 10 else (n - 9) * 10
        else:
            value, part = value + (part or 1) * (100 if n == 19 else 10_000), 0
    return str(value + part)


def _chinese_date(found: re.Match[str]) -> str:
    year, rest = found[0].split("年")
    month, day = rest[:-1].split("月")
    return f"{''.join(str(_CHINESE[sign]) for sign in year)}年{_chinese_number(month)}月{_chinese_number(day)}日"


def _chinese_number(text: str) -> int:
    """A number below a hundred."""
    tens, ten, ones = text.rpartition("十")
    return (_CHINESE[tens] if tens else 1) * 10 * bool(ten) + (_CHINESE.get(ones, 0) if ones else 0)
