"""A notice that offers content from elsewhere by a click is none of the text; a text about clicks is."""

from __future__ import annotations

import pytest

from crawler.parsers.body.notices import is_notice


@pytest.mark.parametrize(
    "text",
    [
        "An dieser Stelle finden Sie einen externen Inhalt. Sie können ihn sich mit einem Klick anzeigen lassen und wieder ausblenden.",
        "Ce contenu externe complète l'article : cliquez ou un seul clic suffit pour afficher le tout. Un clic de plus le masque.",
        "This external content completes the article. One click will show it, another will hide it.",
    ],
)
def test_a_notice_by_click(text: str) -> None:
    assert is_notice(text)


@pytest.mark.parametrize(
    "text", ["One click of the camera was heard in the hall.", "The external wall will show cracks, the engineer said."]
)
def test_a_text_about_clicks(text: str) -> None:
    assert not is_notice(text)
