"""The webhook: told of what it wants to know, bounded in time and size, no word of its address in the log."""

import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from crawler.monitoring.webhook import MAX_BYTES, MAX_TEXT, Webhook, When, body_of, webhook_of

SECRET = "T0KEN"


class Hook(ThreadingHTTPServer):
    """A chat's webhook on loopback."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Post)
        self.bodies: list[Any] = []
        self.answer = 200
        self.wait = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hooks/{SECRET}?key={SECRET}"


class _Post(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Hook)
        time.sleep(self.server.wait)
        self.server.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.answer)
        self.send_header("Location", f"/elsewhere/{SECRET}")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook() as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


@pytest.mark.parametrize(
    ("when", "code", "before", "told"),
    [
        ("bad", 0, 10, False), ("bad", 10, 0, True), ("bad", 11, 0, False), ("bad", 10, 10, True), ("bad", 1, None, True),
        ("changed", 0, 10, True), ("changed", 10, 10, False), ("changed", 10, 0, True), ("changed", 11, 0, False), ("changed", 0, None, False),
        ("changed", 12, None, True), ("always", 0, 0, True), ("always", 11, None, True),
    ],
)  # fmt: skip
def test_what_it_wants_to_know(when: When, code: int, before: int | None, told: bool) -> None:
    assert Webhook(url="http://a.example/", when=when).wants(code, before) is told


def test_reports_are_posted_and_a_redirect_is_not_followed(hook: Hook, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert Webhook(url=hook.url).post([("one", body_of("first", {"exit_code": 10})), ("two", body_of("second", {}))]) == []
        assert not caplog.records
        assert sorted(body["text"] for body in hook.bodies) == ["first", "second"]
        for hook.answer in (302, 404, 500):
            assert Webhook(url=hook.url).post([("one", b"{}")]) == ["one"]
    assert len(hook.bodies) == 5
    assert [record.getMessage() for record in caplog.records] == [
        f"webhook-failed site=one host=127.0.0.1 error=status {status}" for status in (302, 404, 500)
    ]


def test_one_that_hangs_or_is_not_there_is_given_up(hook: Hook, caplog: pytest.LogCaptureFixture) -> None:
    hook.wait = 3
    began = time.monotonic()
    assert Webhook(url=hook.url, seconds=0.2).post([(site, b"{}") for site in "abc"]) == ["a", "b", "c"]
    assert time.monotonic() - began < 2, "for all of them together"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # not listening
        assert Webhook(url=f"http://127.0.0.1:{taken.getsockname()[1]}/{SECRET}").post([("a", b"{}")]) == ["a"]
    for url in (f"http://127.0.0.1:bad/{SECRET}", f"http://user:{SECRET}@127.0.0.1:1/"):
        assert Webhook(url=url, seconds=2).post([("a", b"{}")]) == ["a"]
    assert "ConnectionRefusedError" in caplog.text
    assert SECRET not in caplog.text


def test_a_post_is_bounded() -> None:
    body = body_of("x" * 10_000, {"exit_code": 10, "stats": {"urls": ["y" * MAX_BYTES]}, "checks": [], "reason": "z"})
    told = json.loads(body)
    assert len(told["text"]) == MAX_TEXT
    assert "stats" not in told
    assert told["reason"] == "z"
    told = json.loads(body_of("x", {"exit_code": 10, "checks": ["y" * MAX_BYTES], "reason": "z" * MAX_BYTES}))
    assert told == {"text": "x", "exit_code": 10}


@pytest.mark.parametrize(
    "wrong", [{"ARCHIVE_WEBHOOK": "ftp://a.example/"}, {"ARCHIVE_WEBHOOK": "http://[::1"}, {"ARCHIVE_WEBHOOK_ON": "never"},
              {"ARCHIVE_WEBHOOK_SECONDS": "soon"}, {"ARCHIVE_WEBHOOK": None}],
)  # fmt: skip
def test_settings_that_mean_nothing_make_none(wrong: dict[str, object]) -> None:
    settings: dict[str, Any] = {"ARCHIVE_WEBHOOK": "http://a.example/", "ARCHIVE_WEBHOOK_ON": "changed", "ARCHIVE_WEBHOOK_SECONDS": "3"}
    assert webhook_of(settings) == Webhook(url="http://a.example/", when="changed", seconds=3)
    assert webhook_of(settings | wrong) is None
