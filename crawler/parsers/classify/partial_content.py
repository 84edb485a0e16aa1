"""Detection of answers that hold only a part of the resource."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.items import Headers

_RANGE = re.compile(r"bytes\s+(\d{1,18})\s*-\s*(\d{1,18})\s*/\s*(\d{1,18}|\*)", re.IGNORECASE | re.ASCII)


def part_of_whole(status: int | None, headers: Sequence[tuple[str, str]], size: int | None) -> str | None:
    """Explain why an answer is only a part; None if it is whole.

    No request of ours names a range. A 206 is whole if its Content-Range says so. Behind another 2xx a Content-Range counts if it can be
    read, though RFC 9110 14.4 gives it no meaning there: a part must not be taken for the whole.

    Args:
        size: Bytes of the payload, content coding kept; None if not counted.

    >>> part_of_whole(206, [("Content-Range", "bytes 0-499/2000")], 500)
    '206 with bytes 0-499/2000'
    >>> part_of_whole(206, [("Content-Range", "bytes 0-499/500")], 500) is None
    True
    """
    if status is None or not 200 <= status < 300:
        return None
    if status == 226:
        return "226: a difference to something that is not held"
    values = [value.strip() for value in Headers(headers).all("content-range")]
    found = [match for value in values if (match := _RANGE.fullmatch(value))]
    if not found and status != 206:
        return None
    if found and _is_whole({match.groups() for match in found}, size):
        return None
    return f"{status} with {values[0][:80] or 'an empty Content-Range'}" if values else f"{status} without Content-Range"


def _is_whole(ranges: set[tuple[str, ...]], size: int | None) -> bool:
    """Test for one range, from the first byte to the last."""
    if len(ranges) != 1:
        return False
    first, last, of = ranges.pop()
    return of != "*" and int(first) == 0 and int(last) + 1 == int(of) and size in (None, int(of))
