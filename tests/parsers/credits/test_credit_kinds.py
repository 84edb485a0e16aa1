"""Credits by their wording in sixty languages: labels, signs, abbreviations, notes to editors, pictures that programs made."""

from __future__ import annotations

import pytest

from crawler.parsers.credits.credits import split, vote
from crawler.parsers.credits.names import credit_name

# printed, caption, credit
ROWS: list[tuple[str, str | None, str | None]] = [
    ("Ichweba lasedolobheni. Isithombe: Sithunyelwe", "Ichweba lasedolobheni.", "Sithunyelwe"),
    ("Ichweba lasedolobheni. Isithombe: Thabo Nkosi/AFP", "Ichweba lasedolobheni.", "Thabo Nkosi/AFP"),
    ("اسکله بندر. منبع تصویر: ایرنا", "اسکله بندر.", "ایرنا"),
    ("اسکله بندر | عکاس: رضا کریمی", "اسکله بندر", "رضا کریمی"),
    ("Bandarini Mombasa. Picha na Juma Ali", "Bandarini Mombasa.", "Juma Ali"),
    ("Bandarini Mombasa. Chanzo cha picha: AFP", "Bandarini Mombasa.", "AFP"),
    ("Chanzo cha picha, Getty Images", None, "Getty Images"),
    ("אוניה בנמל (צילום: רויטרס)", "אוניה בנמל", "רויטרס"),
    ("אוניה בנמל. צילום: דנה כהן, פלאש 90", "אוניה בנמל.", "דנה כהן, פלאש 90"),
    ("港で座礁した三隻のはしけ、旧市街（左）（Ｃ）共同通信社", "港で座礁した三隻のはしけ、旧市街（左）", "共同通信社"),
    ("Le port (C) Jean Durand", "Le port", "Jean Durand"),
    ("Source: Natl Inst. for Space Research (INPE), Brazil", None, "Natl Inst. for Space Research (INPE), Brazil"),
    (
        "Source: China Statistical Yearbook, China Electricity Council & Natl Energy Administration",
        None,
        "China Statistical Yearbook, China Electricity Council & Natl Energy Administration",
    ),
    ("Quelle: Statistisches Bundesamt, Destatis & Eurostat", None, "Statistisches Bundesamt, Destatis & Eurostat"),
    ("Foto: Rescue Photo", None, "Rescue Photo"),
    ("Polisen söker. Foto: Nyheter Photo", "Polisen söker.", "Nyheter Photo"),
    ("A ship. Photo: J. R. Smith Jr.", "A ship.", "J. R. Smith Jr"),
    ("St. Mary's church. Photo: Dr. Jane St. John", "St. Mary's church.", "Dr. Jane St. John"),
    (
        "FILE PHOTO: The turning gear, seen from the hut. Ritzau Scanpix/Ida Marie Boone via REUTERS/File Photo ATTENTION EDITORS - THIS IMAGE WAS PROVIDED BY A THIRD PARTY. NO COMMERCIAL OR EDITORIAL SALES.",
        "FILE PHOTO: The turning gear, seen from the hut.",
        "Ritzau Scanpix/Ida Marie Boone via REUTERS",
    ),
    (
        "FILE PHOTO: A man walks past a bank in Oslo, Norway, March 3, 2024. REUTERS/Jane Roe/File Photo",
        "FILE PHOTO: A man walks past a bank in Oslo, Norway, March 3, 2024.",
        "REUTERS/Jane Roe",
    ),
    (
        "A man walks in Oslo, March 3, 2024. Jane Roe/Handout via REUTERS",
        "A man walks in Oslo, March 3, 2024.",
        "Jane Roe/Handout via REUTERS",
    ),
    (
        "A man walks in Oslo, March 3, 2024. Planet Labs PBC/Handout via REUTERS THIS IMAGE HAS BEEN SUPPLIED BY A THIRD PARTY. MANDATORY CREDIT",
        "A man walks in Oslo, March 3, 2024.",
        "Planet Labs PBC/Handout via REUTERS",
    ),
    (
        "Barges lie across the channel – Midjourney („storm in a harbour, drawing“)",
        "Barges lie across the channel",
        "Midjourney („storm in a harbour, drawing“)",
    ),
    ("Der Hafen bei Nacht | KI-generiert mit Midjourney", "Der Hafen bei Nacht", "KI-generiert mit Midjourney"),
    ("Bild: KI / DALL-E", None, "KI / DALL-E"),
    ("The pier. Courtesy of the Maritime Museum", "The pier.", "the Maritime Museum"),
    ("The pier. Photo courtesy of Jane Roe", "The pier.", "Jane Roe"),
    ("The pier (Handout)", "The pier", "Handout"),
    ("Le port. Tous droits réservés Anne Morel", "Le port.", "Anne Morel"),
    ("Prince Harald, Duke of Sundsea. © Victoria Stone/PA Wire/dpa", "Prince Harald, Duke of Sundsea.", "Victoria Stone/PA Wire/dpa"),
    ("Соҳили баҳр. Акс: Алӣ Раҳим", "Соҳили баҳр.", "Алӣ Раҳим"),
    ("ნავსადგური. ფოტო: გიორგი ბერიძე", "ნავსადგური.", "გიორგი ბერიძე"),
    ("Նավահանգիստը. Լուսանկարը՝ Արմենպրես", "Նավահանգիստը.", "Արմենպրես"),
    ("ወደቡ ሰኞ። ፎቶ፦ ሮይተርስ", "ወደቡ ሰኞ።", "ሮይተርስ"),
    ("ท่าเรือเมื่อวันจันทร์ (ภาพ: AFP)", "ท่าเรือเมื่อวันจันทร์", "AFP"),
    ("ဆိပ်ကမ်း။ ဓာတ်ပုံ - AFP", "ဆိပ်ကမ်း။", "AFP"),
    ("Cảng biển hôm thứ Hai. Ảnh: Nguyễn An", "Cảng biển hôm thứ Hai.", "Nguyễn An"),
    ("Pelabuhan (ANTARA FOTO/Budi Santoso)", "Pelabuhan", "ANTARA FOTO/Budi Santoso"),
    ("बंदरगाह पर जहाज | फोटो साभार: पीटीआई", "बंदरगाह पर जहाज", "पीटीआई"),
    ("বন্দরে জাহাজ। ছবি: সংগৃহীত", "বন্দরে জাহাজ।", "সংগৃহীত"),
    ("O porto na segunda-feira — Foto: Ana Souza/g1", "O porto na segunda-feira", "Ana Souza/g1"),
    ("O porto. Foto: Divulgação", "O porto.", "Divulgação"),
    ("El puerto el lunes. EFE/ Ana Ruiz", "El puerto el lunes.", "EFE/ Ana Ruiz"),
    ("El puerto el lunes (Ana Ruiz / EFE)", "El puerto el lunes", "Ana Ruiz / EFE"),
    ("Il porto lunedì (LaPresse)", "Il porto lunedì", "LaPresse"),
    ("Przystań w poniedziałek (fot. Jan Kowalski / Agencja Wyborcza.pl)", "Przystań w poniedziałek", "Jan Kowalski / Agencja Wyborcza.pl"),
    ("Přístav v pondělí. Zdroj: ČTK", "Přístav v pondělí.", "ČTK"),
    ("Το λιμάνι τη Δευτέρα (EUROKINISSI/ΓΙΩΡΓΟΣ ΝΙΚΟΥ)", "Το λιμάνι τη Δευτέρα", "EUROKINISSI/ΓΙΩΡΓΟΣ ΝΙΚΟΥ"),
    ("The chart shows prices: 1990 to 2020", "The chart shows prices: 1990 to 2020", None),
    ("Winners: Jane Roe", "Winners: Jane Roe", None),
    ("Pictured: Jane Roe", "Pictured: Jane Roe", None),
    ("From left: Jane Roe, John Doe", "From left: Jane Roe, John Doe", None),
    ("Manchester City beat Everton. Score: City 3", "Manchester City beat Everton. Score: City 3", None),
    ("An AP story says: President Bush", "An AP story says: President Bush", None),
    ("Members of the European Union (EU)", "Members of the European Union (EU)", None),
    ("Photo by Jane Roe on Unsplash", None, "Jane Roe on Unsplash"),
    ("Image by jane from Pixabay", None, "jane from Pixabay"),
    ("A downtown gateway sign. Image: Atomazul (Shutterstock)", "A downtown gateway sign.", "Atomazul (Shutterstock)"),
    ("Getty Images / Alex Caparros / Na zdjęciu: Robert Lewandowski", "Robert Lewandowski", "Getty Images / Alex Caparros"),
    ("圖為民眾在台北市購買雞蛋。中央社記者張新偉攝 112年2月16日", "圖為民眾在台北市購買雞蛋。", "中央社記者張新偉"),
    ("随风摇摆的大月亮 延时拍摄", "随风摇摆的大月亮 延时拍摄", None),
    ("港口里的船。新华社记者王小明拍摄", "港口里的船。", "新华社记者王小明"),
    (
        "Screenshot: Howe Industries, SpaceX, Image: Solar Dynamics Library, Photo: Launch Alliance",
        None,
        "Howe Industries, SpaceX, Image: Solar Dynamics Library, Photo: Launch Alliance",
    ),
    (
        "Former coach Wade Seccombe joins Melbourne Renegades • Getty Images",
        "Former coach Wade Seccombe joins Melbourne Renegades",
        "Getty Images",
    ),
    (
        "Step inside the factory.CreditCredit...Sue Ding for The New York Times",
        "Step inside the factory.",
        "Sue Ding for The New York Times",
    ),
    (
        "A flight into a black hole. Gif: NASA/J. Schnittman and B. Powell",
        "A flight into a black hole.",
        "NASA/J. Schnittman and B. Powell",
    ),
    ("Lihat Foto Momen Presiden di Pasar. Foto: Ani", "Momen Presiden di Pasar.", "Ani"),
    ("The map: a guide to Oslo", "The map: a guide to Oslo", None),
    ("Chart: how prices rose in ten years of war", "Chart: how prices rose in ten years of war", None),
    ("Foto: wie es gestern war", "Foto: wie es gestern war", None),
]


