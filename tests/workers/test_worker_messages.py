"""What a worker sends is plain data of a known type, or the worker is ended: a pickle, noise, too much, too little."""

from __future__ import annotations

import os
import pickle
import socket
import struct
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import Unreadable
from crawler.index.rows import all_clean, clean
from crawler.items import (
    Article,
    Block,
    Capture,
    CutOff,
    Image,
    Imprint,
    LeasedRequest,
    Link,
    LinkList,
    Listing,
    Media,
    NotModified,
    Outcome,
    Parsed,
    Redirect,
    Robots,
    Target,
    Unparsed,
    Unusable,
    urls_of,
)
from crawler.processing.plain_outcomes import PLAIN_OUTCOME, outcome_of, packed_links, plain_of
from crawler.schema.packed_links import parts_of
from crawler.workers.messages import ERRORS, LENGTH, BadMessage, Frames, answer_in, failure_of, framed, reply_of
from crawler.workers.pool import Workers
from crawler.workers.worker import JobLimits, Worker

TARGET = Target(key="k", url="https://a.example/x", site="web", role="page", story="web/x")
LEASE = LeasedRequest(target=TARGET)
CAPTURE = Capture(target=TARGET, record_id="urn:uuid:1", host="a.example", date=datetime(2026, 11, 24, tzinfo=UTC), warc="w", offset=0, length=1,
                  status=200)  # fmt: skip

# -- every kind of outcome, there and back

TEXT = st.text(st.characters(), max_size=20)  # halves of surrogate pairs too
MAYBE = st.none() | TEXT
LINKS = st.builds(Link, url=TEXT, text=TEXT, date=MAYBE, listing=st.booleans())


PLAIN_LINKS = st.builds(Link, url=TEXT, text=TEXT)  # those of pages


def some(one: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(one, max_size=3).map(tuple)


COMMON = {
    "links": some(LINKS) | some(PLAIN_LINKS), "bytes": st.integers(0, 2**40), "limited": some(TEXT), "left_out": some(st.tuples(TEXT, st.integers(0, 10**9))),
    "reader_version": MAYBE,
}  # fmt: skip
NEEDED = st.tuples(TEXT, TEXT)
BLOCKS = st.builds(
    Block,
    kind=st.sampled_from(["paragraph", "heading", "quote", "list", "picture", "related"]),
    text=MAYBE,
    image=st.none() | st.integers(0, 99),
)
IMAGES = st.builds(Image, url=TEXT, key=TEXT, caption=MAYBE, credit=MAYBE, agency=MAYBE, alt=MAYBE, raw=MAYBE)
ARTICLES = st.builds(
    Article, url=TEXT, story=MAYBE, template=TEXT, headline=MAYBE, headline_alternatives=some(TEXT), deck=MAYBE, blocks=some(BLOCKS), authors=some(TEXT),
    published=MAYBE, modified=MAYBE, published_raw=MAYBE, section=MAYBE, breadcrumb=some(LINKS), language=MAYBE, tags=some(TEXT), images=some(IMAGES),
    videos=some(TEXT), alternates=some(TEXT), related=some(LINKS), canonical_url=MAYBE, read_by=st.dictionaries(TEXT, TEXT, max_size=3), problems=some(TEXT),
)  # fmt: skip
HELD: dict[str, Any] = {"lease": st.just(LEASE), "capture": st.just(CAPTURE), **COMMON}
USABLE = st.one_of(
    st.builds(Parsed, article=ARTICLES, requisites=some(NEEDED), **HELD), st.builds(Unparsed, requisites=some(NEEDED), **HELD), st.builds(Robots, **HELD),
    st.builds(Listing, kind=st.sampled_from([None, "index", "urlset", "text", "feed"]), pictures=some(TEXT), newest=st.none() | st.integers(0, 2**80),
              requisites=some(NEEDED), **HELD),
    st.builds(Media, requisites=some(NEEDED), imprint=st.none() | st.builds(Imprint, byline=MAYBE, credit=MAYBE, copyright=MAYBE), **HELD),
    st.builds(Redirect, target=TEXT, by_refresh=st.booleans(), **HELD), st.builds(NotModified, **HELD),
)  # fmt: skip
OUTCOMES = st.one_of(
    USABLE, st.builds(CutOff, read=USABLE, reason=TEXT, detail=TEXT),
    st.builds(Unusable, reason=TEXT, detail=TEXT, answer=st.booleans(), read_state=st.sampled_from(["unread", "read", "unreadable", "not-a-story"]),
              retry_after=st.none() | st.floats(allow_nan=False), noted=st.booleans(), moved_to=MAYBE, fault=MAYBE, **HELD),
)  # fmt: skip


@given(OUTCOMES)
def test_every_outcome_comes_back_as_it_was(outcome: Outcome) -> None:
    made = outcome_of(answer_in(reply_of(plain_of(outcome)), PLAIN_OUTCOME), LEASE, CAPTURE)
    assert made == outcome
    assert (made.reader_version, getattr(made, "fault", None)) == (outcome.reader_version, getattr(outcome, "fault", None)), (
        "left out of =="
    )


@given(OUTCOMES)
def test_an_outcome_of_this_process_goes_through_no_message_and_is_the_same(outcome: Outcome) -> None:
    assert outcome_of(plain_of(outcome), LEASE, CAPTURE) == outcome


def test_there_is_no_kind_of_outcome_that_is_not_drawn() -> None:
    from crawler.items import outcome as module

    kinds = {
        one
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, module._Outcome | CutOff) and not one.__name__.startswith("_")
    }
    assert kinds == {Parsed, Unparsed, Listing, Media, Robots, Redirect, NotModified, Unusable, CutOff}


