"""Tables of the words of credits: labels in many languages, agencies and their spellings."""

from __future__ import annotations

_LABELS = """
photo photos photograph photographs photography photographer image images picture pictures pic pics
credit credits source sources courtesy illustration illustrations graphic copyright foto fotos bild
bilder bildquelle bildrechte bildnachweis quelle fotograf fotografin fotografie grafik symbolfoto
symbolbild archivfoto archivbild fotoquelle crédit crédits photographie photographe fotografía
fotografia imagen imagem immagine crédito créditos credito crediti fuente fonte cortesía cortesia
fotógrafo fotógrafa ilustración ilustração reprodução divulgação beeld bron fotograaf afbeelding
illustratie bilde billede källa kilde illustrasjon kuva kuvat kuvaaja lähde valokuva mynd ljósmynd
fot zdjęcie zdjęcia źródło zdroj snímka snímek fotó kép forrás képforrás fénykép sursa sursă
fotoğraf görsel kaynak nuotr nuotrauka nuotraukos avots attēls allikas pilt фото фотография источник
автор снимок изображение иллюстрация джерело світлина зображення снимка извор слика φωτογραφία φωτό
φωτο φωτογραφια πηγή πηγη εικόνα εικονα 图 圖 צילום קרדיט תמונה מקור באדיבות صورة الصورة تصوير المصدر
مصدر بعدسة عکس عکاس منبع تصویر ذریعہ फोटो फ़ोटो तस्वीर स्रोत साभार सौजन्य ছবি সূত্র সৌজন্যে படம்
புகைப்படம் 图片来源 圖片來源 图片 圖片 图源 圖源 摄影 攝影 来源 來源 照片 写真 撮影 提供 出典 画像 사진 출처 제공 ảnh nguồn hình gambar sumber
dok kredit ภาพ ที่มา เครดิต larawan burimi izvor slika vir argazkia iturria font picha коллаж колаж
collage montage fotomontage kolaż koláž montáž графика инфографика infographic infografik rendering
ilustrasi
"""
LABELS = tuple(_LABELS.split())
"""Words that stand before a colon (or `=`, `/`, `by`) and a name."""

SHORT_LABELS = ("fot", "foto", "phot", "ph", "dok", "rys", "ill", "abb", "fotogr", "repro")
"""Labels that are short for a word and end in a full stop: `fot. Jan Kowalski`; `dok.` (from the archive of) is part of the credit."""

BARE_LABELS = (
    "photo",
    "foto",
    "fotó",
    "beeld",
    "bild",
    "kuva",
    "фото",
    "image",
    "picture",
    "picha",
    "fotografía",
    "illustration",
    "courtesy",
)
"""Labels that also stand before a name without any sign between."""

_PHRASES = """
photo credit; image credit; picture credit; photo courtesy; image courtesy; photo source; image source; crédit photo; crédits photo
crédit photographique; crédito da foto; crédito foto; foto de; fuente de la imagen; fonte da imagem; photo supplied; file photo
file image; file picture; screenshot; screen grab; handout photo; fotoğraf kaynağı; 사진 출처; 사진 제공; تصویر کا ذریعہ; מקור התמונה
источник фото; фото автора; źródło zdjęcia; zdroj foto; foto oleh; picha na; عکس از; صورة من; sumber foto; nguồn ảnh
"""
PHRASES = tuple(p.strip() for line in _PHRASES.strip().splitlines() for p in line.split(";"))
"""Labels of more than one word."""

BY = ("by", "via", "from", "courtesy of", "of", "par", "von", "vom", "de", "por", "di", "av", "af", "door", "przez", "от")
"""What stands between a label and a name where there is no colon."""

_SUFFIXES = "photo photos foto image images picture pictures nuotr. nuotr fot. illustration graphic mynd 写真 撮影 提供"
SUFFIXES = tuple(_SUFFIXES.split())
"""Labels that stand behind the name: `IRNA photo`."""

