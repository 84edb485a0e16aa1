"""CDXJ lines: written without the JSON library where no value needs escapes."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from crawler.items import Capture, Target
from crawler.urls import surt
from crawler.warc import cdxj

texts = st.text(max_size=12)


@given(
    url=texts.map(lambda text: f"https://a.example/{text}"), mime=st.none() | texts, warc=texts, status=st.none() | st.integers(100, 999)
)
@example(url='https://a.example/"', mime="text/html", warc="w", status=200)
@example(url="https://a.example/\\", mime="text/html", warc="w", status=200)
@example(url="https://a.example/\x7f", mime="é", warc="w", status=200)
@example(url="https://a.example/", mime="\x1f", warc="w", status=200)
def test_a_line_holds_what_the_json_library_writes(url: str, mime: str | None, warc: str, status: int | None) -> None:
    date = datetime(2026, 11, 28, 1, 2, 3, 999999, tzinfo=UTC)
    capture = Capture(
        target=Target(key=url, url=url, site="web", role="page"), record_id="urn:uuid:1", host="a.example", date=date, warc=warc, offset=12,
        length=34, mime=mime, status=status, payload_digest="sha1:A",
    )  # fmt: skip
    told = {
        "url": url, "mime": mime, "status": None if status is None else str(status), "digest": "sha1:A", "length": "34", "offset": "12",
        "filename": warc,
    }  # fmt: skip
    wanted = json.dumps({name: value for name, value in told.items() if value is not None})
    assert cdxj.line(capture) == f"{surt(url)} 20261128010203 {wanted}"
