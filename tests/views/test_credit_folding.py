"""Credits that differ in print only are one for counting, and others are not."""

from __future__ import annotations

import pytest

from crawler.views.credit_folding import fold_credit


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("file photo", "File photo"),
        ("FILE PHOTO", "File  photo."),
        ("File\u00a0photo", "\tFile photo \n"),
        ("Reuters/Ada Quill", "Reuters / Ada Quill"),
        ("AFP.", "AFP…"),
        ("AFP,", "AFP"),
        ("Léa Morvan", "Le\u0301a Morvan"),
        ("ＡＦＰ", "AFP"),
        ("Straße", "STRASSE"),
        ("İREM DEMİR", "irem demir"),
        ("ILGAZ", "ılgaz"),
        ("ﬁle photo", "file photo"),
        ("خبرگزاري ايرنا", "خبرگزاری ایرنا"),
        ("عكس", "عکس"),
        ("خبـرگزاری", "خبرگزاری"),
        ("Photo – AFP", "Photo - AFP"),
        ("O’Neill", "O'Neill"),
        ("A\u200bF\u200dP", "AFP"),
        ("\u200eAFP\u200f", "AFP"),
        ("ΑΘΗΝΑΣ", "Αθηνας"),
        ("Фото: ТАСС.", "фото:тасс"),
    ],
)
def test_what_differs_in_print_only_is_one(one: str, other: str) -> None:
    assert fold_credit(one) == fold_credit(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("AFP", "AP"), ("Ada Quill", "Ada Quills"), ("Lea", "Léa"), ("File photo", "Photo"), ("A. Quill", "B. Quill"), ("新华社", "新华"), ("AFP/Getty", "AFP Getty")],
)  # fmt: skip
def test_others_stay_apart(one: str, other: str) -> None:
    assert fold_credit(one) != fold_credit(other)


@pytest.mark.parametrize("text", ["...", " ", "\u200b", "", "©", "/"])
def test_any_text_is_folded(text: str) -> None:
    assert fold_credit(fold_credit(text)) == fold_credit(text)
