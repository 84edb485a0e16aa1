"""`scrapy viewer`: one line where it cannot."""

from __future__ import annotations

from pathlib import Path

from typed_commands import Typed


def test_what_is_no_package_is_refused(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "x.tgz").write_bytes(b"nonsense")
    answer = typed("viewer", str(tmp_path / "x.tgz"), "-s", f"ARCHIVE_VIEWER={tmp_path / 'v'}")
    assert (answer.code, answer.err.count("\n")) == (13, 1)
    assert not (tmp_path / "v").exists()
    assert typed("viewer", str(tmp_path / "none.tgz")).code == 1
    assert typed("viewer", "a", "b").code == 2


def test_what_was_fetched_is_told(typed: Typed, tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("crawler.playback.viewer.install", lambda folder, package: folder.mkdir())
    answer = typed("viewer", "-s", f"ARCHIVE_VIEWER={tmp_path / 'v'}")
    assert (answer.code, answer.out) == (0, f"replaywebpage 2.5.3 is in {tmp_path / 'v'}; `scrapy serve` shows WACZ files with it\n")
