"""A name in bold behind the box of the text signs it, wherever the box ends."""

from __future__ import annotations

import pytest
from small_pages import page

from crawler.parsers.generic.generic import read_generic

TEXT = {
    "de": "Der Stausee oberhalb der Stadt wird im Herbst abgelassen, damit Fachleute einen Riss untersuchen können, teilte der Verband mit.",
    "en": "The reservoir above the town will be emptied this autumn so that engineers can look at a crack in its wall, the company said.",
}


def read(language: str, behind: str) -> tuple[str, ...]:
    paragraphs = "".join(f"<p>{n}. {TEXT[language]}</p>" for n in range(4))
    body = f"<div class=wrap><div class=post><h1>Reservoir Kaltenbrunn</h1><div class=entry>{paragraphs}</div>{behind}</div></div>"
    return read_generic(page(f"<html lang={language}><title>Reservoir Kaltenbrunn</title><body>{body}</body></html>")).authors


@pytest.mark.parametrize("tag", ["b", "strong"])
@pytest.mark.parametrize(("language", "name"), [("de", "Klara Wiesner"), ("en", "Nora Hamilton")])
def test_a_bold_name_behind_the_text_is_its_author(language: str, name: str, tag: str) -> None:
    assert read(language, f"<p><{tag}>{name}</{tag}></p>") == (name,)


@pytest.mark.parametrize("line", ["<b>Read more</b>", "<b>Kaltenbrunn</b>", "Nora Hamilton is fifty and lives here.", "<b>SPORT</b>"])
def test_other_lines_behind_the_text_are_no_author(line: str) -> None:
    assert read("en", f"<p>{line}</p>") == ()
