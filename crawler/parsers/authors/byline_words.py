"""Tables of the words around names in bylines: labels, roles, small words between names."""

from __future__ import annotations

_LABELS = """
auteur; auteurs; author; authors; autor; autor*in; autor/autorin; autor/in; autor:in; autora; autora/autor; autoras; autore; autoren
autores; autori; autoriai; autorin; autorin/autor; autorius; autorka; autors; autorska; autorzy; autorė; autrice; autrici; avtor
avtorica; avtorji; awdur; beitrag; bericht; besedilo; byline; columnist; contributor; contributors; correspondent; dziennikarz; egilea
forfatter; författare; giornalista; höfundur; jornalista; journalist; journaliste; journalisten; kirjoittaja; kirjoittajat
korrespondent; may-akda; muallif; muhabir; mwandishi; müəllif; pengarang; penulis; periodista; pewarta; redacteur; redactor; redactora
redakteur; redakteurin; redaktor; redattore; redattrice; reporter; rédacteur; rédactrice; skribent; skribenter; szerző; szerzők
szöveg; tekst; tekstas; teksti; testo; text; texte; texto; toimittaja; tác giả; umbhali; verfasser; verfasserin; verslaggever
wartawan; words; writer; writers; yazar; yazarlar; údar; επιμέλεια κειμένου; κείμενο; ρεπορτάζ; συντάκτης; συντάκτρια; автор; автор на
автор статьи; автор текста; автори; авторка; авторы; аутор; аўтар; журналист; зохиогч; кореспондент; корреспондент; текст; հեղինակ
כותב; כותבת; כתב; כתבת; מאת; إعداد; الكاتب; الكاتبة; المؤلف; المؤلفة; بقلم; به قلم; تحریر; تقرير; خبرنگار; كتابة; ليکوال; مصنف; نوشته
نویسنده; نویسندگان; گزارش از; گزارشگر; पत्रकार; रिपोर्टर; लेखक; लेखन; लेखिका; संवाददाता; প্রতিবেদক; লিখেছেন; লেখক; ਲੇਖਕ; લેખક
ஆசிரியர்; எழுதியவர்; எழுத்தாளர்; రచయిత; ಲೇಖಕರು; ലേഖകന്‍; ലേഖകൻ; ලේඛක; ผู้เขียน; ผู้แต่ง; รายงาน; เรื่อง; เรื่องโดย; โดย; ຂຽນໂດຍ; ໂດຍ
ရေးသားသူ; ავტორი; ደራሲ; ጸሐፊ; ដោយ; អ្នកនិពន្ធ; ライター; 作者; 作者名; 取材・文; 取材文; 執筆; 執筆者; 投稿者; 採訪; 採訪撰文; 撰文
撰稿; 文; 文/图; 文字; 本報記者; 本报记者; 特派員; 特約記者; 筆者; 著; 著者; 記者; 记者; 通讯员; 采写; 采访; 글; 글쓴이; 기자; 작성자
저자
"""
LABELS = tuple(w.strip() for w in _LABELS.replace("\n", ";").split(";") if w.strip())
"""Nouns before an author's name, with a colon, a bar or a slash between, or in an element of their own."""

_PHRASES = """
a cura di; additional reporting by; additional writing by; af; analysis by; article by; as told to; aufgezeichnet von
av; by; bài; bởi; compiled by; contributed by; created by; da; de; di; dilaporkan oleh; disiapkan oleh; ditulis oleh
door; eftir; ein beitrag von; ein bericht von; ein interview von; ein kommentar von; eine analyse von; escrit per
escrito por; gan; geschreven door; geschrieben von; haberi yazan; imeandikwa na; interview by; kirjoittanut; kirjutas
le; na; napisala; napisao; napisał; napisała; napsal; napsala; napísal; napísala; nga; ni; nina; od; oleh; opinion by
oprac.; opracował; opracowała; par; parašė; parengė; per; pisze; piše; pišu; por; posted by; pripravil; pripravila
propos recueillis par; przez; pubblicato da; publicado por; publicerad av; published by; publié par; redactado por
redactat de; report by; reported by; reporting by; review by; rédigé par; sagatavoja; scris de; scritto da; skrevet af
skrevet av; skriven av; story by; submitted by; tekst av; tekst van; testo di; text av; text by; text von; texte de
texte par; texto de; verfasst von; vom; von; von unserem korrespondenten; von unserer korrespondentin; words by
writing by; written by; yazan; écrit par; írta; γράφει; γράφει η; γράφει ο; γράφουν; της; του; του/της; автор; написал
написала; от; пише; пишет; пишува; подготовил; подготовила; מאת; إعداد; از; بقلم; به قلم; تحریر; كتب; كتبت; كتبه
كتبها; گزارش; द्वारा; लेखक; โดย; ໂດຍ
"""
PHRASES = tuple(w.strip() for w in _PHRASES.replace("\n", ";").split(";") if w.strip())
"""What stands before an author's name with a blank between."""

LANGUAGES_OF = {
    "af": "da is", "av": "sv no nb nn", "bài": "vi", "da": "it", "de": "es pt ro gl fr ca eo", "di": "it", "door": "nl af",
    "eftir": "is", "gan": "cy", "le": "ga", "na": "sw", "nga": "sq", "ni": "tl fil", "nina": "tl fil", "od": "sl hr sr bs cs",
    "oprac.": "pl", "per": "ca it", "por": "es pt gl", "vom": "de", "της": "el", "του": "el", "от": "bg ru mk", "از": "fa ur",
}  # fmt: skip
"""Words of `PHRASES` that are other words, or begin names, in other languages, and those in which they stand before an author."""