def test_a_worker_tells_a_status_only_where_there_is_none() -> None:
    told = plain_of(Unparsed(lease=LEASE, capture=CAPTURE))
    assert outcome_of(told, LEASE, evolve(CAPTURE, status=None)).capture == CAPTURE
    assert outcome_of(told, LEASE, evolve(CAPTURE, status=404)).capture.status == 404  # type: ignore[union-attr]


def test_text_of_a_subclass_comes_as_text() -> None:
    class Words(str):
        __slots__ = ()

    assert answer_in(reply_of((Words("a"), {"b": Words("c")})), tuple[str, dict[str, str]]) == ("a", {"b": "c"})


# -- messages that are none

WRONG = [
    b"", b"d", b"p", pickle.dumps((True, 1, "")), b"d" + pickle.dumps("x"), b"d\xc1", b"d\xdd\xff\xff\xff\xff", b"d\xdf\xff\xff\xff\xff", b"d" + b"\x91" * 100_000,
    b"j{", b"j" + b"[" * 100_000, b"f", b"f\x91\xa1a", b"f" + msgspec.msgpack.encode([1, 2, 3]), reply_of(1), reply_of(["Parsed"]), reply_of([["Parsed"], 200]),
    reply_of([["Nothing", 1], 200, None]), reply_of([["Unparsed", [], "many", [], [], None], 200, None]), reply_of({"content": None}), b"d" + b"\xc0\xc0",
]  # fmt: skip
BAD_LINKS = [
    b"", b"[", b"{}", b'["a","b"]', b'[["a"]]', b'[["a",null]]', b'[["a","b","c"]]', b'[["a",1]]', b'[["a","b"]]x', b'[["a\\u0000","b"]]', b'[["\\ud800",""]]',
    b'[["\xff",""]]', b'[["\x00",""]]', b"[" * 100_000, 2**62, 5, ["a", "b"], "[]", True,
]  # fmt: skip


def unparsed_with(links: object) -> list[object]:
    return [*msgspec.to_builtins(plain_of(Unparsed(lease=LEASE, capture=CAPTURE)))[:3], links]


@pytest.mark.parametrize("links", BAD_LINKS, ids=range(len(BAD_LINKS)))
def test_links_that_the_index_could_not_hold_are_refused(links: object) -> None:
    for reply in (reply_of(unparsed_with(links)), reply_of([*unparsed_with(links), "\ud800"])):
        with pytest.raises(BadMessage):
            answer_in(reply, PLAIN_OUTCOME)
    made = outcome_of(answer_in(reply_of(unparsed_with(b'[["a","b"]]')), PLAIN_OUTCOME), LEASE, CAPTURE)
    assert made.links == (Link(url="a", text="b"),)


@given(st.lists(PLAIN_LINKS, max_size=5) | st.lists(LINKS, max_size=5))
def test_links_are_sent_as_the_index_stores_them(links: list[Link]) -> None:
    packed = packed_links(links)
    if packed is None:
        assert not links or any(
            one.date is not None or one.listing or clean(one.url + one.text) != one.url + one.text or "u0000" in one.url + one.text
            for one in links
        )
    else:
        stored = zip(all_clean([one.url for one in links]), all_clean([one.text for one in links]), strict=True)
        assert [packed] == [part for _, _, part in parts_of(stored)]


def test_links_of_a_page_compare_as_a_tuple() -> None:
    links = (Link(url="a", text="b"), Link(url="c"))
    sent = LinkList(b'[["a","b"],["c",""]]', [("a", "b"), ("c", "")])
    assert (sent, hash(sent), repr(sent), len(sent)) == (links, hash(links), repr(links), 2)
    assert (sent[1], sent[-1], sent[:1], urls_of(sent), urls_of(links)) == (links[1], links[1], links[:1], ["a", "c"], ["a", "c"])
    assert sent != ["a"]


@pytest.mark.parametrize("reply", WRONG, ids=range(len(WRONG)))
def test_a_reply_of_another_type_is_refused(reply: bytes) -> None:
    with pytest.raises(BadMessage):
        answer_in(reply, PLAIN_OUTCOME)


