"""Words by which newspapers begin corrections, clarifications, editors' notes and updates, by language.

Source: the words' use on pages of newspapers and in their rules on corrections; written down for this table.
"""

from __future__ import annotations

LABELS: dict[str, str] = {
    "ar": "تصحيح; تصويب; توضيح; استدراك; تنويه; ملاحظة المحرر; ملاحظة من المحرر; ملاحظة التحرير; اعتذار وتصحيح; تحديث",
    "bg": "поправка; корекция; уточнение; бележка на редакцията; от редакцията; опровержение; обновена",
    "bn": "সংশোধনী; সংশোধন; ভুল সংশোধন; সম্পাদকের নোট; হালনাগাদ",
    "ca": "correcció; rectificació; fe d'errates; aclariment; nota de la redacció; nota de redacció; actualització",
    "cs": "oprava; opravujeme; upřesnění; upřesňujeme; poznámka redakce; pozn. red.; aktualizace; omluva redakce",
    "da": "rettelse; præcisering; berigtigelse; redaktionel bemærkning; redaktionens note; opdatering",
    "de": (
        "berichtigung; korrektur; korrekturhinweis; richtigstellung; klarstellung; gegendarstellung; anmerkung der "
        "redaktion; anm. d. red.; anm. der redaktion; hinweis der redaktion; hinweis in eigener sache; korrekturen; "
        "ergänzung; nachtrag; aktualisierung; update; transparenzhinweis"
    ),
    "el": "διόρθωση; διευκρίνιση; επανόρθωση; σημείωση της σύνταξης; σημείωση σύνταξης; διορθωτικό; ενημέρωση",
    "en": (
        "correction; corrections; clarification; clarifications; correction and clarification; corrections and "
        "clarifications; editor's note; editors' note; editor’s note; editors’ note; editor note; erratum; errata; "
        "corrigendum; amendment; retraction; note to readers; update; updates; for the record; note from the editor; "
        "note from the editors"
    ),
    "es": (
        "corrección; correcciones; fe de errores; fe de erratas; fe de errata; rectificación; aclaración; precisión; "
        "nota de la redacción; nota de redacción; nota del editor; nota de la editora; actualización"
    ),
    "et": "parandus; täpsustus; õiendus; toimetuse märkus; uuendus",
    "eu": "zuzenketa; argibidea; erredakzioaren oharra; eguneratzea",
    "fa": "اصلاحیه; تصحیح; توضیح; توضیح سردبیر; یادداشت سردبیر; یادداشت تحریریه; تکذیبیه; به‌روزرسانی; به روز رسانی",
    "fi": "oikaisu; korjaus; korjattu; täsmennys; täydennys; toimituksen huomautus; toimituksen huomio; päivitys",
    "fr": (
        "rectificatif; rectification; correction; corrections; erratum; errata; précision; précisions; mise à jour; "
        "note de la rédaction; ndlr; note de l'éditeur; note de l’éditeur; droit de réponse; mise au point"
    ),
    "he": "תיקון; תיקון טעות; הבהרה; הערת המערכת; הערת העורך; הבהרה ותיקון; עדכון",
    "hi": "सुधार; भूल सुधार; संशोधन; स्पष्टीकरण; संपादक की टिप्पणी; संपादकीय टिप्पणी; अपडेट",
    "hr": "ispravak; ispravka; napomena redakcije; napomena uredništva; pojašnjenje; ažurirano",
    "hu": "helyesbítés; helyreigazítás; pontosítás; a szerkesztő megjegyzése; szerkesztői megjegyzés; frissítés; javítás",
    "hy": "ուղղում; պարզաբանում; խմբագրության կողմից",
    "id": "koreksi; ralat; klarifikasi; catatan redaksi; catatan editor; pembaruan; hak jawab",
    "is": "leiðrétting; athugasemd ritstjórnar; uppfært",
    "it": "rettifica; correzione; errata corrige; precisazione; nota della redazione; nota di redazione; n.d.r.; aggiornamento; ndr",
    "ja": "訂正; お詫びと訂正; おわびと訂正; 訂正とお詫び; 訂正とおわび; 編集部注; 追記; 更新; 編集部より; 補足",
    "ka": "შესწორება; რედაქციისგან; დაზუსტება",
    "ko": "정정; 정정보도; 정정 보도; 바로잡습니다; 반론보도; 편집자주; 편집자 주; 알림; 수정; 업데이트",
    "lt": "patikslinimas; klaidos ištaisymas; redakcijos pastaba; atnaujinta",
    "lv": "labojums; precizējums; redakcijas piezīme; atjaunināts",
    "mk": "исправка; забелешка на редакцијата; појаснување",
    "ms": "pembetulan; nota editor; penjelasan; kemas kini",
    "nl": (
        "correctie; rectificatie; verbetering; verduidelijking; noot van de redactie; redactionele noot; aanvulling; "
        "update; correcties en aanvullingen"
    ),
    "no": "rettelse; presisering; redaksjonell merknad; red. anm.; red.anm.; oppdatering; beriktigelse",
    "pl": "sprostowanie; korekta; errata; od redakcji; uwaga redakcji; przypis redakcji; aktualizacja; wyjaśnienie",
    "pt": (
        "correção; errata; erramos; retificação; retificado; esclarecimento; nota da redação; nota de redação; nota do "
        "editor; nota da editora; atualização; correcção; n.d.r.; rectificação"
    ),
    "ro": "rectificare; erată; corectură; precizare; nota redacției; notă a redacției; actualizare; drept la replică",
    "ru": (
        "исправление; уточнение; поправка; опровержение; от редакции; примечание редакции; прим. ред.; примечание "
        "редактора; обновление; обновлено; дополнение; исправлено"
    ),
    "sk": "oprava; spresnenie; upresnenie; poznámka redakcie; aktualizácia; ospravedlnenie redakcie",
    "sl": "popravek; pojasnilo; pojasnilo uredništva; opomba uredništva; posodobitev",
    "sq": "korrigjim; sqarim; shënim i redaksisë; përditësim",
    "sr": "исправка; ispravka; напомена редакције; napomena redakcije; појашњење; деманти; ažurirano",
    "sv": "rättelse; förtydligande; korrigering; redaktionens kommentar; red. anm.; red:s anm.; uppdatering; genmäle",
    "sw": "marekebisho; masahihisho; ufafanuzi; maelezo ya mhariri",
    "th": "แก้ไข; แก้ไขข่าว; หมายเหตุบรรณาธิการ; ชี้แจง; อัปเดต",
    "tl": "pagwawasto; paglilinaw; paalala ng editor",
    "tr": "düzeltme; düzeltme ve özür; tekzip; editörün notu; editör notu; açıklama; güncelleme; redaksiyon notu",
    "uk": "виправлення; уточнення; поправка; спростування; від редакції; примітка редакції; оновлення; оновлено; доповнення",
    "ur": "تصحیح; وضاحت; ادارتی نوٹ; مدیر کا نوٹ; اپ ڈیٹ",
    "vi": "đính chính; lời tòa soạn; lời toà soạn; ghi chú của biên tập viên; cập nhật; cải chính",
    "zh": "更正; 勘误; 勘誤; 编者按; 編者按; 编者注; 編者註; 编注; 更正启事; 更正啟事; 澄清; 更新; 啟事; 致歉更正",
}
"""Labels, which stand in front of a colon or dash, or alone on their line."""

