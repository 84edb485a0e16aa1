"""Planted queries in ten scripts: texts that a reader of the script expects to find, and near ones that he does not."""

from __future__ import annotations

from attrs import frozen


@frozen
class Planted:
    """A query, texts that it must find, and texts that it must not."""

    script: str
    query: str
    found: tuple[str, ...]
    others: tuple[str, ...] = ()


PLANTED = (
    Planted("Latin", "élève", ("Les élèves et l’ÉLÈVE", "un eleve", "un e\u0301le\u0300ve"), ("elevation", "relève")),
    Planted("Latin", "oeuvre", ("une œuvre", "ŒUVRE", "oeuvre"), ("ouvre",)),
    Planted("Latin", "istanbul", ("İstanbul", "ISTANBUL", "istanbul", "ıstanbul"), ("stanbul",)),
    Planted("Latin", "ışık", ("IŞIK", "ışık", "isik"), ("aşık",)),
    Planted("Latin", "strasse", ("Straße", "STRASSE", "STRAẞE"), ("Trasse",)),
    Planted("Latin", "đường phố", ("Đường phố", "duong pho", "Đu\u031bo\u031b\u0300ng phô\u0301"), ("đương nhiên",)),
    Planted("Latin", "full width", ("Ｆｕｌｌ ｗｉｄｔｈ", "full-width"), ("fullness",)),
    Planted("Latin", "final", ("ﬁnal", "FINAL"), ("finale",)),
    Planted("Latin", "Łódź", ("Lodz", "ŁÓDŹ"), ("lot",)),
    Planted("Latin", "cooperation", ("co\u00adoperation", "Cooperation"), ("corporation",)),
    Planted("Arabic", "علی", ("علي", "عَلِي", "على", "علـــی"), ("عالی",)),
    Planted("Arabic", "کتاب", ("كتاب", "کتاب‌ها", "كِتَاب"), ("مکتب",)),
    Planted("Arabic", "احمد", ("أحمد", "أَحْمَد", "ٱحمد"), ("حمد",)),
    Planted("Arabic", "مدرسة", ("مدرسه", "مَدْرَسَة"), ("مدرس",)),
    Planted("Arabic", "مسؤول", ("مسوول", "مسؤول"), ("مسلول",)),
    Planted("Arabic", "شهدا", ("شهداء", "شهدا"), ("شهید",)),
    Planted("Arabic", "می‌خواهم", ("می خواهم", "میخواهم", "می‌خواهم"), ("خواهر",)),
    Planted("Arabic", "میخواهم", ("می‌خواهم", "ميخواهم"), ("خواهم",)),
    Planted("Arabic", "2016", ("سال ۲۰۱۶", "عام ٢٠١٦", "2016"), ("۲۰۱۷",)),
    Planted("Arabic", "مسأله", ("مساله", "مسألة"), ("مسائل",)),
    Planted("Hebrew", "שלום", ("שָׁלוֹם", "שלום"), ("שלומי",)),
    Planted("Hebrew", "צה״ל", ('צה"ל', "צה״ל"), ("צהל",)),
    Planted("Greek", "οδυσσευς", ("Ὀδυσσεύς", "ΟΔΥΣΣΕΥΣ", "Οδυσσεύς"), ("οδυσσεια",)),
    Planted("Greek", "άνθρωπος", ("ΑΝΘΡΩΠΟΣ", "ανθρωπος"), ("ανθρωποι",)),
    Planted("Cyrillic", "елка", ("Ёлка", "ёлка", "ЕЛКА"), ("елки", "йолка")),
    Planted("Cyrillic", "мой", ("Мой", "мои\u0306"), ("мои",)),
    Planted("Cyrillic", "замок", ("за\u0301мок", "ЗАМОК"), ("замков",)),
    Planted("Devanagari", "ज़मीन", ("जमीन", "ज\u093cमीन"), ("जमाना", "ज")),
    Planted("Devanagari", "हिन्दी", ("हिंदी", "हिन्दी"), ("हद", "हिन्दू")),
    Planted("Devanagari", "२०१६", ("2016", "२०१६"), ("२०१७",)),
    Planted("Han", "大学", ("北京大学开学", "大学"), ("学大", "大小学校")),
    Planted("Han", "山", ("登山", "山上", "火山灰"), ("水",)),
    Planted("Han", "北京市", ("在北京市内",), ("北京和京市",)),
    Planted("Kana", "カタカナ", ("ｶﾀｶﾅ", "このカタカナは"), ("カタログ",)),
    Planted("Kana", "ガラス", ("カ\u3099ラス", "ガラスの城"), ("カラス",)),
    Planted("Hangul", "서울", ("서울에서", "서울", "\u1109\u1165\u110b\u116e\u11af"), ("울서",)),
    Planted("Hangul", "대학교", ("서울대학교는",), ("대학 교문",)),
    Planted("Thai", "ประเทศ", ("รักประเทศไทย", "ประเทศ"), ("ประชา",)),
    Planted("Thai", "๒๕๖๐", ("ปี 2560", "๒๕๖๐"), ("๒๕๖๑",)),
    Planted("Khmer", "កម្ពុជា", ("ប្រទេសកម្ពុជាថ្មី",), ("កម្ពស់",)),
    Planted("Lao", "ປະເທດ", ("ໃນປະເທດລາວ",), ("ປະຊາ",)),
)
SCRIPTS = tuple(dict.fromkeys(one.script for one in PLANTED))