@pytest.mark.parametrize(("raw", "caption", "credit"), ROWS)
def test_wording(raw: str, caption: str | None, credit: str | None) -> None:
    found = split(raw)
    assert (found.caption, found.credit) == (caption, credit)


@pytest.mark.parametrize(
    "page",
    [
        ["Ua mokolo. Elilingi: Jean Ilunga", "Bato na port. Elilingi: Marie Kabila"],
        ["Ny seranana. Tompony: Hery Rakoto", "Ny sambo. Tompony: Lova Andria"],
        ["La haveno. Fotis: Jan Novak", "La ŝipo. Fotis: Eva Nova"],
    ],
)
def test_an_unknown_word_before_names_under_two_pictures_is_a_label(page: list[str]) -> None:
    assert [split(line).credit for line in page] == [None, None]
    assert [split(line, accepted=vote(page)).credit for line in page] == [line.split(": ")[1] for line in page]


@pytest.mark.parametrize(
    "page",
    [
        ["The play opens. Starring: Jane Roe", "The play closes. Starring: John Doe"],
        ["Left: Jane Roe", "Left: John Doe"],
        ["It went on. He said: nothing more", "It ended. He said: never again"],
        ["Oslo: Jane Roe", "Rome: John Doe"],
    ],
)
def test_words_that_tell_who_is_to_be_seen_are_no_labels(page: list[str]) -> None:
    assert [split(line, accepted=vote(page)).credit for line in page] == [None] * len(page)


def test_an_unknown_word_before_an_agency_is_a_label() -> None:
    assert (split("Ua mokolo. Elilingi: AFP").caption, split("Ua mokolo. Elilingi: AFP").credit) == ("Ua mokolo.", "AFP")


@pytest.mark.parametrize(
    ("credit", "name"),
    [
        ("De Souza", "De Souza"),
        ("Foto: De Souza", "De Souza"),
        ("by Jane Roe", "Jane Roe"),
        ("Na Li", "Na Li"),
        ("BY JANE ROE", "JANE ROE"),
    ],
)
def test_a_small_word_in_capitals_is_part_of_the_name(credit: str, name: str) -> None:
    assert credit_name(credit) == name


@pytest.mark.parametrize(
    "line", ["Foto: " * 20_000, "a. B" * 30_000, "(C) " * 30_000, "x: y " * 30_000, "ATTENTION " * 20_000, "Word: Name / " * 9_000]
)
def test_hostile_lines_end(line: str) -> None:
    split(line[:2_999])
    split(line)
    vote([line, line])
