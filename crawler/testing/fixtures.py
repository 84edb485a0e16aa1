"""Fixtures of site files: a page as a small WARC, and the expected JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from attrs import frozen

from crawler import clock
from crawler.archive_files.reader import archived
from crawler.errors import SetupError, Unreadable
from crawler.items import Article, Capture, Headers, LeasedRequest, Parsed, Target, Unusable
from crawler.parsers.json import as_json
from crawler.processing.interpret import interpret
from crawler.processing.received import Received
from crawler.sites import shelf
from crawler.sites.site import Site
from crawler.testing.excerpt import page_of
from crawler.urls import host_of


@frozen(kw_only=True)
class Fixture:
    """One page and its expected answer: `NAME.warc` and `NAME.json` in a folder."""

    site: Site
    folder: Path
    name: str

    @property
    def warc(self) -> Path:
        """WARC of the page, with its request and response if it was fetched."""
        return self.folder / f"{self.name}.warc"

    @property
    def json(self) -> Path:
        """File of the expected answer."""
        return self.folder / f"{self.name}.json"

    def expected(self) -> dict[str, Any]:
        """Read the answer that a person has reviewed.

        Raises:
            SetupError: The file is missing or is no JSON object.
        """
        try:
            found = json.loads(self.json.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise SetupError(f"{self.json}: {error}") from error
        if not isinstance(found, dict):
            raise SetupError(f"{self.json}: no JSON object")
        return found

    def answer(self) -> dict[str, Any]:
        """Read the page with today's readers."""
        return as_json(read_page(self.site, self.warc))


def fixtures(folders: Sequence[str | Path] = ()) -> list[Fixture]:
    """List the fixtures beside every site file, in further folders too.

    Raises:
        SetupError: As `shelf`, and a WARC or a JSON without the other.
    """
    found: list[Fixture] = []
    for shelved in shelf(folders).values():
        names = {path.stem for path in shelved.fixtures.glob("*.*") if path.suffix in (".warc", ".json")}
        found += [Fixture(site=shelved.site, folder=shelved.fixtures, name=name) for name in sorted(names)]
    for one in found:
        for path in (one.warc, one.json):
            if not path.exists():
                raise SetupError(f"{path} is missing: a fixture is a WARC and a JSON of one name")
    return found


def read_page(site: Site, warc: Path) -> Article:
    """Read the page of an excerpt by its site, as a crawl does.

    Raises:
        NotAWarc, Damaged: It holds not one page.
        Unreadable: The page is none of the site's stories, or is not what its address promises.
    """
    record = page_of(warc)
    if record.type == "response":
        entry = next(archived(warc))
        assert entry.capture is not None
        capture, headers, payload = entry.capture, entry.headers, entry.payload() or b""
    else:
        capture = _capture(site, record.target_uri, record.date or clock.now(), warc.name)
        headers = Headers([("Content-Type", record.fields.first("content-type") or "text/html")])
        payload = record.block(record.block_length)
    story = site.story_id(capture.url)
    if story is None:
        raise Unreadable(f"{capture.url} is no story of {site.name}")
    target = Target(key=story, url=capture.url, site=site.name, role="story", story=story, language=site.language_of(capture.host))
    lease = LeasedRequest(target=target)
    outcome = interpret(site, Received(lease, capture, headers, payload))
    if not isinstance(outcome, Parsed):
        why = f"{outcome.reason}: {outcome.detail}" if isinstance(outcome, Unusable) else "not read: "
        raise Unreadable(f"{capture.url}: {why}")
    return outcome.article


def _capture(site: Site, url: str, date: datetime, name: str) -> Capture:
    """Make a capture for a page without an exchange."""
    return Capture(
        target=Target(url=url, site=site.name, role="story", key=url), record_id="", host=host_of(url), date=date, warc=name, offset=0,
        length=0, status=200, mime="text/html",
    )  # fmt: skip


def written(answer: Mapping[str, Any]) -> str:
    """Format an answer as fixture JSON, one line a value, for reviews."""
    return json.dumps(answer, ensure_ascii=False, indent=1) + "\n"


def expected_before(fixture: Fixture, *, overwrite: bool) -> Mapping[str, Any] | None:
    """Read the answer expected so far, or None.

    Raises:
        SetupError: There is a fixture of that name, and it may not be replaced.
    """
    if not (fixture.warc.exists() or fixture.json.exists()):
        return None
    if not overwrite:
        raise SetupError(f"{fixture.json} is there already: give another --name, or --overwrite to replace it")
    try:
        return fixture.expected()
    except SetupError:
        return None
