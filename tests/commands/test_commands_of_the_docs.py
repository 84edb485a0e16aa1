"""Each command line that README, docs and examples show has options, spider arguments and settings that exist."""

import argparse
import re
import shlex
from pathlib import Path

import pytest
from attrs import fields
from scrapy.settings import Settings
from scrapy.utils.misc import load_object

from crawler.crawl.settings_check import unknown
from crawler.frontier.crawl_arguments import CrawlArguments

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "examples").glob("*.md")), ROOT / "CONTRIBUTING.md"]
LINE = re.compile(r"(?:^|[\s`/|(])scrapy (?P<name>[a-z]+)(?P<rest>(?: [^`|\n]*)?)", re.MULTILINE)
WORDS = re.compile(r"\[|\.\.\.|NAME=")
"""Marks of a line that describes a command's form."""
SHOWN = sorted({
    (page.name, found["name"], re.split(r"\s{2,}|\s#|;|\|\|", found["rest"])[0].strip())
    for page in PAGES
    for found in LINE.finditer(page.read_text())
    if " -" in found["rest"] and not WORDS.search(found["rest"])
})  # fmt: skip


def test_many_lines_are_found() -> None:
    assert len(SHOWN) > 25
    assert {name for _, name, _ in SHOWN} >= {"crawl", "demo", "read", "reindex", "search", "versions", "verify", "fixture", "list"}


@pytest.mark.parametrize(("page", "name", "rest"), SHOWN, ids=[f"{page}: {name} {rest}" for page, name, rest in SHOWN])
def test_a_line_is_understood(page: str, name: str, rest: str) -> None:
    command = load_object(f"crawler.commands.{name}.Command")()
    command.settings = Settings()
    parser = argparse.ArgumentParser(exit_on_error=False)
    command.add_options(parser)
    try:
        given, left = parser.parse_known_args(shlex.split(rest))
    except ValueError:  # prose behind the command
        given, left = parser.parse_known_args(rest.split())
    assert not [word for word in left if word.startswith("-") and word != "-"], f"{page}: scrapy {name} {rest}"
    arguments = {pair.partition("=")[0] for pair in getattr(given, "spargs", None) or []}
    assert arguments <= {field.name for field in fields(CrawlArguments)} | {"warcs", "seeds"}
    assert not list(unknown([pair.partition("=")[0] for pair in given.set]))