@given(st.binary(max_size=200))
def test_noise_is_refused_and_does_nothing(noise: bytes) -> None:
    for mark in (b"", b"d", b"j"):
        if (mark + noise)[:1] != b"f":
            with pytest.raises(BadMessage):
                answer_in(mark + noise, PLAIN_OUTCOME)
    with pytest.raises((BadMessage, RuntimeError, *ERRORS.values())):
        answer_in(b"f" + noise, PLAIN_OUTCOME)


def test_only_known_errors_are_made() -> None:
    with pytest.raises(RuntimeError, match=r"\ASystemExit: 3\Z"):
        answer_in(failure_of(SystemExit(3)), Any)
    with pytest.raises(RuntimeError, match=r"\Aos.system: x\Z"):
        answer_in(b"f" + msgspec.msgpack.encode(["os.system", "x", ""]), Any)
    with pytest.raises(ValueError, match=r"\A\\ud800\Z"):
        answer_in(failure_of(ValueError("\ud800")), Any)


@given(st.lists(st.binary(max_size=50), max_size=5), st.integers(1, 9))
def test_messages_come_whole_however_they_are_cut(messages: list[bytes], size: int) -> None:
    stream, frames, found = b"".join(map(framed, messages)), Frames(), list[bytes]()
    for start in range(0, len(stream), size):
        frames.add(stream[start : start + size])
        found += frames.whole()
    assert found == messages
    assert not frames.is_partial


# -- a worker that has been taken over


class Taken:
    """A worker process whose end of the socket the test holds."""

    def __init__(self, worker: Worker) -> None:
        ours, self.end = socket.socketpair()
        ours.setblocking(False)
        worker.stop()

        class Process:
            pid = 2**30

            def __init__(self) -> None:
                self.code: int | None = None

            def poll(self) -> int | None:
                return self.code

            def kill(self) -> None:
                self.code = -9

            def wait(self, timeout: float | None = None) -> int:
                return self.code or 0

        self.process = Process()
        worker._process, worker._socket = self.process, ours  # type: ignore[assignment]


@pytest.fixture
def planted(tmp_path: Path) -> Iterator[tuple[Workers, Taken]]:
    workers = Workers(JobLimits(workers=1, seconds=5))
    yield workers, Taken(workers._all[0])
    workers.close()


class Harm:
    """What runs a command if it is unpickled."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.place),)


def harmful(place: Path) -> dict[str, bytes]:
    pickled = pickle.dumps(Harm(place))
    return {
        "a pickle": framed(pickled), "a pickle as an answer": framed(b"d" + pickled), "a pickle without a frame": pickled,
        "as multiprocessing sends it": struct.pack("!i", len(pickled)) + pickled, "too long": LENGTH.pack(2**40) + b"x" * 1000, "noise": os.urandom(64),
        "an empty message": framed(b""), "two answers": framed(reply_of(["x"])) * 2,
    }  # fmt: skip


@pytest.mark.parametrize("what", harmful(Path("x")))
def test_a_worker_that_sends_something_else_is_ended_and_costs_its_page(planted: tuple[Workers, Taken], tmp_path: Path, what: str) -> None:
    workers, taken = planted
    answer = threading.Timer(0.2, lambda: taken.end.sendall(harmful(tmp_path / "harm")[what]))
    answer.start()
    with pytest.raises(Unreadable, match="reading gave no answer that could be understood and was given up"):
        workers.call(pow, 2, 3, kind=PLAIN_OUTCOME)
    answer.join()
    assert taken.process.code == -9
    assert not (tmp_path / "harm").exists()
    assert workers.call(pow, 2, 3, kind=int) == 8, "another takes its place"


def test_a_worker_that_ends_in_the_middle_of_a_reply_costs_its_page(planted: tuple[Workers, Taken]) -> None:
    workers, taken = planted
    timer = threading.Timer(0.2, lambda: (taken.end.sendall(framed(reply_of("x" * 100))[:50]), taken.end.close()))
    timer.start()
    with pytest.raises(Unreadable, match="worker ended"):
        workers.call(pow, 2, 3)
    timer.join()
    assert workers.call(pow, 2, 3) == 8


def test_a_worker_that_speaks_unasked_is_replaced(planted: tuple[Workers, Taken]) -> None:
    workers, taken = planted
    taken.end.sendall(framed(reply_of(9)))
    assert workers.call(pow, 2, 3) == 8
    assert taken.process.code == -9


def test_a_worker_that_never_answers_is_ended_in_time(planted: tuple[Workers, Taken]) -> None:
    workers, taken = planted
    timer = threading.Timer(0.2, lambda: setattr(workers._all[0], "deadline", time.monotonic()))
    timer.start()

    def dribble() -> None:
        time.sleep(0.4)
        taken.end.sendall(b"\0")

    threading.Thread(target=dribble).start()
    with pytest.raises(Unreadable, match="over 60 s on the clock"):
        workers.call(pow, 2, 3)
    assert taken.process.code == -9
    timer.join()
