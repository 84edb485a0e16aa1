"""Agencies of credits: their spellings in many scripts, and words that are none."""

from __future__ import annotations

import pytest

from crawler.parsers.credits.agencies import AGENCIES, BYLINE_AGENCIES, SPELLINGS, agency_of

NAMED = [
    ("AP Photo/Jane Roe", "AP"), ("Jane Roe/ANSA", "ANSA"), ("Jane Roe / EPA-EFE", "EPA"), ("epa/JANE ROE", "EPA"), ("Jane Roe AFP", "AFP"), ("ТАСС", "TASS"),
    ("Иван Иванов/РИА Новости", "RIA Novosti"), ("Фото: РИА", "RIA Novosti"), ("УНІАН", "UNIAN"), ("عکس: ایسنا", "ISNA"), ("أ ف ب", "AFP"), ("(أ.ف.ب)", "AFP"), ("الأناضول", "Anadolu"),
    ("רויטרס", "Reuters"), ("צילום: פלאש 90", "Flash90"), ("Ρόιτερς", "Reuters"), ("EUROKINISSI/ΓΙΩΡΓΟΣ", "Eurokinissi"), ("ΑΠΕ-ΜΠΕ", "ANA-MPA"), ("पीटीआई", "PTI"), ("এএফপি", "AFP"),
    ("รอยเตอร์", "Reuters"), ("新华社记者 王小明 摄", "Xinhua"), ("視覺中國", "VCG"), ("共同", "Kyodo"), ("ゲッティ＝共同", "Getty Images"), ("ＡＰ", "AP"), ("연합뉴스", "Yonhap"), ("뉴시스 제공", "Newsis"),
    ("Foto: Agencia EFE", "EFE"), ("FOLHAPRESS/Ana Ruiz", "Folhapress"), ("Ana Ruiz/Cuartoscuro", "Cuartoscuro"), ("PAP/Jan Kowalski", "PAP"), ("ČTK / Jan Novák", "ČTK"), ("TASR – Ján Novák", "TASR"),
    ("MTI/Kovács Pál", "MTI"), ("imago images/Sven Simon", "Imago"), ("picture alliance / dpa", "dpa"), ("KEYSTONE/Anna Meier", "Keystone"), ("Jane Roe/Gallo Images", "Gallo Images"), ("Antara", "Antara"),
    ("Bernama", "Bernama"), ("NTB Scanpix", "NTB"), ("Jussi Aho / Lehtikuva", "Lehtikuva"), ("Ritzau Scanpix/Ida Boe via REUTERS", "Ritzau"), ("stock.adobe.com", "Adobe Stock"), ("Jane / Rex", "Rex"),
    ("Petra", "Petra"), ("Planet Labs PBC via AP", "Planet"), ("Getty", "Getty Images"), ("Sipa/Jean Roux", "Sipa"), ("Mehr News Agency", "Mehr"), ("WAFA", "WAFA"), ("dpa", "dpa"), ("Hans Lucas via AFP", "Hans Lucas"),
]  # fmt: skip
NONE = [
    "Petra Müller", "Rex Wong", "Jane Rex", "SANA KHAN", "Leta Jones", "Mina Aho", "Ana Ruiz", "J. Paul Getty Museum", "Focus Features", "pa", "ap", "sta", "Antara Sen",
    "Jürgen Mehr", "mehr dazu", "Trend Micro", "Beta Cinema", "Planet Fitness", "Keystone Cops", "Andina Foods", "Mauritius", "reutersville", "Epaminondas", "Tapio Ansa-Aho", "Mary Evans Smith", "Reporter",
    "the map of Oslo", "Splash Mountain", "Mega City", "SABA RAHIM", "Agency", "photo agency", "共同生活", "ПАПА", "وفاة", "Contacto Rojo", "Gamma Ray",
]  # fmt: skip


@pytest.mark.parametrize(("credit", "agency"), NAMED)
def test_spellings(credit: str, agency: str) -> None:
    assert agency_of(credit) == agency


@pytest.mark.parametrize("credit", NONE)
def test_no_agency_by_a_common_word_or_a_name(credit: str) -> None:
    assert agency_of(credit) is None


def test_the_table_is_large_and_told_in_small_letters() -> None:
    assert len(AGENCIES) >= 300
    assert {s for s in SPELLINGS if s != s.lower()} == set()
    assert {"reuters", "afp", "dpa", "тасс"} <= BYLINE_AGENCIES
    assert not {"ana", "sana", "mina", "petra", "noor"} & BYLINE_AGENCIES


def test_hostile_credits_end() -> None:
    assert agency_of("AP/" * 20_000) == "AP"
    assert agency_of("a" * 200_000) is None
    assert agency_of("SANA " * 20_000) is None
