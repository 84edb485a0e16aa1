"""Order of the certificates in a timestamp, as DER wants it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

_TOKEN_PATH = (1, 1, 0)
"""From a TimeStampResp to its SignedData: the token, its content, the structure in that."""
_CERTIFICATES = 0xA0
_LONG = 0x80


def with_sorted_certificates(answer: bytes) -> bytes:
    """Sort the certificates in a TimeStampResp by their bytes, where they are not.

    `openssl ts`, by which many authorities answer, leaves them as they come, and `rfc3161-client` takes no set that is not in the order of
    DER. They are not what the signature is over, and no length changes.

    Returns:
        The answer as it is, if it cannot be read so.
    Source: RFC 3161 2.4.2; RFC 5652 5.1; X.690 11.6.
    """
    try:
        start, end = _inside(answer, 0)
        for step in _TOKEN_PATH:
            start, end = _inside(answer, list(_children(answer, start, end))[step])
        for at in _children(answer, start, end):
            if answer[at] == _CERTIFICATES:
                first, last = _inside(answer, at)
                places = [*_children(answer, first, last), last]
                ordered = sorted(answer[here:there] for here, there in pairwise(places))
                return answer[:first] + b"".join(ordered) + answer[last:]
    except IndexError:
        pass
    return answer


def _children(data: bytes, start: int, end: int) -> Iterator[int]:
    """Offsets of the values between two offsets."""
    while start < end:
        yield start
        start = _inside(data, start)[1]


def _inside(data: bytes, at: int) -> tuple[int, int]:
    """Offsets of the first byte in a value and of the first behind it.

    Raises:
        IndexError: It does not lie within the data.
    """
    length, start = data[at + 1], at + 2
    if length & _LONG:
        count = length ^ _LONG
        length, start = int.from_bytes(data[start : start + count]), start + count
    if start + length > len(data):
        raise IndexError(at)
    return start, start + length
