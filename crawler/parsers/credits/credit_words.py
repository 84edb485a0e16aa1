"""Tables of the words of credits: labels in many languages."""

from __future__ import annotations


def _phrases(table: str) -> tuple[str, ...]:
    """The phrases of a table, parted by semicolons."""
    return tuple(phrase.strip() for phrase in table.replace("\n", " ").split(";"))


_LABELS = """
screenshot gif animation artwork photo photos photograph photographs photography photographer image images
picture pictures pic pics credit credits source sources courtesy illustration illustrations graphic copyright foto fotos bild bilder
bildquelle bildrechte bildnachweis quelle fotograf fotografin fotografie grafik symbolfoto symbolbild archivfoto archivbild
fotoquelle crédit crédits photographie photographe fotografía fotografia imagen imagem immagine crédito créditos credito crediti
fuente fonte cortesía cortesia fotógrafo fotógrafa ilustración ilustração reprodução divulgação beeld bron fotograaf afbeelding
illustratie bilde billede källa kilde illustrasjon kuva kuvat kuvaaja lähde valokuva mynd ljósmynd fot zdjęcie zdjęcia źródło zdroj
snímka snímek fotó kép forrás képforrás fénykép sursa sursă fotoğraf görsel kaynak nuotr nuotrauka nuotraukos avots attēls allikas
pilt фото фотография источник автор снимок изображение иллюстрация джерело світлина зображення снимка извор слика φωτογραφία φωτό
φωτο φωτογραφια πηγή πηγη εικόνα εικονα 图 圖 צילום קרדיט תמונה מקור באדיבות صورة الصورة تصوير المصدر مصدر بعدسة عکس عکاس منبع تصویر
ذریعہ फोटो फ़ोटो तस्वीर स्रोत साभार सौजन्य ছবি সূত্র সৌজন্যে படம் புகைப்படம் 图片来源 圖片來源 图片 圖片 图源 圖源 摄影 攝影 来源 來源 照片
写真 撮影 提供 出典 画像 사진 출처 제공 ảnh nguồn hình gambar sumber dok kredit ภาพ ที่มา เครดิต larawan burimi izvor slika vir
argazkia iturria font picha коллаж колаж collage montage fotomontage kolaż koláž montáž графика инфографика infographic infografik
ilustrasi photographed photog kuvaajat kuvituskuva kuvankäsittely arkistokuva kilder källor fotograferad bilete kjelde heimild
myndir foto's bronnen illustraties prent grianghraf pictiúr llun lluniau ffynhonnell dealbh ìomhaigh argazkiak imatge fotògraf imaxe
ritratt sors fotografii sursele autor autorius autors autorka autora avtor avtorica fotó: fotók felvétel fotograafia fotod allikad
fotoattēls fotogrāfija publicitātes šaltinis šaltiniai iliustracija zdroje ilustrace ilustrácia zdjecia zdj rycina grafika fotografi
fotograaf: fotografija fotografije snimio snimila snimak fotografica fotògrafa снимки снимак фотографија фотографије фотографии
фотограф фотограф: фота здымак крыніца сүрөт сурет сурат сүрөтү сүрөттөр дереккөз манба акс акси булак зураг ფოტო წყარო ავტორი
լուսանկար լուսանկարը ֆոտո աղբյուր աղբյուրը şəkil mənbə fotolar surat manba çeşme wêne çavkanî وێنە سەرچاوە انځور سرچینه تصویریں
تصاویر تصوير: عدسة الصور المصور لقطة صور فوتو فوتوغراف منابع عکسها عکس‌ها عکاسان گرافیک طرح צילומים צלם צלמת איור בילד छायाचित्र चित्र
तस्बिर छवि साभार: फोटोः स्रोतः আলোকচিত্র সূত্রঃ ছবিঃ উৎস ફોટો તસવીર છબી સ્રોત ਤਸਵੀਰ ਫੋਟੋ ਸਰੋਤ ଫଟୋ ଛବି ଫୋଟୋ நன்றி மூலம் ஃபோட்டோ ఫోటో ఫొటో
చిత్రం మూలం ಚಿತ್ರ ಫೋಟೋ ಕೃಪೆ ചിത്രം ഫോട്ടോ കടപ്പാട് ඡායාරූපය ඡායාරූප සේයාරූ මූලාශ්‍රය ဓာတ်ပုံ ရုပ်ပုံ ရင်းမြစ် រូបភាព រូបថត ប្រភព ຮູບ ຮູບພາບ ພາບ
ຂໍ້ມູນ ภาพถ่าย แหล่งที่มา แฟ้มภาพ ảnh: larawang kuha fotografer ihsan isithombe izithombe umthombo umfanekiso ifoto setshwantsho senepe
ditshwantsho motswedi chanzo hoto hotuna asali àwòrán orísun aworan sawir sawirka xigasho suuraa madda ፎቶ ምንጭ ስእሊ ምንጪ ፎቶግራፍ isanamu
ifoto: amafoto sary mufananidzo chithunzi fotou sous φωτογραφίες φωτογράφος φωτογρ 供图 供圖 資料圖 资料图 翻攝 翻摄 圖／ 圖說來源
截图 截圖 撮影者 提供写真 写真提供 자료 자료사진 사진제공 그래픽 일러스트
"""
LABELS = tuple(dict.fromkeys(label.rstrip(":／") for label in _LABELS.split()))
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
    "fotografija",
    "llun",
    "фота",
    "ფოტო",
    "ภาพจาก",
    "ảnh",
    "hoto",
    "isithombe",
)
"""Labels that also stand before a name without any sign between."""

