"""ReplayWeb.page, fetched in one fixed version from the npm registry, and its page."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from html import escape
from pathlib import Path
from urllib.parse import quote

from crawler.errors import Damaged, SetupError
from crawler.playback.replay import Settings

PACKAGE, VERSION = "replaywebpage", "2.5.3"
INTEGRITY = "sha512-nCj2PSON3BxeSJKE8AsYPyULv0XPZKJWfy4l9PyQre9SqwLZ+WKZVs/sfLqPOQ4GrH+0YkjbwOhr8cSTH08gsQ=="
"""Of the package's file, as the registry has it."""
FILES = ("ui.js", "sw.js", "LICENSE")
INSTALL = "scrapy viewer"
_MAX_BYTES = 50_000_000
"""Of one file in the package."""
_SECONDS = 300.0
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:;"
    " connect-src 'self' data: blob:; frame-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'self'"
)
"""Of the page that shows it, and of its files."""


def viewer_folder(settings: Settings) -> Path:
    """The folder of the fetched files: ARCHIVE_VIEWER, the project's `.replaywebpage`, or the user's data directory."""
    if named := settings.get("ARCHIVE_VIEWER"):
        return Path(named).expanduser().absolute()
    project = Path(__file__).resolve().parents[2]
    if (project / "scrapy.cfg").exists():
        return project / ".replaywebpage"
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser() / "news-archive-crawler" / "replaywebpage"


def is_installed(folder: Path) -> bool:
    """Tell whether the files of this version are there."""
    try:
        return (folder / "VERSION").read_text() == VERSION and all((folder / name).is_file() for name in FILES)
    except OSError:
        return False


def install(folder: Path, package: Path | None = None) -> None:
    """Fetch the package, check it, and lay out what a browser needs of it.

    Args:
        package: Its file, fetched by hand; None to fetch it with npm.
    Raises:
        SetupError: npm is not installed or does not get it; the folder cannot be written.
        Damaged: The file is another than the one that is meant.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="viewer-") as scratch:
            file = package or _fetched(Path(scratch))
            check(file)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "VERSION").unlink(missing_ok=True)
            _unpack(file, folder)
            (folder / "VERSION").write_text(VERSION)
    except OSError as error:
        raise SetupError(f"{error.filename or folder}: {error.strerror or error}") from error


def check(file: Path) -> None:
    """Check the package's file against its SHA-512.

    Raises:
        Damaged: It differs.
    """
    found = "sha512-" + base64.b64encode(hashlib.sha512(file.read_bytes()).digest()).decode()
    if found != INTEGRITY:
        raise Damaged(file, 0, f"is not {PACKAGE} {VERSION}: its digest is {found}, not {INTEGRITY}")


def _fetched(scratch: Path) -> Path:
    """Have npm fetch the package from the registry that it is set up for."""
    by_hand = f"or fetch it elsewhere (`npm pack {PACKAGE}@{VERSION}`) and type `{INSTALL} FILE`"
    npm = shutil.which("npm")
    if npm is None:
        raise SetupError(f"npm is not installed: install it (Debian: `apt-get install npm`), {by_hand}")
    command = [npm, "pack", f"{PACKAGE}@{VERSION}", "--ignore-scripts", "--silent", "--pack-destination", str(scratch)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd=scratch, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise SetupError(f"npm: no package in {_SECONDS:g} s; {by_hand}") from error
    files = sorted(scratch.glob("*.tgz"))
    if done.returncode or not files:
        said = " ".join(done.stderr.split())[:200] or f"exit code {done.returncode}"
        raise SetupError(f"npm did not get {PACKAGE}@{VERSION}: {said}; {by_hand}")
    return files[0]


def _unpack(file: Path, folder: Path) -> None:
    """Take the files that are needed out of the package."""
    with tarfile.open(file, "r:gz") as archive:
        for name in FILES:
            member = archive.getmember(f"package/{name}")
            data = archive.extractfile(member)
            if data is None or member.size > _MAX_BYTES:
                raise Damaged(file, 0, f"{name} is no file in it")
            (folder / name).write_bytes(data.read())


def page(source: str, *, title: str, url: str | None = None, date: str | None = None) -> str:
    """The page that shows a WACZ.

    Args:
        source: Its path on this server.
        url: The archived page that is shown first; without one the list of pages.
        date: When that was captured; digits alone count.
    """
    given = {"source": source, "replaybase": "/replay/", "embed": "default", "newwindowbase": "/", "noMediaDownload": ""}
    if url:
        given |= {"url": url, "ts": "".join(filter(str.isdigit, date or ""))[:14]}
    attributes = " ".join(f'{name}="{escape(value, quote=True)}"' for name, value in given.items())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/page.css">'
        f'<script src="/ui.js"></script></head><body><replay-web-page {attributes}></replay-web-page></body></html>'
    )


STYLE = "html, body { margin: 0; height: 100%; } replay-web-page { display: block; height: 100vh; }"


FRAME = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>ReplayWeb.page</title><script src="./ui.js"></script></head>'
    "<body><replay-app-main></replay-app-main></body></html>"
)
"""What its service worker answers for the frame, once it is at work; the first request comes before."""


def wacz_address(collection: str, story: str | None) -> str:
    """Path of the WACZ of a story, or of a whole collection.

    >>> wacz_address("a b", "paper/1"), wacz_address("demo", None)
    ('/wacz/a%20b/story/paper%2F1.wacz', '/wacz/demo/all.wacz')
    """
    return f"/wacz/{quote(collection, safe='')}/" + (f"story/{quote(story, safe='')}.wacz" if story is not None else "all.wacz")