_FILE_PHOTO = """
file photo; file image; file picture; file; archive photo; archive; archival photo; undated photo; stock photo; handout; supplied
illustration; illustrative; illustrative image; screengrab; screenshot; archivfoto; archivbild; symbolbild; symbolfoto
photo d'archives; photo d’archives; archives; d.r.; dr; foto de archivo; archivo; arquivo; foto d'archivio; archivio
archieffoto; arkivfoto; arkiv; archiwum; arşiv; архив; архивное фото
عکس آرشیوی; آرشیو; أرشيف; صورة أرشيفية; 资料图; 資料圖; 資料写真; 자료사진
"""
FILE_PHOTO = frozenset(p.strip() for line in _FILE_PHOTO.strip().splitlines() for p in line.split(";"))
"""Credits without a name."""

_SOURCES = ("handout", "supplied", "screengrab", "screenshot", "d.r.", "dr")
ARCHIVE = FILE_PHOTO - {*_SOURCES}
"""Those that tell what kind of picture it is rather than where it is from."""

_AGENCIES = """
Reuters: رويترز; رویترز; рейтер; 路透; ロイター; 로이터
AFP: agence france-presse; agence france presse; 法新社; ＡＦＰ
AP: ap photo; associated press; the associated press; ＡＰ; 美联社
IRNA: islamic republic news agency; ایرنا
Tasnim: tasnim news; tasnim news agency; تسنیم
Mehr: mehr news; mehr news agency; mna; خبرگزاری مهر
Fars: fars news; fars news agency; fna; خبرگزاری فارس
ISNA: ایسنا
YJC: young journalists club
ILNA: ایلنا
IQNA:
Shana:
Khamenei.ir: leader.ir
Press TV: presstv
Getty Images: getty; gettyimages; getty images/istockphoto
EPA: epa-efe; epa/efe; european pressphoto agency
EFE: agencia efe
Xinhua: 新华社; 新華社
Anadolu: anadolu agency; anadolu ajansı; aa photo
TASS: itar-tass; тасс
RIA Novosti: ria; риа новости
Sputnik:
SANA:
WAFA:
WAM:
SPA: saudi press agency
dpa: picture alliance; picture-alliance; dpa-zentralbild
APA:
Keystone: keystone-sda
ANSA:
LaPresse:
PAP:
ČTK: ctk
MTI:
NTB: ntb scanpix; scanpix
TT: tt nyhetsbyrån
Ritzau: ritzau scanpix
ANP:
Belga:
Lusa:
PA: pa media; pa wire; pa images; press association
Yonhap: 연합뉴스
Newsis: 뉴시스
News1: 뉴스1
Kyodo: 共同; kyodo news
Jiji: 時事
PTI:
ANI:
Bernama:
Antara:
AAP:
CP: canadian press; the canadian press
UPI:
Bloomberg:
Imago: imago images
Alamy: alamy stock photo
Shutterstock:
iStock: istockphoto
Unsplash:
Zuma: zuma press; zumapress
SIPA: sipa usa
Abaca: abacapress
NurPhoto:
Europa Press:
Magnum: magnum photos
Wikimedia Commons: wikimedia; wikipedia
Rex: rex features; rex/shutterstock
Folhapress:
Agência Brasil: agencia brasil
Estadão Conteúdo: estadao conteudo
Agência O Globo:
Télam: telam
Andina:
Notimex:
Cuartoscuro:
Prensa Latina:
Agerpres:
Inquam Photos:
Profimedia:
East News:
Agencja Wyborcza: agencja wyborcza.pl; agencja gazeta
TASR:
BTA: бта
BGNES: бгнес
Pixsell:
Tanjug:
ATSH:
LETA:
BNS:
ELTA:
Lehtikuva:
MAFRA:
Eurokinissi:
Flash90: flash 90
Petra:
MENA:
WANA:
APS:
TTXVN: vna; ttxvn/vna
VCG: 视觉中国
CNS: 中新社; china news service
CNA: 中央社
Aflo: アフロ
Interfax: интерфакс
Ukrinform: укрінформ; укринформ
UNIAN: унiан; уніан; унян
BelTA: белта
Kazinform: казинформ
IANS:
APP:
BSS:
PNA:
IHA: iha; i̇ha; ihlas
DHA:
Maxppp:
Hans Lucas:
Bestimage:
Icon Sport:
Action Images:
SOPA Images: lightrocket
SWNS:
Splash News:
Backgrid:
Adobe Stock: adobestock
Depositphotos:
Dreamstime:
Pixabay:
Pexels:
123RF:
Fotolia:
Ullstein Bild: ullstein
Everett Collection:
Gallo Images:
USA Today Sports: usa today network
Imagn Images: imagn
WireImage:
FilmMagic:
Corbis:
Bridgeman Images: bridgeman
Redux:
African News Agency:
NASA:
Planet: planet labs
Maxar: maxar technologies
"""
AGENCIES: dict[str, tuple[str, ...]] = {
    name: (name.lower(), *(s.strip() for s in rest.split(";") if s.strip()))
    for name, _, rest in (line.partition(":") for line in _AGENCIES.strip().splitlines())
}
"""Normalised name to spellings in lower case (the name itself is one). One agency a line; the longest spelling wins."""

