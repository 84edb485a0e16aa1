"""`scrapy read --explain`: which rule won, what the others said, and that every rule is in the docs."""

from __future__ import annotations

import importlib
import io
import json
import pkgutil
import sys
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

import crawler.parsers
from crawler.commands.read import Command
from crawler.parsers.document.rules import Rules, Steps, Trace
from crawler.parsers.explain import GROUPS, as_text, explanation
from crawler.parsers.json import as_json
from crawler.processing.read_page import page_from, parse_page, site_at

PROSE = "".join(
    f"<p>The harbour of the old town was closed on day {n} after a storm had torn three barges from their moorings there.</p>"
    for n in range(4)
)
STORY = "https://www.presstv.ir/Detail/2026/03/09/765432/Storm-closes-harbour"


def explained(html: str, url: str = "https://courier.example/a") -> dict[str, Any]:
    page = page_from(html, url)
    page.trace = Trace()
    article = parse_page(page, site_at(url))
    assert article == parse_page(page_from(html, url), site_at(url)), "asking must not change the answer"
    return {"id": "a", **as_json(article), "explain": explanation(article, page.trace)}


def article(figure: str) -> str:
    return f"<html lang=en><title>Storm closes harbour</title><article><h1>Storm closes harbour</h1>{PROSE}{figure}{PROSE}</article>"


@pytest.mark.parametrize(
    ("figure", "caption", "credit"),
    [
        ("<figure><img src=/p/one.jpg><figcaption>Barges. Photo: Ann Lee</figcaption></figure>", "figure", "wording"),
        ("<figure><img src=/p/one.jpg><figcaption>Barges <cite>Ann Lee</cite></figcaption></figure>", "figure", "credit element"),
        (
            "<div><img src=/p/one.jpg alt='Barges in the harbour'></div><p>Barges in the harbour</p>",
            "alternative text behind",
            "caption alone",
        ),
        ("<div><img src=/p/one.jpg></div><p>Barges lie there. (Reuters)</p>", "signed text behind", "wording"),
        ("<div><img src=/p/one.jpg></div><p class=cutline>Barges lie there</p>", "caption element behind", "caption alone"),
        ("<div><img src=/p/one.jpg></div><p><em>Barges lie there</em></p>", "text set apart behind", "caption alone"),
        ("<div><img src=/p/one.jpg><span>Barges lie there</span></div>", "box of the picture", "caption alone"),
    ],
)
def test_each_picture_names_the_rules_of_its_caption_and_credit(figure: str, caption: str, credit: str) -> None:
    (picture,) = explained(article(figure))["explain"]["pictures"]
    assert picture["url"] == "https://courier.example/p/one.jpg"
    assert (picture["rules"]["caption"]["won"], picture["rules"]["credit"]["won"]) == (caption, credit)


def test_the_others_are_heard_and_the_silent_named() -> None:
    document = explained(article("<figure><img src=/p/one.jpg><figcaption>Barges. Photo: Ann Lee</figcaption></figure>"))
    credit = document["explain"]["pictures"][0]["rules"]["credit"]
    assert [told["rule"] for told in credit["said"]] == ["wording", "caption alone"]
    assert credit["said"][0]["answer"] == {"caption": "Barges.", "credit": "Ann Lee", "printed": "Photo: Ann Lee", "shape": "label"}
    assert "credit element" in credit["silent"]
    headline = document["explain"]["fields"]["headline"]
    assert headline["won"] == "h1"
    assert {"rule": "title", "answer": "Storm closes harbour"} in headline["said"]


def test_a_picture_that_is_left_out_has_a_reason() -> None:
    logo = "<img src=/p/logo.png><div class=related-box><img src=/p/two.jpg></div>"
    left = {one["url"].rsplit("/", 1)[1]: one["rule"] for one in explained(article(logo))["explain"]["left_out"]}
    assert left == {"logo.png": "noise address", "two.jpg": "box class"}


def test_a_template_explains_its_fields_too() -> None:
    page = (
        "<html><head><title>PressTV-Storm closes harbour</title><meta name=DC.Date.Created content='3/9/2026 1:00:00 PM'></head><body>"
        f"<h1 class=news-title-container>Storm closes harbour</h1><div class=news-body-container>{PROSE}"
        f"<img src=//cdn.presstv.ir/Photo/2026/3/9/one.jpg><p><em>Barges. (Photo by AFP)</em></p>{PROSE}</div></body></html>"
    )
    document = explained(page, STORY)
    told = document["explain"]
    assert told["reader"] == document["template"] != "generic"
    assert told["templates"]["template"]["won"] == told["reader"]
    assert told["fields"]["headline"]["won"] == document["read_by"]["headline"]
    assert told["pictures"][0]["rules"]["caption"]["won"]
    assert told["pictures"][0]["rules"]["credit"]["won"] == "wording"


def test_the_text_is_for_people(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    lines = as_text(explained(article("<figure><img src=/p/one.jpg><figcaption>Barges. Photo: Ann Lee</figcaption></figure>"))).splitlines()
    assert lines[0] == "a: read by generic"
    assert "PICTURE 1  https://courier.example/p/one.jpg" in lines
    assert "  credit: wording" in lines
    assert "  credit = Ann Lee" in lines


def test_the_command_answers_text_or_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    command = Command()
    command.settings, command.explain = Settings({"ARCHIVE_MAX_LINE_BYTES": 1 << 20}), True
    command.settings.setmodule("crawler.settings")
    file = tmp_path / "page.html"
    file.write_text(article(""))
    assert command.answer_files([str(file)], "") == 0
    assert f"{file}: read by generic" in capsys.readouterr().out
    line = json.dumps({"id": 1, "url": "", "html": article("")}).encode()
    assert command.answer_lines(io.BytesIO(line)) == 0
    assert json.loads(capsys.readouterr().out)["explain"]["fields"]["headline"]["won"] == "h1"


def test_every_rule_is_in_the_docs() -> None:
    for module in pkgutil.walk_packages(crawler.parsers.__path__, "crawler.parsers."):
        importlib.import_module(module.name)
    modules = [module for name, module in sys.modules.items() if name.startswith("crawler.parsers.")]
    found = [value for module in modules for value in vars(module).values() if isinstance(value, Rules | Steps)]
    listed = {rule for _, rules in GROUPS for _, rule in rules}
    tests = {"whole line is a credit", "parenthesis is a credit"}
    for one in found:
        rules = one.rules if isinstance(one, Rules) else one.steps
        assert one.field in tests or {rule for _, rule in rules} <= listed, f"{one.field}: add it to GROUPS of crawler/parsers/explain.py"
    assert all(rule.__doc__ for rule in listed)
