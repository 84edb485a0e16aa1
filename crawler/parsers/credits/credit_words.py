"""Tables of the words of credits: labels in many languages."""

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
