"""Answers of a store that are no success, each as the error that says what to do; and what is kept of its objects."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.errors import SetupError, Unreachable
from crawler.storage import reading
from crawler.storage.client import NotOffered, _of_answer, told
from crawler.storage.reading import _Piece, _Recent

WHERE = "s3://news/a.warc.gz"


@pytest.mark.parametrize(
    ("status", "code", "kind", "what"),
    [
        (404, "NoSuchBucket", SetupError, "there is no such bucket"),
        (404, "NoSuchKey", FileNotFoundError, "no such object"),
        (404, "", FileNotFoundError, "no such object"),
        (409, "OperationAborted", FileExistsError, "the store refused: OperationAborted"),
        (412, "PreconditionFailed", FileExistsError, "the store refused: PreconditionFailed"),
        (501, "NotImplemented", NotOffered, "does not know this kind of request"),
        (500, "InternalError", Unreachable, "the store answers 500 InternalError"),
        (503, "", Unreachable, "the store answers 503$"),
        (429, "TooManyRequests", Unreachable, "the store answers 429"),
        (403, "AccessDenied", SetupError, "the store refuses: 403 AccessDenied"),
        (400, "InvalidRequest", SetupError, "the store answers 400 InvalidRequest$"),
        (0, "", SetupError, "the store answers 0$"),
    ],
)
def test_each_answer_is_an_error_of_its_own(status: int, code: str, kind: type[Exception], what: str) -> None:
    error = _of_answer(WHERE, {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}})
    assert type(error) is kind
    with pytest.raises(kind, match=what):
        raise error
    assert WHERE in str(error)


def test_what_the_sdk_cannot_send_is_told_in_one_line() -> None:
    from botocore.exceptions import ParamValidationError

    with pytest.raises(SetupError, match="ParamValidationError: the SDK cannot send this") as refused, told(WHERE):
        raise ParamValidationError(report="a key\nof no use")
    assert "\n" not in str(refused.value)


def test_so_many_bytes_of_objects_are_kept_and_the_longest_unused_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "KEPT_BYTES", 10)
    recent = _Recent()
    for start in (0, 4, 8):
        recent.keep(WHERE, "tag", _Piece(start, bytes(4)))
    assert recent.at(WHERE, "tag", 1) is None
    kept: Any = [recent.at(WHERE, "tag", offset) for offset in (5, 9)]
    assert [piece.start for piece in kept] == [4, 8]
    recent.keep(WHERE, "tag", _Piece(8, bytes(6)))
    assert recent.at(WHERE, "tag", 5) is not None, "a piece read again takes the room of the one before"
    recent.drop(WHERE)
    assert recent.at(WHERE, "tag", 9) is None
