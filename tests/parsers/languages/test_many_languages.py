"""Languages of short texts, whatever the page claims; sentences of our own."""

from __future__ import annotations

import pytest

from crawler.parsers.languages.language import language_of
from crawler.parsers.languages.scripts import language_by_script

_BY_SCRIPT = {
    "ru": "Старый мост остаётся открытым до весны, сказал мэр.", "uk": "Старий міст залишається відкритим, його відремонтують навесні.", "be": "Стары мост застаецца адкрытым, сказаў мэр горада.",
    "bg": "Старият мост остава отворен до пролетта, съобщи кметът на града във вторник вечерта след дългото обсъждане.", "sr": "Стари мост остаје отворен до пролећа, рекао је градоначелник.",
    "mk": "Стариот мост останува отворен, рече градоначалникот, а сѐ друго ќе се реши.", "kk": "Ескі көпір көктемге дейін ашық қалады, деді қала әкімі.", "mn": "Хуучин гүүр хавар хүртэл нээлттэй хэвээр үлдэнэ гэж дарга хэлэв, өчигдөр.",
    "el": "Η παλιά γέφυρα μένει ανοιχτή ως την άνοιξη.", "hy": "Հին կամուրջը բաց կմնա մինչև գարուն։", "ka": "ძველი ხიდი გაზაფხულამდე ღია დარჩება.", "he": "הגשר הישן יישאר פתוח עד האביב.",
    "ar": "يبقى الجسر القديم مفتوحا حتى الربيع.", "fa": "پل قدیمی تا بهار باز می\u200cماند و شهردار گفت.", "ur": "پرانا پل بہار تک کھلا رہے گا، میئر نے کہا ہے۔", "ps": "زوړ پله به تر پسرلي خلاصه وي، ښاروال وویل.",
    "ckb": "پردە کۆنەکە تا بەهار کراوە دەبێت، سەرۆکی شارەوانی وتی.", "ug": "كونا كۆۋرۈك باھارغىچە ئوچۇق بولىدۇ، دېدى شەھەر باشلىقى.", "hi": "पुराना पुल वसंत तक खुला रहेगा।", "bn": "পুরনো সেতু বসন্ত পর্যন্ত খোলা থাকবে।", "as": "পুৰণি দলংখন বসন্তলৈকে খোলা থাকিব।",
    "pa": "ਪੁਰਾਣਾ ਪੁਲ ਬਸੰਤ ਤੱਕ ਖੁੱਲ੍ਹਾ ਰਹੇਗਾ।", "gu": "જૂનો પુલ વસંત સુધી ખુલ્લો રહેશે.", "or": "ପୁରୁଣା ପୋଲ ବସନ୍ତ ପର୍ଯ୍ୟନ୍ତ ଖୋଲା ରହିବ।", "ta": "பழைய பாலம் வசந்தம் வரை திறந்திருக்கும்.", "te": "పాత వంతెన వసంతం వరకు తెరిచి ఉంటుంది.",
    "kn": "ಹಳೆಯ ಸೇತುವೆ ವಸಂತದವರೆಗೆ ತೆರೆದಿರುತ್ತದೆ.", "ml": "പഴയ പാലം വസന്തകാലം വരെ തുറന്നിരിക്കും.", "si": "පැරණි පාලම වසන්තය තෙක් විවෘතව පවතී.", "th": "สะพานเก่าจะเปิดจนถึงฤดูใบไม้ผลิ", "lo": "ຂົວເກົ່າຈະເປີດຈົນຮອດລະດູໃບໄມ້ປົ່ງ",
    "my": "တံတားဟောင်းကို နွေဦးအထိ ဖွင့်ထားမည်။", "km": "ស្ពានចាស់នឹងបើករហូតដល់និទាឃរដូវ។", "am": "አሮጌው ድልድይ እስከ ፀደይ ክፍት ይሆናል።", "bo": "ཟམ་པ་རྙིང་པ་དཔྱིད་ཀའི་བར་དུ་སྒོ་ཕྱེ་ཡོད།", "dv": "މުސްކުޅި ފާލަން ހުޅުވިފައި އޮންނާނެ.",
    "ja": "古い橋は春まで開けておくことになった。", "zh": "旧桥在春季之前继续开放。", "ko": "옛 다리는 봄까지 열려 있다.",
}  # fmt: skip
_BY_WORDS = {
    "en": "The old bridge is to stay open until the spring, and the mayor said that it was the will of the town.", "de": "Die alte Brücke bleibt bis zum Frühjahr offen, und das ist nicht nur der Wille des Bürgermeisters, sondern auch der Stadt.",
    "fr": "Le vieux pont reste ouvert jusqu'au printemps, et le maire dit que la ville est avec lui pour les deux ans à venir.", "es": "El puente viejo sigue abierto hasta la primavera, y el alcalde dice que es para bien de los vecinos y de la ciudad.",
    "it": "Il vecchio ponte resta aperto fino alla primavera, e il sindaco dice che la città non ha i soldi per la riparazione del porto.", "pt": "A ponte velha fica aberta até à primavera, e o presidente diz que não há dinheiro para as obras da cidade do Porto.",
    "nl": "De oude brug blijft tot het voorjaar open, en de burgemeester zegt dat het niet aan de stad is om voor het werk te betalen.", "sv": "Den gamla bron är öppen till våren, och borgmästaren säger att det inte är staden som ska betala för den.",
    "pl": "Stary most jest otwarty do wiosny i nie ma pieniędzy na naprawę, po tym jak rada się na to nie zgodziła.", "hu": "Az öreg híd tavaszig nyitva marad, és a polgármester azt mondta, hogy nem volt más út, ez csak a kezdet.",
    "tr": "Eski köprü bahara kadar açık ve belediye başkanı bu iş için daha çok para gerek dedi, ama bir karar da yok.", "id": "Jembatan lama itu akan tetap dibuka dan wali kota mengatakan bahwa tidak ada uang untuk perbaikan di tahun ini dari yang lain.",
    "vi": "Cây cầu cũ vẫn mở và thị trưởng cho biết không có tiền của các nhà để sửa trong năm nay với người đã có.", "fi": "Vanha silta on auki kevääseen, ja pormestari sanoi että se ei ole hyvä, mutta rahaa ei ole kun sen aika on.",
    "ro": "Podul vechi este deschis până la primăvară, şi primarul a spus că nu sunt bani pentru lucrări în anul care vine, de la oraş.", "cs": "Starý most je otevřen do jara a na opravu se nenašly peníze, že by to bylo jen pro město, to po tom neřekl.",
    "cy": "Mae yr hen bont yn agored ac mae y maer wedi dweud bod eu harian yn brin, ac oedd i fod yn barod ar y dydd.", "af": "Die ou brug bly oop tot in die lente, en die burgemeester het gesê dat sy nie geld vir die werk het nie.",
}  # fmt: skip