_PHRASES = """
photo credit; image credit; picture credit; photo courtesy; image courtesy; photo source; image source; crédit photo; crédits photo;
crédit photographique; crédito da foto; crédito foto; foto de; fuente de la imagen; fonte da imagem; photo supplied; file photo;
file image; file picture; screen grab; photo illustration; photo-illustration; handout photo; fotoğraf kaynağı; 사진 출처;
사진 제공; تصویر کا ذریعہ; מקור התמונה; источник фото; фото автора; źródło zdjęcia; zdroj foto; foto oleh; picha na; عکس از;
صورة من; sumber foto; nguồn ảnh; bildcredit; bild zur verfügung gestellt von; mit freundlicher genehmigung von;
mit freundlicher genehmigung; avec l'aimable autorisation de; avec l’aimable autorisation de; por cortesía de; cortesía de;
cortesia de; por gentileza de; gentileza de; per gentile concessione di; beeld via; met dank aan; foto via;
foto ter beschikking gesteld door; foto udlånt af; udlånt af; foto privat; uz dozvolu; dzięki uprzejmości; с разрешения;
предоставлено; фото предоставлено; фото предоставила; фото предоставил; фотография предоставлена; источник изображения;
автор фотографии; автор фотографий; фото из архива; фото з архіву; надано; фото надано; izvor fotografije; autor fotografije;
аутор фотографије; снимка от; сн; foto kredit; kredit foto; photo supplied by; image supplied by; image courtesy of;
photo courtesy of; screenshot from; screengrab from; umthombo wesithombe; isithombe sika; isithombe ngu; umfanekiso ngu;
chanzo cha picha; asalin hoton; daga hoto; ebe foto si; oríṣun àwòrán; xigashada sawirka; madda suuraa; የፎቶው ባለመብት; ምንጪ ስእሊ;
ahavuye isanamu; wia dis foto come from; isithombe esivela ku; منبع عکس; منبع تصویر; عکاس خبر; تصویر از; عکس و خبر; مصدر الصورة;
مصدر الصور; حقوق الصورة; صور من; بعدسة المصور; د عکس سرچینه; فوٹو کریڈٹ; تصویر بشکریہ; بشکریہ; फोटो क्रेडिट; फोटो साभार; फोटो सौजन्य;
चित्र स्रोत; इमेज स्रोत; फोटो स्रोत; तस्बिर स्रोत; ছবির উৎস; ছবি সৌজন্যে; ઇમેજ સ્રોત; ਤਸਵੀਰ ਸਰੋਤ; பட மூலாதாரம்; ఫొటో సోర్స్; ಚಿತ್ರ ಕೃಪೆ;
ചിത്രത്തിന് കടപ്പാട്; ဓာတ်ပုံ ရင်းမြစ်; ที่มาของภาพ; ที่มาภาพ; ขอบคุณภาพจาก; ขอบคุณภาพ; ภาพจาก; nguồn hình ảnh; ảnh minh họa; ảnh tư liệu;
ảnh do; kuha ni; kuha mula sa; larawan mula sa; gambar ihsan; foto ihsan; ihsan foto; dok foto; foto dok; צילום מסך; צילום באדיבות;
באדיבות המצולם; קרדיט צילום; קרדיט תמונה; ფოტოს ავტორი; ფოტოს წყარო; լուսանկարի հեղինակ; լուսանկարի աղբյուրը; foto mənbəyi;
şəklin mənbəyi; fotoğraf kredisi; görsel kaynağı; kaynak fotoğraf; surat manbasi; сурат манбаси; сүрөттүн булагы; фотоны түсірген;
πηγή φωτογραφίας; πηγή εικόνας; φωτογραφία αρχείου; photo credits; image credits; picture credits; bild källa; bildkälla;
foto källa; fotokreditt; ljósmyndari; grianghraf le; pictiúr le; llun gan; ffynhonnell y llun; dealbh le; imatge de; foto d'arxiu;
argazkia hartu; 写真提供; 画像提供; 圖片提供; 图片提供; 照片提供; 資料照片; 资料照片; 圖／翻攝自; 圖片翻攝; 示意圖; 사진 자료;
자료 사진; 이미지 출처; 이미지 제공
"""
PHRASES = _phrases(_PHRASES)
"""Labels of more than one word."""

