"""Charsets of pages whose label is missing, late or wrong, some of their bytes broken."""

from __future__ import annotations

import pytest

from crawler.parsers.encoding.charset import charset_decoded

# language, a text, codecs it was written in
_TEXTS = [
    ("ru", "Паромы снова ходят по реке, но только днём, сообщил начальник порта. Пассажиров просят приходить за полчаса.", "cp1251 koi8-r iso8859-5 cp866"),
    ("uk", "Пороми знову ходять річкою, але лише вдень, повідомив начальник порту. Пасажирів просять приходити раніше.", "cp1251 koi8-u"),
    ("bg", "Фериботите отново плават по реката, но само през деня, съобщи началникът на пристанището.", "cp1251"),
    ("el", "Τα πλοία εκτελούν ξανά δρομολόγια στον ποταμό, αλλά μόνο την ημέρα, ανακοίνωσε ο λιμενάρχης.", "cp1253 iso8859-7"),
    ("he", "המעבורות שבות לשוט בנהר, אך רק בשעות היום, הודיע מנהל הנמל. הנוסעים מתבקשים להגיע מוקדם.", "cp1255 iso8859-8"),
    ("ar", "عادت العبارات إلى العمل في النهر نهارا فقط، حسب ما أعلن مدير الميناء أمس الأحد للصحفيين.", "cp1256 iso8859-6"),
    ("th", "เรือข้ามฟากกลับมาให้บริการในแม่น้ำอีกครั้งเฉพาะเวลากลางวัน ผู้อำนวยการท่าเรือแจ้งเมื่อวานนี้", "cp874"),
    ("zh", "渡轮恢复在河上航行，但只在白天，港口负责人昨天说。请乘客提前半小时到达，票价没有变化。", "gb18030"),
    ("zh", "渡輪恢復在河上航行，但只在白天，港口負責人昨天說。請乘客提前半小時到達，票價沒有變化。", "big5"),
    ("ja", "渡し船は再び川を渡り始めたが、昼間だけだと港の責任者が昨日話した。乗客は早めに来てほしいという。", "cp932 euc-jp"),
    ("ko", "나룻배가 다시 강을 오가지만 낮에만 다닌다고 항구 책임자가 어제 말했다. 승객은 일찍 오기를 바란다.", "cp949"),
    ("pl", "Promy znów pływają po rzece, ale tylko w dzień, powiedział kierownik przystani. Pasażerowie są proszeni, by przyjść wcześniej.", "cp1250 iso8859-2"),
    ("cs", "Přívozy opět jezdí přes řeku, ale jen ve dne, řekl správce přístavu. Cestující mají přijít o půl hodiny dříve, protože je jich málo.", "cp1250 iso8859-2"),
    ("hu", "A kompok ismét járnak a folyón, de csak nappal, és ezt az őrség vezetője is megerősítette. Az utasok egy órával előbb jöjjenek.", "cp1250 iso8859-2"),
    ("tr", "Vapurlar nehirde yeniden çalışıyor ama yalnız gündüz, dedi liman müdürü. Yolcuların bir saat önce gelmesi için bu kış böyle olacak.", "cp1254"),
    ("lt", "Keltai vėl plaukia upe, bet tik dieną, sakė uosto viršininkas. Keleiviai yra prašomi ateiti anksčiau, kad būtų vietos ir jiems.", "cp1257"),
]  # fmt: skip
_CASES = [pytest.param(text, language, codec, id=f"{language}-{codec}") for language, text, codecs in _TEXTS for codec in codecs.split()]
_LATIN_TEXTS = [
    ("de", "Die Fähren fahren wieder über den Fluß, aber nur am Tage, und die Gäste müssen früh da sein, sagte der Leiter für den Hafen."),
    ("fr", "Les bacs traversent à nouveau la rivière, mais seulement le jour, a déclaré le maître du port à la presse."),
    ("is", "Ferjurnar sigla á ný yfir ána en aðeins á daginn, sagði hafnarstjórinn. Farþegar eru beðnir að koma fyrr."),
    ("pt", "As balsas voltaram a cruzar o rio, mas só de dia, e os passageiros não são mais de cem, disse o chefe do cais."),
]


def page(text: str, codec: str, *, language: str = "", label: str = "", late: bool = False) -> bytes:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={label}">' if label else ""
    code = "<style>" + "p{color:red}" * 200 + "</style>" if late else ""
    lang = f' lang="{language}"' if language else ""
    return f"<html{lang}><head>{code}{meta}<title>x</title></head><body><a href='/'>Home</a>".encode() + b"".join(f"<p>{text}</p>".encode(codec) for _ in range(2))


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(("text", "language", "codec"), _CASES)
def test_without_a_label(text: str, language: str, codec: str, named: bool) -> None:
    assert text in charset_decoded(page(text, codec, language=language if named else ""), [])[0]


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "utf-8"])
@pytest.mark.parametrize(("text", "language", "codec"), _CASES)
def test_a_western_label_is_not_believed_against_the_letters(text: str, language: str, codec: str, label: str) -> None:
    found, problems = charset_decoded(page(text, codec, language="en", label=label), [])
    assert text in found
    assert problems[0].startswith(f"charset: {'utf-8' if label == 'utf-8' else 'windows-1252'} named")


@pytest.mark.parametrize(("text", "language", "codec"), [case for case in _CASES if case.values[2] in ("koi8-r", "iso8859-5", "cp866")])
def test_a_cyrillic_label_is_not_believed_against_the_letters(text: str, language: str, codec: str) -> None:
    assert text in charset_decoded(page(text, codec, label="windows-1251"), [])[0]


_LABELS = {"cp949": "euc-kr", "cp932": "shift_jis", "cp874": "tis-620", "cp866": "ibm866"}


@pytest.mark.parametrize(("text", "language", "codec"), _CASES)
def test_a_right_label_stays_right_where_it_is_late_and_the_language_wrong(text: str, language: str, codec: str) -> None:
    label = _LABELS.get(codec) or codec.replace("cp12", "windows-12").replace("iso8859", "iso-8859")
    assert text in charset_decoded(page(text, codec, language="en", label=label, late=True), [])[0]


@pytest.mark.parametrize(("language", "text"), _LATIN_TEXTS, ids=[language for language, _ in _LATIN_TEXTS])
@pytest.mark.parametrize("label", ["", "iso-8859-1", "windows-1252", "utf-8"])
def test_western_text_stays_western(language: str, text: str, label: str) -> None:
    assert text in charset_decoded(page(text, "cp1252", language=language, label=label), [])[0]


@pytest.mark.parametrize("label", ["", "utf-8", "iso-8859-1", "windows-1251", "gb2312", "shift_jis"])
@pytest.mark.parametrize("broken", [b"\xff", b"\xc3", b"\x81\xfe"])
@pytest.mark.parametrize(("language", "text"), [(language, text) for language, text, _ in _TEXTS] + _LATIN_TEXTS)
def test_a_broken_byte_does_not_turn_a_page_of_utf_8(language: str, text: str, broken: bytes, label: str) -> None:
    data = page(text, "utf-8", language=language, label=label)
    at = data.index(b"<p>", data.index(b"<p>") + 3) + 3
    found, problems = charset_decoded(data[:at] + broken + data[at:], [])
    assert found.count(text) == 2
    assert problems


def test_signs_of_scripts_are_none_of_the_text() -> None:
    text = "Přívozy opět jezdí přes řeku, ale jen ve dne."
    data = page(text, "cp1250", label="windows-1250").replace(b"<p>", b"<script>var og;var som;var er;" * 9 + b"</script><p>", 1)
    assert text in charset_decoded(data, [])[0]