@pytest.mark.parametrize("claimed", [None, "en", "fr-FR"])
@pytest.mark.parametrize("language", _BY_SCRIPT)
def test_a_script_tells_its_language_whatever_is_claimed(language: str, claimed: str | None) -> None:
    assert language_of(_BY_SCRIPT[language] * 2, claimed) == language


@pytest.mark.parametrize("claimed", [None, "en", "ms", "it", "xx-unknown"])
@pytest.mark.parametrize("language", _BY_WORDS)
def test_small_words_of_one_sentence_tell_its_language(language: str, claimed: str | None) -> None:
    if (language, claimed) != ("id", "ms"):  # too near to be told apart
        assert language_of(_BY_WORDS[language], claimed) == language


@pytest.mark.parametrize(
    ("text", "claimed", "language"),
    [
        ("The editors of 新华社 and 人民日报 said that the paper is to be read in the whole of China, and it was not.", None, "en"),
        ("記者はBBC NewsのChief Political Correspondentであるジョン・スミス氏に話を聞いた。", "en", "ja"),
        ("Газета «The New York Times» и агентство Associated Press сообщили об этом вчера вечером.", "en", "ru"),
        ("17:00 GMT", "fr", "fr"), ("Αθήνα", "en", "en"), ("", "pt-BR", "pt"), ("Breaking", None, None),
        ("شهر", "fa", "fa"), ("पुराना पुल वसंत तक खुला रहेगा, असे महापौर म्हणाले आणि लोक तिथे होते", "mr", "mr"), ("Stari most je otvoren i da se ne zna za kraj", "bs", "bs"),
        ("Den gamle bro er åben til foråret, og det er ikke byen der betaler", "nb", "no"),
    ],
)  # fmt: skip
def test_mixed_and_small_texts(text: str, claimed: str | None, language: str | None) -> None:
    assert language_of(text, claimed) == language


def test_signs_of_a_script_are_counted() -> None:
    assert language_by_script("plain Latin text") == (None, 0)
    assert language_by_script("abc 北京") == ("zh", 6)
