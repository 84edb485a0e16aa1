"""ReplayWeb.page fetched in one version, and its server; npm and browser are in the group `outer`."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import sys
import tarfile
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from crawler.errors import Damaged, SetupError
from crawler.playback import viewer as module
from crawler.playback.viewer import FILES, VERSION, install, is_installed, page, viewer_folder
from crawler.playback.viewer_server import Viewer


def package(path: Path, monkeypatch: pytest.MonkeyPatch, *names: str) -> Path:
    """A package that is taken for the one that is meant."""
    with tarfile.open(path, "w:gz") as archive:
        for name in names or FILES:
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(name)
            archive.addfile(member, io.BytesIO(name.encode()))
    monkeypatch.setattr(module, "INTEGRITY", "sha512-" + base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode())
    return path


def npm(folder: Path, source: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "npm").write_text(f"#!{sys.executable}\nimport shutil, sys\n{dedent(source)}")
    (folder / "npm").chmod(0o755)


def test_a_package_is_checked_and_laid_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "there" / "viewer"
    assert not is_installed(folder)
    install(folder, package(tmp_path / "p.tgz", monkeypatch))
    assert is_installed(folder)
    assert {file.name for file in folder.iterdir()} == {*FILES, "VERSION"}
    (folder / "sw.js").unlink()
    assert not is_installed(folder)


def test_another_file_is_refused_and_nothing_is_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "viewer"
    file = package(tmp_path / "p.tgz", monkeypatch)
    install(folder, file)
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(Damaged, match=f"is not replaywebpage {VERSION}"):
        install(folder, file)
    assert is_installed(folder)


def test_npm_is_asked_for_the_one_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = package(tmp_path / "p.tgz", monkeypatch)
    npm(tmp_path / "bin", f"""
        assert sys.argv[1:5] == ["pack", "replaywebpage@{VERSION}", "--ignore-scripts", "--silent"], sys.argv
        shutil.copy({str(file)!r}, sys.argv[sys.argv.index("--pack-destination") + 1])
    """)  # fmt: skip
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    install(tmp_path / "viewer")
    assert is_installed(tmp_path / "viewer")


@pytest.mark.parametrize(("source", "told"), [("sys.exit('E404 no such\\n package')", "E404 no such package"), ("pass", "exit code 0"), ("import time; time.sleep(9)", "no package in")])
def test_what_npm_says_is_one_line_with_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, told: str) -> None:
    npm(tmp_path / "bin", source)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(module, "_SECONDS", 0.5 if "sleep" in source else 30.0)
    with pytest.raises(SetupError, match=told) as error:
        install(tmp_path / "viewer")
    assert f"`npm pack replaywebpage@{VERSION}`" in str(error.value)
    assert "\n" not in str(error.value)


def test_without_npm_the_way_out_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SetupError, match="npm is not installed"):
        install(tmp_path / "viewer")


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="file"):
        install(tmp_path / "file" / "viewer", package(tmp_path / "p.tgz", monkeypatch))


def test_the_folder_is_as_named_or_of_the_project_or_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert viewer_folder({"ARCHIVE_VIEWER": str(tmp_path / "v")}) == tmp_path / "v"
    assert viewer_folder({}).name == ".replaywebpage"
    monkeypatch.setattr(module, "__file__", str(tmp_path / "site-packages" / "crawler" / "playback" / "viewer.py"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert viewer_folder({}) == tmp_path / "data" / "news-archive-crawler" / "replaywebpage"


def test_the_page_takes_no_markup_from_addresses() -> None:
    html = page("/wacz/x.wacz", title="<b>", url='"><script>alert(1)</script>', date="2026-11-24T01:02:03Z")
    assert "<script>alert" not in html
    assert "<b>" not in html
    assert 'ts="20261124010203"' in html
    assert " ts=" not in page("/wacz/x.wacz", title="x")


def asked(viewer: Viewer, path: str, *, method: str = "GET", headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    """Ask the server without a socket."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    place, _, query = path.partition("?")
    scope = {"type": "http", "method": method, "path": place, "raw_path": place.encode(), "query_string": query.encode(),
             "headers": [(name.encode(), value.encode()) for name, value in (headers or {}).items()]}  # fmt: skip
    asyncio.run(viewer(scope, None, send))
    names = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], names, b"".join(message["body"] for message in sent[1:])


@pytest.fixture
def viewer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Viewer:
    install(tmp_path / "viewer", package(tmp_path / "p.tgz", monkeypatch))

    def make(collection: str, story: str | None) -> Path:
        if collection != "a b":
            raise LookupError(f"no collection {collection}")
        file = tmp_path / "x.wacz"
        file.write_bytes(bytes(range(256)) * 4000 + (story or "").encode())
        return file

    return Viewer(tmp_path / "viewer", make)


def test_scripts_page_and_frame(viewer: Viewer) -> None:
    for path, name in (("/ui.js", "ui.js"), ("/replay/ui.js", "ui.js"), ("/replay/sw.js?serveIndex=1", "sw.js")):
        status, headers, body = asked(viewer, path)
        assert (status, body) == (200, name.encode())
        assert headers["content-type"].startswith("text/javascript")
    status, headers, body = asked(viewer, "/page/a%20b?story=p/1&url=http://a.example/%22&date=2026")
    assert (status, b"/wacz/a%20b/story/p%2F1.wacz" in body, b'a.example/"' in body) == (200, True, False)
    assert "script-src 'self';" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert b"replay-app-main" in asked(viewer, "/replay/")[2]
    assert asked(viewer, "/page.css")[0] == asked(viewer, "/favicon.ico")[0] == 200
    assert asked(viewer, "/replay/sw.js", method="HEAD")[2] == b""


def test_parts_of_a_wacz(viewer: Viewer) -> None:
    path = "/wacz/a%20b/story/p%2F1.wacz"
    status, headers, body = asked(viewer, path)
    whole = bytes(range(256)) * 4000 + b"p/1"
    assert (status, body, headers["content-length"]) == (200, whole, str(len(whole)))
    assert asked(viewer, path, method="HEAD")[1:] == (headers, b"")
    for span, first, last in (("bytes=3-9", 3, 9), ("bytes=-3", len(whole) - 3, len(whole) - 1), ("bytes=0-", 0, len(whole) - 1), ("bytes=9-99999999", 9, len(whole) - 1)):
        status, headers, body = asked(viewer, path, headers={"range": span})
        assert (status, body) == (206, whole[first : last + 1])
        assert headers["content-range"] == f"bytes {first}-{last}/{len(whole)}"
    assert asked(viewer, path, headers={"range": "bytes=99999999-"})[0] == 416
    assert asked(viewer, path, headers={"range": "bytes=-0"})[0] == 416
    assert asked(viewer, path, headers={"range": "bytes=1-2,4-5"})[0] == 200


def test_what_is_not_there(viewer: Viewer) -> None:
    assert asked(viewer, "/wacz/nope/all.wacz")[::2] == (404, b"no collection nope\n")
    assert asked(viewer, "/wacz/a%20b/all.wacz")[0] == 200
    assert asked(viewer, "/demo/-/front")[0] == 404
    assert asked(viewer, "/ui.js", method="POST")[0] == 405
    assert b"type `scrapy viewer`" in asked(Viewer(Path("/nowhere"), lambda *_: Path()), "/ui.js")[2]