SENTENCES = """
an earlier version of this; a previous version of this; an earlier version of the; earlier versions of this
this article was amended; this article has been amended; this story was amended; this article was updated
this article has been updated; this story was updated; this story has been updated; this story was corrected
this story has been corrected; this article was corrected; this article has been corrected; this post has been updated
this post was updated; this piece was amended; this piece has been; this report has been corrected; this report was corrected
this page was amended; this headline was amended; this column has been; this version corrects; this story corrects
the headline of this; we have amended; we have corrected; this article was edited; this article has been edited
this item was amended; this report has been updated; a correction was made; this copy has been corrected
this version has been corrected; in einer früheren version; in einer ersten version; in einer vorherigen version
in einer vorigen version; in einer älteren version; eine frühere version dieses; in der ursprünglichen version
in der ersten version; in der ursprünglichen fassung; in einer früheren fassung; dieser artikel wurde; dieser text wurde
dieser beitrag wurde; diese meldung wurde; der artikel wurde am; wir haben den fehler korrigiert; wir haben die stelle korrigiert
wir haben das korrigiert; wir bitten, den fehler zu entschuldigen; wir bitten den fehler zu entschuldigen
cet article a été modifié; cet article a été corrigé; cet article a été mis à jour; cet article a été actualisé
une version précédente de; une version antérieure de; une première version de; dans une version précédente
dans une première version; dans une version antérieure; une précédente version de; contrairement à ce que nous avons écrit
contrairement à ce que nous écrivions; este artículo ha sido; este artículo fue corregido; este artículo fue actualizado
esta noticia ha sido actualizada; esta información ha sido; una versión anterior de; en una versión anterior
una primera versión de; en una primera versión; esta nota fue actualizada; esta nota fue corregida; esta nota ha sido
este texto ha sido corregido; por error, en una; questo articolo è stato; una versione precedente di; in una versione precedente
in una prima versione; una prima versione di; l'articolo è stato aggiornato; l’articolo è stato aggiornato; este artigo foi
esta reportagem foi; esta notícia foi; este texto foi; uma versão anterior de; na versão anterior; em uma versão anterior
uma primeira versão; numa versão anterior; versão anterior deste; in een eerdere versie; een eerdere versie van
dit artikel is aangepast; dit artikel is gecorrigeerd; dit artikel is bijgewerkt; dit bericht is aangepast; in een vorige versie
i en tidigare version; en tidigare version av; artikeln har uppdaterats; artikeln har rättats; artikeln har korrigerats
texten har uppdaterats; i en tidigare versjon; en tidligere versjon; i en tidligere versjon; i en tidligere version
en tidligere version af; artikkelen er oppdatert; artikkelen er rettet; saken er oppdatert; saken er rettet; artiklen er opdateret
artiklen er rettet; jutun aiemmassa versiossa; jutussa luki aiemmin; artikkelissa luki; juttua korjattu; juttua päivitetty
artikkelia on muokattu; juttua on muokattu; jutussa kerrottiin aiemmin; artikkelia on päivitetty; we wcześniejszej wersji
w poprzedniej wersji; wcześniejsza wersja; artykuł został zaktualizowany; w pierwotnej wersji; v předchozí verzi; v původní verzi
článek byl aktualizován; text byl opraven; v pôvodnej verzii; v predchádzajúcej verzii; článok bol aktualizovaný
článok bol opravený; cikkünk korábbi változatában; cikkünk előző változatában; a cikk korábbi változatában; a cikket frissítettük
o versiune anterioară; într-o versiune anterioară; acest articol a fost actualizat; acest articol a fost corectat
в предыдущей версии; в более ранней версии; в первоначальной версии; ранее в тексте; текст был исправлен; статья была обновлена
материал обновлен; материал обновлён; у попередній версії; текст оновлено; матеріал оновлено; у первісній версії
в предишна версия; статията е обновена; u ranijoj verziji; u prethodnoj verziji; članak je ažuriran; σε προηγούμενη έκδοση
το άρθρο ενημερώθηκε; το άρθρο διορθώθηκε; bu haber güncellenmiştir; bu haber güncellendi; bu haber düzeltilmiştir; haberin önceki
haberin ilk halinde; versi sebelumnya; artikel ini telah diperbarui; artikel ini telah dikoreksi; berita ini telah diperbarui
artikel ini telah diubah; bài viết đã được cập nhật; phiên bản trước của bài; تم تحديث هذا المقال; تم تعديل هذا المقال; تم تصحيح
ورد في نسخة سابقة; في نسخة سابقة من; در نسخه قبلی; در نسخه پیشین; این خبر اصلاح شد; این مطلب اصلاح شد; בגרסה קודמת של
הכתבה עודכנה; הכתבה תוקנה; इस लेख को अपडेट किया गया; इस ख़बर के पिछले संस्करण; この記事は更新
記事の一部を修正; 本文を修正; 記事を修正; 初出時; 公開当初; 本文更新于
此前版本; 早前版本; 本文已更正; 本文已更新; 原文误; 이 기사는 수정; 이전 기사에서; 기사 수정
"""
"""Beginnings of sentences that say the same without a label."""

NAMES = (
    r"(?<!auto)correction|clarification|corrigend|erratum|errata|(?:^|[^a-z])amend(?:ment|ed)|editor-?s?-?note|editors?note|korrektur|"
    r"berichtigung|richtigstellung|rectificati|r[aeä]ttelse|oikaisu|correcci[oó]n|fe-de-err|rettifica|errata-corrige|corre[cç][aã]o|"
    r"correctie|sprostowanie|update-?note|article-?update"
)
"""Classes and ids of boxes that hold a correction."""
