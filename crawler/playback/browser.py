"""Headless Chromium that reaches one replay server and nothing else."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.errors import SetupError

if TYPE_CHECKING:
    from playwright.async_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
HOW_TO_INSTALL = "python3 -m pip --python .venv/bin/python install -e '.[replay]'"
_OPTIONS = (
    "--no-proxy-server", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-domain-reliability", "--no-pings", "--dns-prefetch-disable", "--mute-audio", "--disable-dev-shm-usage",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)  # fmt: skip
_CLOSE_SECONDS = 10.0


def find_chromium(named: str | None) -> str | None:
    """Find a Chromium: as named, or on the PATH; None for Playwright's own.

    Raises:
        SetupError: The named one is no program.
    """
    if named:
        path = Path(named).expanduser()
        if not os.access(path, os.X_OK) or path.is_dir():
            raise SetupError(f"ARCHIVE_CHROMIUM: {path}: no program")
        return str(path.absolute())
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def check_installed() -> None:
    """Refuse to go on without Playwright.

    Raises:
        SetupError: Says what to type.
    """
    try:
        import playwright.async_api  # noqa: F401
    except ImportError as error:
        raise SetupError(f"the check of replays needs Playwright: {HOW_TO_INSTALL}") from error


@asynccontextmanager
async def playing() -> AsyncIterator[Playwright]:
    """Run Playwright for a while."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        yield playwright


async def launch(playwright: Playwright, path: str | None, base: str) -> Browser:
    """Start a browser that resolves no name but the replay server's.

    Args:
        path: Of Chromium; None for the one that Playwright has downloaded.
        base: Address of the replay server.
    Raises:
        SetupError: It does not start; says why.
    """
    from playwright.async_api import Error

    host = urlsplit(base).hostname or ""
    rules = f"--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE {host}"
    try:
        return await playwright.chromium.launch(
            executable_path=path, headless=True, args=[*_OPTIONS, rules], chromium_sandbox=os.geteuid() != 0,
            handle_sigint=False, handle_sigterm=False, handle_sighup=False,
        )  # fmt: skip
    except Error as error:
        said = next((line for line in str(error).splitlines() if line.strip()), "").strip()[:300]
        install = "install Chromium (Debian: `apt-get install chromium`), or name one in ARCHIVE_CHROMIUM"
        raise SetupError(f"{path or 'Chromium'}: cannot be started: {said}; {install}") from error


async def shut(browser: Browser) -> None:
    """Close a browser, also one whose pages do not answer."""
    import asyncio

    from playwright.async_api import Error

    with suppress(Error, TimeoutError):
        await asyncio.wait_for(browser.close(), _CLOSE_SECONDS)