BY = (
    "by",
    "via",
    "from",
    "courtesy of",
    "of",
    "par",
    "von",
    "vom",
    "de",
    "por",
    "di",
    "av",
    "af",
    "door",
    "przez",
    "от",
    "na",
    "oleh",
    "ngu",
    "gan",
    "le",
    "kwa",
)
"""What stands between a label and a name where there is no colon."""

_SUFFIXES = "photo photos foto image images picture pictures nuotr. nuotr fot. illustration graphic mynd 写真 撮影 提供"
SUFFIXES = tuple(_SUFFIXES.split())
"""Labels that stand behind the name: `IRNA photo`."""

_FILE_PHOTO = """
file photo; file image; file picture; file; archive photo; archive; archival photo; undated photo; stock photo; handout; supplied;
illustration; illustrative; illustrative image; screengrab; screenshot; archivfoto; archivbild; symbolbild; symbolfoto;
photo d'archives; photo d’archives; archives; d.r.; dr; foto de archivo; archivo; arquivo; foto d'archivio; archivio; archieffoto;
arkivfoto; arkiv; archiwum; arşiv; архив; архивное фото; foto ilustrasi; ilustrativní foto; ilustračné foto; zdjęcie ilustracyjne;
zdjęcie archiwalne; kép illusztráció; illusztráció; képünk illusztráció; iliustracija; ilustrativna fotografija;
fotografi ilustruese; архив фото; архівне фото; иллюстративное фото; снимката е илюстративна; илюстрация; φωτογραφία αρχείου;
αρχείου; fotoğraf: arşiv; arkistokuva; kuvituskuva; arkivbild; genrebild; illustrationsbild; arkivbillede; modelfoto;
illustrasjonsfoto; imagem ilustrativa; imagen ilustrativa; imagen de archivo; foto archivo; foto d'arxiu; illustratiefoto;
stockfoto; ảnh minh họa; ảnh tư liệu; תמונת אילוסטרציה; אילוסטרציה; צילום אילוסטרציה; תמונת ארכיון; ארכיון; عکس تزیینی; تزئینی;
صورة تعبيرية; تعبيرية; प्रतीकात्मक तस्वीर; प्रतीकात्मक फोटो; फाइल फोटो; ফাইল ছবি; சித்தரிப்பு படம்; ఫైల్ ఫోటో; แฟ้มภาพ; ภาพประกอบ; 示意圖;
示意图; イメージ; 資料図; 이미지; 사진은 기사와 무관; عکس آرشیوی; آرشیو; أرشيف; صورة أرشيفية; 资料图; 資料圖; 資料写真; 자료사진
"""
FILE_PHOTO = frozenset(_phrases(_FILE_PHOTO))
"""Credits without a name."""

_SOURCES = ("handout", "supplied", "screengrab", "screenshot", "d.r.", "dr")
ARCHIVE = FILE_PHOTO - {*_SOURCES}
"""Those that tell what kind of picture it is rather than where it is from."""

_CAPTION_LABELS = """
image caption; media caption; video caption; caption; legende; légende; légende image; bildunterschrift; pie de foto; leyenda;
legenda; legenda da foto; didascalia; подпись к фото; підпис до фото; التعليق على الصورة; شرح عکس; تصویر کا کیپشن; इमेज कैप्शन;
图像加注文字; 圖像加註文字; 画像説明; 사진 설명; chụp lại hình ảnh; keterangan gambar; fotoğraf altı yazısı; maelezo ya picha;
onderschrift; bildtext; kuvateksti; billedtekst; bildetekst; popisek; podpis; photo caption; figure caption; توضیح تصویر;
د عکس تشریح; ছবির ক্যাপশান; படக்குறிப்பு; ఫొటో క్యాప్షన్; ઇમેજ કૅપ્શન; ਤਸਵੀਰ ਕੈਪਸ਼ਨ; फोटो कॅप्शन; तस्बिर क्याप्सन; คำบรรยายภาพ; bayanan hoto;
àkọlé àwòrán; qoraalka sawirka; ibsa waa'ee suuraa; የምስሉ መግለጫ; wetin we call dis foto; insiguro y'isanamu; потпис испод фотографије;
сурат тагсўзи; image captions; legenda da imagem
"""
CAPTION_LABELS = _phrases(_CAPTION_LABELS)
"""What some pages print before a caption, mostly for those who cannot see: not part of it."""

