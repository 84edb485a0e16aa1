"""Captions and credits taken apart by their wording: one row a wording."""

from __future__ import annotations

import pytest

from crawler.parsers.credits.agencies import agency_of
from crawler.parsers.credits.credits import split, vote

ROWS = [
    # printed, caption, credit, agency
    ("Ministers meet in Baku on April 7. (IRNA photo)", "Ministers meet in Baku on April 7.", "IRNA", "IRNA"),
    ("Ministers meet. (Photo by AFP)", "Ministers meet.", "AFP", "AFP"),
    ("A carrier under way. (Photo via US Navy)", "A carrier under way.", "US Navy", None),
    ("A soldier adjusts a cannon, April 7, 2016. ©Reuters", "A soldier adjusts a cannon, April 7, 2016.", "Reuters", "Reuters"),
    ("A drone (file photo)", "A drone", "file photo", None),
    ("A ship at sea. (File photo)", "A ship at sea.", "File photo", None),
    ("A rally. (Getty Images)", "A rally.", "Getty Images", "Getty Images"),
    ("Two flags (left and right) in a hall. (Photo by president.ir)", "Two flags (left and right) in a hall.", "president.ir", None),
    ("A house (left) and a car (right). ©Reuters", "A house (left) and a car (right).", "Reuters", "Reuters"),
    ("The minister (3rdR) and his guest (3rdL)", "The minister (3rdR) and his guest (3rdL)", None, None),
    ("Members of the pact (SCO)", "Members of the pact (SCO)", None, None),
    ("The leader speaks. (Photo by khamenei.ir)", "The leader speaks.", "khamenei.ir", "Khamenei.ir"),
    ("The minister (R) and a guest (L). (File photo by Tasnim)", "The minister (R) and a guest (L).", "Tasnim", "Tasnim"),
    ("(IRNA photo)", None, "IRNA", "IRNA"),
    ("A march. (AP Photo/Jane Roe)", "A march.", "AP Photo/Jane Roe", "AP"),
    ("A march. Jane Roe/AFP via Getty Images", "A march.", "Jane Roe/AFP via Getty Images", "AFP"),
    ("A march. (Xinhua/Li Na)", "A march.", "Xinhua/Li Na", "Xinhua"),
    ("A march. Photograph by Jane Roe", "A march.", "Jane Roe", None),
    ("Ein Haus. Foto: Max Muster", "Ein Haus.", "Max Muster", None),
    ("Ein Haus. Quelle: dpa", "Ein Haus.", "dpa", "dpa"),
    ("Une maison. Crédit photo : Jean Durand / AFP", "Une maison.", "Jean Durand / AFP", "AFP"),
    ("Una casa. Foto: Ana Ruiz", "Una casa.", "Ana Ruiz", None),
    ("Улица. Фото: ТАСС", "Улица.", "ТАСС", "TASS"),
    ("یک خیابان. عکس: ایرنا", "یک خیابان.", "ایرنا", "IRNA"),
    ("A street [사진 출처 = 연합뉴스]", "A street", "연합뉴스", "Yonhap"),
    ("男性が死亡＝ＡＰ", "男性が死亡", "ＡＰ", "AP"),
    ("Ljósmynd/Jón Jónsson", None, "Jón Jónsson", None),
    ("The photo released by the army shows a drone", "The photo released by the army shows a drone", None, None),
    ("Das Bild zeigt ein Haus in Berlin", "Das Bild zeigt ein Haus in Berlin", None, None),
    ("Our 12th anniversary", "Our 12th anniversary", None, None),
    ("A pier. (AP photo)", "A pier.", "AP", "AP"),
    ("A pier. (AFP photo)", "A pier.", "AFP", "AFP"),
    ("A pier. (IRNA photo)", "A pier.", "IRNA", "IRNA"),
    ("A pier. (AP Photo)", "A pier.", "AP Photo", "AP"),
    ("A pier (file photo)", "A pier", "file photo", None),
    ("A pier. Getty images", "A pier.", "Getty images", "Getty Images"),
    ("A keeper (Photo by Tasnim) looks at the lamp", "A keeper looks at the lamp", "Tasnim", "Tasnim"),
    ("A pier [Photo: Jane Roe], 12 May", "A pier, 12 May", "Jane Roe", None),
    ("Un port (Foto: Ana Ruiz) al amanecer.", "Un port al amanecer.", "Ana Ruiz", None),
    ("A pier (file photo) before the storm", "A pier before the storm", "file photo", None),
    ("(Symbolbild) Ein Pier. Foto: dpa", "(Symbolbild) Ein Pier.", "dpa", "dpa"),
    ("A pier (left) and a lamp (right)", "A pier (left) and a lamp (right)", None, None),
    ("A man (Reuters) said so in the harbor", "A man (Reuters) said so in the harbor", None, None),
    ("", None, None, None),
]


@pytest.mark.parametrize(("raw", "caption", "credit", "agency"), ROWS)
def test_wording(raw: str, caption: str | None, credit: str | None, agency: str | None) -> None:
    found = split(raw)
    assert (found.caption, found.credit, found.agency) == (caption, credit, agency)


def test_a_doubtful_tail_counts_only_where_the_page_repeats_it() -> None:
    page = ["A bridge at dawn. (Jane Roe)", "A ferry. (John Doe)", "The mayor. (Ann Lee)"]
    assert split(page[0]).credit is None
    assert [split(raw, accepted=vote(page)).credit for raw in page] == ["Jane Roe", "John Doe", "Ann Lee"]
    assert vote(["A bridge at dawn. (Jane Roe)", "A ferry.", "The mayor.", "A lamp."]) == frozenset()


def test_short_agency_names_are_agencies_in_capitals_only() -> None:
    assert agency_of("AAP") == "AAP"
    assert agency_of("grand pa") is None
    assert agency_of(None) is None


def test_many_brackets_cost_no_more_than_their_number() -> None:
    assert split("A pier (file photo) at dawn " * 100).credit == "file photo"
    assert split("(Photo by X) " * 200).credit == "X"