_OTHER_WORK = """
additional editing by; aus dem englischen von; bearbeitet von; bearbeitung; bewerking; biên tập; compiled and edited by; dịch; edición
edit by; editado por; edited; edited by; editing; editing by; editor; editor bahasa; editor responsable; editors; editör; edição
edição de; fact checked; fact checked by; fact-checking by; fordította; foto; foto af; foto av; foto de; foto di; foto von; foto's
fotografía; fotos; fotos de; fotos von; fotoğraf; grafik; graphic by; graphics; graphics by; illustration; illustration by
illustrations; illustrations by; medically reviewed; medically reviewed by; modifica; oversat af; oversettelse; penyunting; photo
photo by; photo de; photographer; photographies; photographs by; photography by; photos; photos by; photos de; picture by; pictures by
produced by; producer; production by; překlad; redactie; redakce; redakcja; redaktion; redigering; redigoval; reviewed; reviewed by
sub-editing by; szerkesztette; tradotto da; traducción; traducción de; traducido por; traduction; traduit par; traduzione
traduzione di; tradução; translated by; translation; translation by; translator; tłumaczenie; vertaald door; vertaling; video by
videos by; zdjęcia; çeviren; çeviri; édition; édité par; översättning; übersetzt von; übersetzung; επιμέλεια; μετάφραση; φωτογραφίες
перевод; редактор; редактор материала; редакция; фото; עורך; עריכה; צילום; תרגום; تحرير; ترجمة; ترجمه; تصوير; عکس; مترجم; ويراستار
ویراستار; अनुवाद; संपादन; บรรณาธิการ; ภาพ; แปล; แปลโดย; ảnh; 写真; 审核; 摄影; 撮影; 攝影; 校对; 校對; 監修; 監訳; 編輯; 編集; 編集者
编审; 编辑; 翻訳; 翻譯; 翻译; 訳; 責任編輯; 责任编辑; 责编; 감수; 번역; 사진; 편집
"""
OTHER_WORK = tuple(w.strip() for w in _OTHER_WORK.replace("\n", ";").split(";") if w.strip())
"""Labels of people who did other work on the article than to write it."""

_BEHIND = """
報導 報道 报道 撰稿 支局長 氏 特派員 綜合報導 編集委員 著 記者 論説委員 记者 通讯员 객원기자 기자 논설위원 선임기자 앵커 인턴기자
특파원
"""
BEHIND = tuple(_BEHIND.split())
"""Roles behind a name of East Asia."""

_ROLES = """
analyst anchor author autor autorin blogger chair chefredakteur chefredakteurin co-author columnist columnists commentator contributor
contributors correspondant correspondante correspondent correspondente correspondents corresponsal corrispondente critic dziennikarka
dziennikarz editor editor-at-large editor-in-chief editors enviada enviado envoyé envoyée envoyées envoyés freelance freelancer
gazetari giornalista intern inviata inviato jornalista journalist journaliste journalisti journalistin journalists kolumnist
kommentator korespondent korrespondent korrespondenten korrespondentin muhabir muhabiri novinář periodista photographer photographers
photojournalist presenter producer producers professor publicist redacteur redactor redactora redactrice redakteur redakteure
redakteurin redaktor redaktorka redaktör redattore redattrice reporter reporteri reporterin reporterka reporters ressortleiter
rédacteur rédactrice spécial spéciaux szerkesztő toimittaja verslaggeefster verslaggever volontär volontärin wartawan writer writers
yazarı újságíró δημοσιογράφος συντάκτης автор журналист журналистка журналіст журналістка кореспондент корреспондент корреспондентка
новинар обозреватель редактор כתבת עורך עורכת خبرنگار صحفي صحفية كاتب كاتبة محرر مراسل مراسلة संवाददाता
"""
ROLES = frozenset(_ROLES.split())
"""What people are at a newspaper, in lower case."""

_QUALIFIERS = """
affairs afp and ap arts assistant associate associated books breaking business chief city climate co consumer contributing county
court crime culture data defence defense deputy digital diplomatic economic economics editorial education energy environment executive
features financial food foreign former freelance general global guest health home house independent international investigations
investigative junior lead legal leitende leitender local managing media multimedia national news online our own political politics
press principal regional religion reuters royal science security senior special sport sports staff state stellvertretende
stellvertretender tech technology transport travel video web white world
"""
QUALIFIERS = frozenset(_QUALIFIERS.split())
"""Words before a role that belong to it."""

_OFFICES = """
agence agencia agencies agency agentur agência association bureau community company corporation correspondents council department desk
desks dpa editorial editors foundation gmbh group inc institute ltd media ministry network newsdesk newsroom newswire office press
redacción redactie redakce redakcia redakció redakcja redaksi redaktion redaktionen redaktionsteam redazione redação rédaction service
services staff studio studios team teams toimitus university webdesk wire редакция редакція מערכת التحرير تحریریه خبرگزاری سرویس قسم
وكالات وكالة گروه 取材班 報道部 新华网 新聞 新聞社 新聞網 新闻 新闻社 新闻网 日報 日报 电视台 社会部 編輯部 編集局 編集部 编辑部
通信社 通訊社 通讯社 電視台 뉴스 뉴스팀 연합뉴스 취재팀 편집국
"""
OFFICES = frozenset(_OFFICES.split())
"""Words of the names of desks, agencies and other bodies, in lower case."""
