"""Answers of `scrapy demo` as text for people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crawler.formatting import table

if TYPE_CHECKING:
    from crawler.demo.newspaper import Newspaper


def introduce(newspaper: Newspaper, path: Path) -> None:
    """Print the newspaper's hosts and their state."""
    what = f"a newspaper of {newspaper.stories} stories, four mirrors and a French edition on this machine"
    print(f"The Harbour Courier, {what}, goes into {path}\n")
    french = [(host, about) for host, about in newspaper.hosts.items() if host.startswith(("fr.", "archive."))]
    print(table([*((mirror["host"], mirror["about"]) for mirror in newspaper.mirrors), *french]), end="\n\n", flush=True)
