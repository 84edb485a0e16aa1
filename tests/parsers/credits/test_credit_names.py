"""Names in credits: agencies, labels, what could be a name, and captions of any wording joined with credits of any form."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parsers.credits.credits import split, vote
from crawler.parsers.credits.names import agency_of, credit_name, ends_as_agency, is_label, like_name, only_agencies, simple, weight

CAPTIONS = (
    "A ferry leaves the quay of Alderhaven at dawn.",
    "The mayor (left) and his guest (2ndR) cut the ribbon, April 7, 2026.",
    "“We were afraid of the fog,” the captain said.",
    "Cranes at the new terminal, seen from the old mole.",
    "Ein Kran im Hafen, aufgenommen am 3. Mai 2026.",
    "Le pont de bois a été emporté par la rivière.",
)
FORMS = (
    "{} (Photo by {})", "{} (Photo: {})", "{} Photo: {}", "{} (Foto: {})", "{} Foto: {}", "{} © {}", "{} ©{}", "{} (Photo via {})", "{} Photograph by {}", "{} Credit: {}",
    "{} (Credit: {})", "{} Picture: {}", "{} Image: {}", "{} [Photo: {}]", "{} Photo courtesy of {}",
)  # fmt: skip
MAKERS = ("Jane Roe", "Reuters", "AFP", "Harbor Gazette", "Jean-Luc Durand", "Ana Ruiz/EFE")


@pytest.mark.parametrize("form", FORMS)
def test_a_credit_of_any_form_leaves_the_caption_whole(form: str) -> None:
    wrong = []
    for caption, maker in product(CAPTIONS, MAKERS):
        found = split(form.format(caption, maker))
        if (found.caption, found.credit) != (caption, maker):
            wrong.append((caption, maker, found.caption, found.credit))
    assert not wrong


@pytest.mark.parametrize("form", [form.removeprefix("{} ") for form in FORMS])
def test_a_credit_without_a_caption_is_a_credit(form: str) -> None:
    for maker in MAKERS:
        found = split(form.format(maker))
        assert (found.caption, found.credit) == (None, maker), maker


@pytest.mark.parametrize("caption", CAPTIONS)
def test_a_caption_without_a_credit_is_a_caption(caption: str) -> None:
    found = split(caption)
    assert (found.caption, found.credit, found.agency) == (caption, None, None)


@given(st.text(max_size=80))
def test_no_text_raises(text: str) -> None:
    found = split(text)
    assert found.caption is None or found.caption.strip() == found.caption
    assert found.credit is None or found.credit.strip()


@pytest.mark.parametrize(
    ("credit", "agency"),
    [
        ("Reuters", "Reuters"), ("REUTERS", "Reuters"), ("AFP", "AFP"), ("afp", "AFP"), ("dpa", "dpa"), ("Atta Kenare/AFP via Getty Images", "AFP"), ("Getty Images", "Getty Images"),
        ("Jane Roe / AP", "AP"), ("ap", None), ("pa", None), ("spa", None), ("PA", "PA"), ("Xinhua", "Xinhua"), ("新华社", "Xinhua"), ("ТАСС", "TASS"), ("연합뉴스", "Yonhap"), ("Jane Roe", None),
        ("reutersville", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_agencies(credit: str | None, agency: str | None) -> None:
    assert agency_of(credit) == agency


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Photo: Jane Roe", "Jane Roe"), ("(Photo by Jane Roe)", "Jane Roe"), ("[Foto: Jane Roe]", "Jane Roe"), ("© Jane Roe", "Jane Roe"), ("(c) Jane Roe", "Jane Roe"),
        ("Copyright: Jane Roe", "Jane Roe"), ("© 2026 Jane Roe", "Jane Roe"), ("© 2020-2026 Jane Roe. All rights reserved.", "Jane Roe"), ("Jane Roe/file", "Jane Roe"),
        ("Jane Roe (file photo)", "Jane Roe"), ("File photo", "File photo"), ("(file photo)", "file photo"), ("– Jane Roe –", "Jane Roe"), ("  Jane   Roe . ", "Jane Roe"), ("AP Photo", "AP Photo"),
        ("", None), ("()", None), ("Photo:", "Photo:"),
    ],
)  # fmt: skip
def test_the_name_in_a_credit(text: str, name: str | None) -> None:
    assert credit_name(text) == name


@pytest.mark.parametrize(("text", "label"), [("Photo:", True), ("Foto :", True), ("©", True), ("Credit", True), ("Copyright", True), ("Jane Roe", False), ("Photo: Jane", False), ("", True)])
def test_labels(text: str, label: bool) -> None:
    assert is_label(text) is label


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Jane Roe", True), ("Jean-Luc Durand", True), ("Ana de la Cruz", True), ("O’Neill", True), ("Jane Roe/AFP", True), ("the harbour", False), ("A ferry leaves the quay", False),
        ("Leaves the quay at dawn.", False), ("", False), ("12 April", False), ("Jane Roe and John Doe", True), ("Ада Мур", True), ("張三", True), ("Jane Roe said that the bridge was closed", False),
    ],
)  # fmt: skip
def test_what_could_be_a_name(text: str, name: bool) -> None:
    assert like_name(text) is name


@pytest.mark.parametrize(
    ("text", "only"),
    [("Reuters", True), ("AFP via Getty Images", True), ("Jane Roe/AFP", True), ("Reuters file photo", True), ("AP Photo", True), ("The Reuters office in London", False), ("Jane Roe", False), ("", False)],
)
def test_only_agencies(text: str, only: bool) -> None:
    assert only_agencies(text) is only


@pytest.mark.parametrize(("text", "ends"), [("Jane Roe/Getty Images", True), ("Getty Images", True), ("Images", False), ("file photo", True), ("Jane Roe", False)])
def test_a_last_word_of_an_agency(text: str, ends: bool) -> None:
    assert ends_as_agency(text) is ends


@pytest.mark.parametrize(("text", "length"), [("", 0), ("abc", 3), ("北京", 4), ("北京 a", 6), ("사진", 4)])
def test_weight(text: str, length: int) -> None:
    assert weight(text) == length


@pytest.mark.parametrize(("text", "bare"), [("  (Photo: X). ", "photo: x"), ("[ABC]", "abc"), ("a  b", "a b"), ("", "")])
def test_simple(text: str, bare: str) -> None:
    assert simple(text) == bare


@pytest.mark.parametrize(
    ("captions", "shapes"),
    [
        (["A bridge at dawn (Jane Roe)", "A ferry (John Doe)"], {"paren"}),
        (["A bridge at dawn. (Jane Roe)", "A ferry. (John Doe)"], {"sentence"}),
        (["A bridge. | Jane Roe", "A ferry. | John Doe"], {"pipe"}),
        (["A bridge – Jane Roe", "A ferry – John Doe"], {"dash"}),
        (["A bridge. (Jane Roe)", "A ferry."], set()),
        (["A bridge. (Jane Roe)", "A ferry.", "A lamp.", "A mole.", "A crane. (John Doe)"], set()),
        (["A bridge. (under repair)", "A ferry. (out of service)"], set()),
        ([], set()),
        (["", "  "], set()),
    ],
)
def test_shapes_that_the_captions_of_a_page_share(captions: list[str], shapes: set[str]) -> None:
    assert vote(captions) == shapes
