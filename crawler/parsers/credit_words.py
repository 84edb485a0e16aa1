"""The words of credits, as tables: labels in many languages, and agencies with the spellings they go by."""

from __future__ import annotations

_LABELS = """
photo photos photograph photographs photography photographer image images picture pictures pic pics credit credits source sources
courtesy illustration illustrations graphic copyright foto fotos bild bilder bildquelle bildrechte bildnachweis quelle fotograf
fotografin fotografie grafik symbolfoto symbolbild archivfoto archivbild fotoquelle crédit crédits photographie photographe
fotografía fotografia imagen imagem immagine crédito créditos credito crediti fuente fonte cortesía cortesia fotógrafo fotógrafa
ilustración ilustração reprodução divulgação beeld bron fotograaf afbeelding illustratie bilde billede källa kilde illustrasjon
kuva kuvat kuvaaja lähde valokuva mynd ljósmynd fot zdjęcie zdjęcia źródło zdroj snímka snímek fotó kép forrás képforrás fénykép
sursa sursă fotoğraf görsel kaynak nuotr nuotrauka nuotraukos avots attēls allikas pilt
фото фотография источник автор снимок изображение иллюстрация джерело світлина зображення снимка извор слика
φωτογραφία φωτό πηγή εικόνα צילום קרדיט תמונה מקור באדיבות صورة الصورة تصوير المصدر مصدر بعدسة عکس عکاس منبع تصویر ذریعہ
फोटो फ़ोटो तस्वीर स्रोत साभार सौजन्य ছবি সূত্র সৌজন্যে படம் புகைப்படம் 图片来源 圖片來源 图片 圖片 图源 圖源 摄影 攝影 来源 來源 照片
写真 撮影 提供 出典 画像 사진 출처 제공 ảnh nguồn hình gambar sumber dok kredit ภาพ ที่มา เครดิต larawan burimi izvor slika vir argazkia
iturria font picha
"""
LABELS = tuple(_LABELS.split())
"""Words that stand before a colon (or `=`, `/`, `by`) and a name."""

_PHRASES = """
photo credit; image credit; picture credit; photo courtesy; image courtesy; photo source; image source; crédit photo; crédits photo
crédit photographique; crédito da foto; crédito foto; foto de; fuente de la imagen; fonte da imagem; photo supplied; file photo
file image; file picture; screenshot; screen grab; handout photo; fotoğraf kaynağı; 사진 출처; 사진 제공; تصویر کا ذریعہ; מקור התמונה
источник фото; фото автора; źródło zdjęcia; zdroj foto
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
"""Credits that name nobody."""

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
Yonhap: 연합뉴스; 뉴시스
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
NASA:
Planet: planet labs
Maxar: maxar technologies
"""
AGENCIES: dict[str, tuple[str, ...]] = {
    name: (name.lower(), *(s.strip() for s in rest.split(";") if s.strip()))
    for name, _, rest in (line.partition(":") for line in _AGENCIES.strip().splitlines())
}
"""Normalised name to spellings in lower case (the name itself is one). One agency a line; the longest spelling wins."""

_PLACES = "left right center centre middle l r c front back rear top bottom above below first second third fourth fifth far seated standing"
PLACES = frozenset(_PLACES.split())
"""What a parenthesis in a caption says when it is no credit: where somebody stands."""
