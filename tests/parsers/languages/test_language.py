"""Languages told by their small words, and what pages claim checked by them; sentences of our own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.parsers.document.page import Page
from crawler.parsers.languages.language import language_of
from crawler.parsers.template import parse

SENTENCES = {
    "es": "El viejo transbordador entre las dos orillas dejó de navegar el viernes después de noventa años, y su capitán dijo que la niebla"
    " le hará falta. El puente nuevo se abrirá en el otoño.",
    "pt": "A velha barca entre as duas margens deixou de navegar na sexta-feira depois de noventa anos, e o capitão disse que não vai"
    " esquecer a neblina. A ponte nova será aberta no outono.",
    "it": "Il vecchio traghetto tra le due rive ha smesso di navigare venerdì dopo novant'anni, e il capitano ha detto che la nebbia gli"
    " mancherà. Il ponte nuovo si aprirà in autunno.",
    "fr": "Le vieux bac entre les deux rives a cessé de naviguer vendredi après quatre-vingt-dix ans, et son capitaine a dit que la brume"
    " lui manquera. Le nouveau pont ouvrira en automne.",
    "ro": "Bacul vechi dintre cele două maluri a fost scos din folosință vineri, după nouăzeci de ani, iar căpitanul a spus că îi va lipsi"
    " ceața. Podul cel nou se va deschide în toamnă și va fi mai lat.",
    "ca": "El vell transbordador entre les dues ribes va deixar de navegar divendres després de noranta anys, i el capità va dir que la boira"
    " li farà falta. El pont nou s'obrirà a la tardor amb més carrils.",
    "en": "The old ferry between the two banks was taken out of service on Friday after ninety years, and its captain said that he would miss"
    " the fog. The new bridge is to be opened in the autumn.",
    "de": "Die alte Fähre zwischen den beiden Ufern ist am Freitag nach neunzig Jahren außer Dienst gestellt worden, und der Kapitän sagte,"
    " dass ihm der Nebel fehlen werde. Die neue Brücke wird im Herbst eröffnet.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_language_is_told_by_its_small_words(language: str) -> None:
    assert language_of(SENTENCES[language] * 2) == language


@pytest.mark.parametrize(
    ("html", "body", "claim"),
    [
        ("lang=es-AR", "", "en"),
        ("xml:lang=es", "", "en"),
        ("", "lang=es", "en"),
        ("", "", "es"),
    ],
)
def test_what_the_page_claims_is_read_from_the_most_exact_place(html: str, body: str, claim: str) -> None:
    text = f"<html {html}><head><meta http-equiv=content-language content={claim}></head><body {body}><h1>Titulo corto</h1></body></html>"
    assert parse(Page.from_text("https://post.example/a", datetime(2026, 3, 2, tzinfo=UTC), text)).language == "es"


def test_a_claim_the_text_clearly_speaks_against_is_not_believed() -> None:
    assert language_of(SENTENCES["de"] * 4, "en") == "de"
    assert language_of(SENTENCES["ca"] * 4, "es") == "es"


def test_between_a_publishers_languages_a_few_words_tell() -> None:
    headlines = "Here is a brief look at the newsroom's headlines from 09:00 GMT to 17:00 GMT, August 16, 2017."
    assert language_of(headlines, "fr") == "fr"
    assert language_of(headlines, "fr", ("en", "fr")) == "en"
    assert language_of("Le journal de la mi-journée: the headlines of the day and to come", "fr", ("en", "fr")) == "fr"
    assert language_of("17:00 GMT", "fr", ("en", "fr")) == "fr"
    assert language_of(headlines, "", ("",)) == language_of(headlines)
