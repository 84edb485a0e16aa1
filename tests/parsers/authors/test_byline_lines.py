"""Lines of bylines in many languages: labels, roles, several names, places and dates beside them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parsers.authors.leads import is_lead, is_led, is_other_work, without_lead
from crawler.parsers.authors.people import authors, is_office, offices


@pytest.mark.parametrize(
    ("language", "line", "names"),
    [
        ("en", "Words: Hannah Thirlby", ("Hannah Thirlby",)),
        ("en", "By\nby JANE MILLER, MOSA PHAKELA and PAT REEVE", ("JANE MILLER", "MOSA PHAKELA", "PAT REEVE")),
        ("en", "Reporting by Hannah Thirlby and Joe Marsh; Editing by Ann Lowe", ("Hannah Thirlby", "Joe Marsh")),
        ("en", "Reporting by Hannah Thirlby in Harrow and Joe Marsh", ("Hannah Thirlby", "Joe Marsh")),
        ("en", "Reporting by Ann Lowe in Nairobi and Joe Marsh in Port Ellery; writing by Hugo Falk; editing by Pia Sund", ("Ann Lowe", "Joe Marsh", "Hugo Falk")),
        ("en", "By Jane Miller, Joe Marsh and Pat Reeve in Port Ellery", ("Jane Miller", "Joe Marsh", "Pat Reeve")),
        ("en", "By Jane Miller, Political editor", ("Jane Miller",)),
        ("en", "AP Sports Writer Jane Miller", ("Jane Miller",)),
        ("en", "Jane Miller Chief Political Correspondent", ("Jane Miller",)),
        ("en", "By Jane Miller @janemiller", ("Jane Miller",)),
        ("en", "By Jane Miller | jane@paper.example | 4 min read", ("Jane Miller",)),
        ("en", "By Jane Miller Email the author", ("Jane Miller",)),
        ("en", "By Jane Miller Updated Tue 5 May", ("Jane Miller",)),
        ("en", "Written by Jane Miller • Photos by Max Mai", ("Jane Miller",)),
        ("en", "Text by Jane Miller, photographs by Max Mai", ("Jane Miller",)),
        ("de", "Von Anna Müller und Karl Mai, Berlin", ("Anna Müller", "Karl Mai")),
        ("de", "Autorin/Autor: Anna Müller", ("Anna Müller",)),
        ("de", "Text: Anna Müller, Fotos: Karl Mai", ("Anna Müller",)),
        ("de", "Ein Bericht von Anna Müller", ("Anna Müller",)),
        ("fr", "Par Élodie Martin avec AFP", ("Élodie Martin",)),
        ("fr", "Par Élodie Martin, à Lyon", ("Élodie Martin",)),
        ("fr", "Propos recueillis par Élodie Martin et Luc Petit", ("Élodie Martin", "Luc Petit")),
        ("es", "Por Ana Ruiz y Juan E. Pérez en Madrid", ("Ana Ruiz", "Juan E. Pérez")),
        ("es", "Texto: Ana Ruiz. Fotos: Luis Gil", ("Ana Ruiz",)),
        ("pt", "Por Ana Souza e João Lima, em Recife", ("Ana Souza", "João Lima")),
        ("it", "di Marco Rossi e Anna Bianchi", ("Marco Rossi", "Anna Bianchi")),
        ("it", "A cura di Marco Rossi", ("Marco Rossi",)),
        ("nl", "Door Jan de Vries en Piet Bakker", ("Jan de Vries", "Piet Bakker")),
        ("sv", "Av Lena Berg i Malmö", ("Lena Berg",)),
        ("sv", "Text: Lena Berg Foto: Olle Lind", ("Lena Berg",)),
        ("no", "Skrevet av Ingrid Berg og Marlene Holm", ("Ingrid Berg", "Marlene Holm")),
        ("da", "Af Mette Holm og Jens Dahl", ("Mette Holm", "Jens Dahl")),
        ("fi", "Teksti: Aino Virtanen", ("Aino Virtanen",)),
        ("is", "Höfundur: Jón Jónsson", ("Jón Jónsson",)),
        ("pl", "Autor: Jan Kowalski i Anna Nowak", ("Jan Kowalski", "Anna Nowak")),
        ("pl", "Opracowała Anna Nowak", ("Anna Nowak",)),
        ("cs", "Autor: Jan Novák a Petr Svoboda", ("Jan Novák", "Petr Svoboda")),
        ("hu", "Szerző: Nagy Anna és Kis Béla", ("Nagy Anna", "Kis Béla")),
        ("hu", "Írta: Nagy Anna", ("Nagy Anna",)),
        ("ro", "de Ion Popescu și Maria Ionescu", ("Ion Popescu", "Maria Ionescu")),
        ("hr", "Piše: Ivan Horvat", ("Ivan Horvat",)),
        ("sr", "Пише: Милан Јовановић", ("Милан Јовановић",)),
        ("bg", "Автор: Мария Иванова и Петър Стоянов", ("Мария Иванова", "Петър Стоянов")),
        ("ru", "Автор: Ольга Мирная", ("Ольга Мирная",)),
        ("ru", "Текст: Ольга Мирная, фото: Иван Петров", ("Ольга Мирная",)),
        ("uk", "Автор: Тарас Бойко та Олена Коваль", ("Тарас Бойко", "Олена Коваль")),
        ("el", "Του Γιώργου Παπαδόπουλου", ("Γιώργου Παπαδόπουλου",)),
        ("el", "Συντάκτης: Μαρία Νικολάου", ("Μαρία Νικολάου",)),
        ("tr", "Yazan: Elif Sarıkaya ve Mehmet Demir", ("Elif Sarıkaya", "Mehmet Demir")),
        ("et", "Autor: Kati Tamm ja Jaan Kask", ("Kati Tamm", "Jaan Kask")),
        ("lt", "Autorė: Rūta Kazlauskienė", ("Rūta Kazlauskienė",)),
        ("lv", "Autors: Jānis Bērziņš un Anna Kalniņa", ("Jānis Bērziņš", "Anna Kalniņa")),
        ("sq", "Nga Arben Hoxha", ("Arben Hoxha",)),
        ("ca", "Per Jordi Puig i Marta Serra", ("Jordi Puig", "Marta Serra")),
        ("eu", "Egilea: Ane Etxeberria eta Jon Agirre", ("Ane Etxeberria", "Jon Agirre")),
        ("id", "Oleh: Budi Santoso dan Siti Rahayu", ("Budi Santoso", "Siti Rahayu")),
        ("id", "Penulis: Budi Santoso | Editor: Siti Rahayu", ("Budi Santoso",)),
        ("vi", "Tác giả: Nguyễn Văn An và Trần Thị Mai", ("Nguyễn Văn An", "Trần Thị Mai")),
        ("sw", "Na Juma Otieno", ("Juma Otieno",)),
        ("ar", "بقلم: أحمد علي وسارة حسن", ("أحمد علي", "سارة حسن")),
        ("ar", "كتبت: آية دعبس", ("آية دعبس",)),
        ("ar", "بقلم أحمد وليد", ("أحمد وليد",)),
        ("fa", "نویسنده: مهتاب کیانی و آرش دلیری", ("مهتاب کیانی", "آرش دلیری")),
        ("fa", "به قلم علی‌رضا کریمی", ("علی‌رضا کریمی",)),
        ("ur", "تحریر: سعدیہ خان", ("سعدیہ خان",)),
        ("he", "מאת: דנה שלומי ויואב ארד", ("דנה שלומי", "יואב ארד")),
        ("hi", "लेखक: अमित शर्मा और नेहा सिंह", ("अमित शर्मा", "नेहा सिंह")),
        ("bn", "লেখক: রহিম উদ্দিন", ("রহিম উদ্দিন",)),
        ("ta", "எழுதியவர்: குமார் ராஜன்", ("குமார் ராஜன்",)),
        ("th", "ผู้เขียน: สมชาย ใจดี", ("สมชาย ใจดี",)),
        ("ka", "ავტორი: ნინო ბერიძე", ("ნინო ბერიძე",)),
        ("hy", "Հեղինակ: Անի Պետրոսյան", ("Անի Պետրոսյան",)),
        ("ja", "著者：山田太郎", ("山田太郎",)),
        ("ja", "取材・文＝山田太郎 撮影＝鈴木花子", ("山田太郎",)),
        ("zh", "记者：王小明 李华", ("王小明", "李华")),
        ("zh", "作者：王小明 编辑：李华", ("王小明",)),
        ("zh", "本报记者 王乐文 方 敏", ("王乐文", "方敏")),
        ("ko", "김민수 기자", ("김민수",)),
        ("ko", "글 김민수 사진 이영희", ("김민수",)),
    ],
)  # fmt: skip
def test_names_of_a_byline(language: str, line: str, names: tuple[str, ...]) -> None:
    assert authors([line], printed=True, language=language) == names


@pytest.mark.parametrize(
    "line",
    ["Text Size", "Editing by Ann Lowe", "Fotos: Karl Mai", "责任编辑：文静", "Political Editor", "Staff Writer", "Our Correspondent", "Newsroom",
     "World Affairs Correspondent", "From Our Correspondent", "Updated by", "Photo by Max Mai", "Compiled and edited by Max Mai"],
)  # fmt: skip
def test_lines_without_an_author(line: str) -> None:
    assert authors([line], printed=True, language="en") == ()


def test_prepositions_count_where_they_stand_before_authors() -> None:
    assert without_lead("Le Figaro", "fr") == "Le Figaro"
    assert without_lead("De Ion Popescu", "ro") == "Ion Popescu"
    assert without_lead("De Gruyter", "de") == "De Gruyter"
    assert not is_led("Na Juma Otieno", "en")
    assert is_led("Von Anna Müller", "de")
    assert is_lead("Author:", "en")
    assert is_other_work("Traducción: Luis Gil")


def test_offices() -> None:
    assert is_office("Press TV Culture Desk")
    assert is_office("Anadolu Agency")
    assert not is_office("Jane Miller")
    assert not is_office("9:39AM BST 05 Oct 2011")
    assert not is_office("São Paulo")
    assert offices(["103553", ". .", "By", "No Author", "Le Monde avec AFP"]) == ("Le Monde avec AFP",)


@given(st.text(max_size=300))
def test_any_line_is_read(line: str) -> None:
    for language in (None, "en", "ar", "zh"):
        assert all(name.strip() for name in authors([line], printed=True, language=language))
