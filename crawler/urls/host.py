"""Parser for hosts: names in any script, IPv4 in any notation, IPv6.

Source: the URL Standard (WHATWG), host parsing; UTS 46 without transitional processing, hyphen and STD3 rules.
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import unquote_to_bytes

MAX_HOST_CHARACTERS = 1024
"""A longer host is refused unparsed; a name server takes 253 characters."""
MAX_LABEL_CHARACTERS = 63
TOO_LONG = "host name with an empty or too long part"

_SURROGATE = re.compile("[\ud800-\udfff]")
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f%#/:<>?@\[\\\]^|]")
_ENDS_IN_NUMBER = re.compile(r"(?:^|\.)(?:[0-9]+|0[xX][0-9A-Fa-f]*)\.?$")
_NUMBER = re.compile(r"0[xX](?P<hex>[0-9A-Fa-f]*)|0(?P<octal>[0-7]+)|(?P<decimal>0|[1-9][0-9]*)")
_A_LABEL = "xn--"
_JOINERS = "\u200c\u200d"
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


class BadAddress(ValueError):
    """An address that browsers refuse; the message is the reason."""


@lru_cache(maxsize=4096)
def parse_host(text: str) -> str:
    """Normalise a host: ASCII, lower case, IPv4 with four numbers, IPv6 compressed in brackets.

    Raises:
        BadAddress: The text is no host.

    >>> parse_host("WWW.Example"), parse_host("i❤.ws"), parse_host("0x7f.1"), parse_host("[::FFFF:1.2.3.4]")
    ('www.example', 'xn--i-7iq.ws', '127.0.0.1', '[::ffff:102:304]')
    """
    if len(text) > MAX_HOST_CHARACTERS:
        raise BadAddress(f"host name of {len(text)} characters")
    if text.startswith("["):
        return _ipv6(text)
    if "%" in text:
        text = unquote_to_bytes(_SURROGATE.sub("\ufffd", text)).decode("utf-8", "replace")
    name = text.lower() if text.isascii() else _ascii_name(_SURROGATE.sub("\ufffd", text))
    if found := _FORBIDDEN.search(name):
        raise BadAddress(f"host name with {found[0]!r}")
    if not name:
        raise BadAddress("no host")
    return _ipv4(name) if _ENDS_IN_NUMBER.search(name) else name


def _ascii_name(text: str) -> str:
    """Convert an internationalised name to ASCII (UTS 46)."""
    import idna

    try:
        labels = idna.uts46_remap(text, std3_rules=False).split(".")
        if max(map(len, labels)) > MAX_LABEL_CHARACTERS:
            # In ASCII it is longer still; Punycode takes time by the square of it.
            raise BadAddress(TOO_LONG)
        names = [_unicode_label(label) for label in labels]
        if any(_is_right_to_left(name) for name in names):
            for name in filter(None, names):
                idna.check_bidi(name, check_ltr=True)
        return ".".join(label if label.isascii() else _A_LABEL + label.encode("punycode").decode("ascii") for label in labels)
    except BadAddress:
        raise
    except ValueError as error:
        raise BadAddress(f"host name: {error}"[:200]) from None


def _unicode_label(label: str) -> str:
    """Decode a label to its script, checked by the validity criteria of UTS 46.

    Raises:
        ValueError: A criterion is broken.
    """
    import idna

    name = label
    if label.startswith(_A_LABEL):
        name = label[len(_A_LABEL) :].encode("ascii").decode("punycode")
        if name.isascii() or name.startswith(_A_LABEL) or idna.uts46_remap(name, std3_rules=False) != name:
            raise ValueError(f"{label[:60]!r} is no name in another script")
    if name.isascii():
        return name
    if "." in name:
        raise ValueError(f"{label[:60]!r} holds a dot")
    idna.check_initial_combiner(name)
    if any(not idna.valid_contextj(name, at) for at, sign in enumerate(name) if sign in _JOINERS):
        raise ValueError(f"{name[:60]!r} has a joiner where none may stand")
    return name


def _is_right_to_left(name: str) -> bool:
    import unicodedata

    return not name.isascii() and any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in name)


def _ipv4(text: str) -> str:
    """Parse an IPv4 address of one to four decimal, octal or hexadecimal numbers.

    The last number fills all remaining bytes.
    """
    parts = text.removesuffix(".").split(".")
    numbers = [_number(part) for part in parts] if len(parts) <= 4 else []
    if not numbers or any(number > 255 for number in numbers[:-1]) or numbers[-1] >= 256 ** (5 - len(numbers)):
        raise BadAddress(f"host {text[:60]!r} is no IPv4 address")
    value = numbers[-1] + sum(number << 8 * (3 - place) for place, number in enumerate(numbers[:-1]))
    return str(ipaddress.IPv4Address(value))


def _number(text: str) -> int:
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise BadAddress(f"host with {text[:40]!r} for a number")
    if found["hex"] is not None:
        return int(found["hex"] or "0", 16)
    return int(found["octal"], 8) if found["octal"] else int(found["decimal"])


def _ipv6(text: str) -> str:
    inner = text[1:-1]
    try:
        if not text.endswith("]") or "%" in inner:
            raise ValueError
        value = int(ipaddress.IPv6Address(inner))
    except ValueError:
        raise BadAddress(f"host {text[:60]!r} is no IPv6 address") from None
    # Not `str` of the address: releases of Python differ in how they write one that holds an IPv4 address.
    words = [f"{value >> 16 * place & 0xFFFF:x}" for place in range(7, -1, -1)]
    runs = re.finditer(r"(?:^|:)0(?::0)+(?=:|$)", ":".join(words))
    longest = max(runs, key=lambda run: len(run[0].strip(":")), default=None)
    shown = ":".join(words)
    if longest is not None:
        shown = f"{shown[: longest.start()]}::{shown[longest.end() :].removeprefix(':')}"
    return f"[{shown}]"