_WIRES = ("Reuters", "Bloomberg", "Xinhua", "Tasnim", "Kyodo", "Jiji", "Yonhap", "Belga", "Lusa", "Ritzau", "dpa")
_TEXT_ONLY = frozenset(("bbc", "cnn", "dts", "epd", "kna", "sid"))
"""Newsrooms that sign texts and hardly pictures."""
_GIVEN_NAMES = frozenset(("sana", "mena", "leta", "app", "wam", "wana", "atsh"))
_ONE_WORD = {s for name, all_of in AGENCIES.items() if name.isupper() or name in _WIRES for s in all_of if " " not in s}
BYLINE_AGENCIES = frozenset(_ONE_WORD - _GIVEN_NAMES | _TEXT_ONLY)
"""Agencies that stand for an author, in lower case: one word, and no given name."""

_CAPTION_LABELS = """
image caption; media caption; video caption; caption; legende; légende; légende image;
bildunterschrift; pie de foto; leyenda; legenda; legenda da foto; didascalia; подпись к фото;
підпис до фото; التعليق على الصورة; شرح عکس; تصویر کا کیپشن; इमेज कैप्शन; 图像加注文字; 圖像加註文字; 画像説明;
사진 설명; chụp lại hình ảnh; keterangan gambar; fotoğraf altı yazısı; maelezo ya picha;
onderschrift; bildtext; kuvateksti; billedtekst; bildetekst; popisek; podpis
"""
CAPTION_LABELS = tuple(label.strip() for label in _CAPTION_LABELS.replace("\n", " ").split(";"))
"""What some pages print before a caption, mostly for those who cannot see: not part of it."""

_COMMA_LABELS = """
image source; image credit; image copyright; fuente de la imagen; fonte da imagem; crédit
photo; crédito; getty source; источник изображения; автор фото; джерело зображення; مصدر
الصورة; صدر الصورة; منبع تصویر; تصویر کا ذریعہ; इमेज स्रोत; 图像来源; 圖像來源; 画像提供; 사진 출처; nguồn hình
ảnh; sumber gambar; kaynak; chanzo cha picha; photo by
"""
COMMA_LABELS = tuple(label.strip() for label in _COMMA_LABELS.replace("\n", " ").split(";"))
"""Labels of credits that a comma may follow: `Image source, Getty Images`."""

_PLACES = """
left right center centre middle l r c front back rear top bottom above below first second third fourth fifth far seated standing pictured
"""
PLACES = frozenset(_PLACES.split())
"""Positions of people, in parentheses that are no credit."""

PLATFORMS = (
    "instagram",
    "twitter",
    "x.com",
    "facebook",
    "tiktok",
    "youtube",
    "telegram",
    "vk",
    "flickr",
    "reddit",
    "snapchat",
    "weibo",
    "linkedin",
    "x",
)
"""Platforms of accounts that publish pictures: `@name / Instagram`."""