_COMMA_LABELS = """
image source; image credit; image copyright; fuente de la imagen; fonte da imagem; crédit photo; crédito; getty source;
источник изображения; автор фото; джерело зображення; مصدر الصورة; صدر الصورة; منبع تصویر; تصویر کا ذریعہ; इमेज स्रोत; 图像来源;
圖像來源; 画像提供; 사진 출처; nguồn hình ảnh; sumber gambar; kaynak; chanzo cha picha; photo by; umthombo wesithombe; asalin hoton;
ebe foto si; oríṣun àwòrán; orísun àwòrán; xigashada sawirka; madda suuraa; የፎቶው ባለመብት; ምንጪ ስእሊ; ahavuye isanamu;
wia dis foto come from; د عکس سرچینه; फोटो स्रोत; तस्बिर स्रोत; ছবির উৎস; ઇમેજ સ્રોત; ਤਸਵੀਰ ਸਰੋਤ; பட மூலாதாரம்; ఫొటో సోర్స్; ဓာတ်ပုံ ရင်းမြစ်;
ที่มาของภาพ; сүрөттүн булагы; сурат манбаси; foto mənbəyi; аутор фотографије; ffynhonnell y llun; autor fotografije; fotonachweis;
bildquelle
"""
COMMA_LABELS = _phrases(_COMMA_LABELS)
"""Labels of credits that a comma may follow: `Image source, Getty Images`."""

_RIGHTS = """
all rights reserved; some rights reserved; no rights reserved; tous droits réservés; droits réservés; alle rechte vorbehalten;
todos los derechos reservados; todos os direitos reservados; tutti i diritti riservati; alle rechten voorbehouden;
wszelkie prawa zastrzeżone; все права защищены; усі права захищені; všechna práva vyhrazena; všetky práva vyhradené;
minden jog fenntartva; toate drepturile rezervate; tüm hakları saklıdır; alla rättigheter förbehållna; alle rettigheder forbeholdes;
alle rettigheter reservert; kaikki oikeudet pidätetään; sva prava pridržana; сва права задржана; всички права запазени;
με επιφύλαξη παντός δικαιώματος; כל הזכויות שמורות; جميع الحقوق محفوظة; کلیه حقوق محفوظ است; सर्वाधिकार सुरक्षित; 版权所有; 版權所有;
無断転載禁止; 무단전재 금지
"""
RIGHTS = _phrases(_RIGHTS)
"""Notes of rights, which stand before or behind whom they belong to."""

_GENERATORS = """
midjourney; dall-e; dall·e; dalle; dall-e 3; chatgpt; openai; stable diffusion; adobe firefly; ideogram; leonardo.ai; leonardo ai;
bing image creator; image creator; microsoft copilot; google gemini; nano banana; dreamstudio; nightcafe; canva ai; ai-generated;
ai generated; generated with ai; generated by ai; created with ai; ki-generiert; ki generiert; mit ki erstellt; mit ki generiert;
ki-generiertes bild; généré par ia; générée par ia; image générée par ia; generada con ia; generado con ia; imagen generada con ia;
gerada por ia; generata con ia; gegenereerd met ai; ai-genererad; ai-generert; ai-genereret; tekoälyllä luotu;
wygenerowane przez ai; vygenerováno ai; сгенерировано ии; сгенерировано нейросетью; згенеровано ші; yapay zeka ile üretilmiştir;
yapay zeka; ai生成; ai生成图; ai生成画像; ai 생성
"""
GENERATORS = _phrases(_GENERATORS)
"""Programs that make pictures, and how pages say that one did."""

_ABBREVIATIONS = """
inst st sr jr dr mr mrs ms prof co corp inc ltd dept univ natl nat intl govt assoc bros ave mt ft no nos gen col sgt capt cpl lt
cmdr maj adm rev hon gov sen rep pres vs etc art fig vol ed eds est approx messrs mme mlle mgr sra srta dra lic ing arq hr fr hl bzw
ca nr geb str dipl phil med jun geol acad ул им г гор обл акад проф тов руб тыс млн млрд св пос др пр eng arch avv dott on sig ssa
prov loc ul al pl gm woj inż hab św
"""
ABBREVIATIONS = frozenset(_ABBREVIATIONS.split())
"""Short words that end in a full stop without an end of the sentence."""

_NOT_LABELS = """
pictured; photographed; above; below; inset; watch; video; related; update; updated; date; time; venue; where; when; starring; with;
featuring; guest; guests; director; cast; name; title; score; result; winner; von links; de gauche; links; rechts; oben; unten;
gauche; droite; izquierda; derecha; слева; справа; esquerda; direita; sinistra; destra; vlevo; vpravo; balra; jobbra; left; right;
from left; clockwise; also; more; read; note; location; place
"""
NOT_LABELS = frozenset(_phrases(_NOT_LABELS))
"""Words before a colon and a name that tell who is to be seen."""

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
