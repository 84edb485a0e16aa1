"""Words that tell the kind of a date, by language.

Source: pages of papers, and their content systems' catalogues of messages. Stems: what may follow a word is left out.
"""

from __future__ import annotations

MODIFIED = """
af bygewerk opgedateer laas gewysig
am የታደሰ የተሻሻለ ተሻሽሏል ዘምኗል
ar تحديث تم_التحديث حُدث تعديل عُدل محدّث محدث
az yenilən yenilənmə dəyişdiril son_düzəliş
be абноўлен зменен
bg обновен актуализиран последна_промяна последна_редакция редактиран променен
bn আপডেট হালনাগাদ পরিমার্জন সংশোধিত
ca actualitza modificat modificada darrera_modificació
cs aktualizován aktualizace upraveno změněno poslední_změna
cy diweddar
da opdater redigeret ændret
de aktualisier geändert letzte_änderung bearbeitet überarbeitet letztes_update ergänzt_am
el ενημερώθηκε τελευταία_ενημέρωση ενημέρωση: τροποποι ανανεώθηκε επικαιροποι
en updated update: update last_update modified last_modified last_edited edited revised amended corrected refreshed last_changed
 last_revised upd
es actualizad actualización actualizó modificad última_modificación última_edición editado
et uuendatud muudetud täiendatud viimati
eu eguneratu eguneratze aldatua
fa بهروزرسانی به_روز_رسانی بروزرسانی به‌روزرسانی به_روزرسانی به‌روز_رسانی بروز_رسانی بهروز_شده به‌روز_شده به_روز_شده ویرایش آخرین_تغییر
fi päivitet muokattu
fil na-update in-update binago isinapanahon
fr mis_à_jour mise_à_jour mis_a_jour mise_a_jour màj modifié actualisé actualisée
ga nuashonra
gl actualizad modificad
gu અપડેટ સુધારેલ
ha an_sabunta
he עודכן עדכון מעודכן
hi अपडेट अद्यतन संशोधित अपडेटेड
hr ažuriran izmijenjen zadnja_izmjena dopunjen
hu frissít módosít
hy թարմաց
id diperbarui diperbaharui diupdate pembaruan pemutakhiran dimutakhirkan terakhir_diubah disunting
is uppfært síðast_uppfært
it aggiornat aggiornamento ultima_modifica ultimo_aggiornamento modificat
ja 更新 最終更新 改訂 修正 加筆
ka განახლ
kk жаңартыл жаңарту өзгертіл
km បច្ចុប្បន្នភាព កែប្រែ
kn ಅಪ್‌ಡೇಟ್ ಅಪ್ಡೇಟ್ ನವೀಕರಿ
ko 수정 업데이트 갱신
ky жаңырт
lb aktualiséiert
lo ອັບເດດ ປັບປຸງ
lt atnaujint redaguota pakeista
lv atjauno atjaunin labots papildināts
mk ажуриран изменет освежен
ml അപ്ഡേറ്റ് അപ്‌ഡേറ്റ് പുതുക്കിയ
mn шинэчил шинэчлэ засварла
mr अपडेट अद्यतनित अद्ययावत सुधारित
ms dikemas_kini dikemaskini kemas_kini kemaskini
my မွမ်းမံ ပြင်ဆင်
nb oppdatert endret redigert
ne अपडेट अद्यावधिक
nl bijgewerkt gewijzigd aangepast geüpdatet laatste_update
or ଅପଡେଟ
pa ਅਪਡੇਟ ਅੱਪਡੇਟ
pl aktualizac zaktualizowan ostatnia_zmiana modyfikac zmodyfikowan
ps تازه_شوی
pt atualizad atualização actualizad actualização modificad última_modificação
ro actualizat modificat ultima_actualizare
ru обновлен обновлён обновление изменен изменён отредактирован дополнен
si යාවත්කාලීන
sk aktualizovan aktualizácia upraven zmenené
sl posodobljen osvežen spremenjen zadnja_sprememba
so la_cusboonaysiiyay
sq përditësuar azhurnuar ndryshuar
sr ажурирано измењено освежено ažurirano izmenjeno osveženo
sv uppdater ändrad senast_ändrad redigerad
sw imesasishwa imehaririwa ilisasishwa
ta புதுப்பிக்கப்பட்ட அப்டேட் மாற்றம்
te అప్‌డేట్ అప్డేట్ నవీకరించ
th อัปเดต อัพเดท อัพเดต ปรับปรุง แก้ไข
tr güncelle güncel: son_güncelleme değiştiril
uk оновлено оновлення змінено відредаговано доповнено
ur اپ_ڈیٹ اپڈیٹ تازہ_کاری ترمیم
uz yangilan o'zgartiril янгилан
vi cập_nhật chỉnh_sửa sửa_lúc sửa_đổi
zh 更新 修改 修訂 修订 编辑时间 最后编辑
"""
PUBLISHED = """
af gepubliseer
am የታተመ ታተመ
ar نشر تاريخ_النشر تم_النشر أضيف صدر
az dərc yayımlan yayınlan nəşr
be апублікаван
bg публикуван добавен
bn প্রকাশ প্রকাশিত
ca publica
cs publikován zveřejněn vydáno vytvořeno
da publicer udgivet offentliggjort oprettet
de veröffentlicht publiziert erschienen erstellt online_seit eingestellt artikel_vom
el δημοσι ανάρτηση
en published posted issued created filed pub released date: publication_date publish
es publicad publicación publicó creado fecha:
et avaldatud lisatud
eu argitaratu
fa انتشار تاریخ_انتشار منتشر
fi julkaist luotu
fil nailathala inilathala
fr publié publiée paru parue mis_en_ligne mise_en_ligne posté créé
gu પ્રકાશિત
he פורסם פרסום תאריך_פרסום
hi प्रकाशित पब्लिश प्रकाशन
hr objavljen
hu megjelen közzét publikál létrehoz
hy հրապարակ
id diterbitkan dipublikasikan terbit: tayang diposting
is birt birtist
it pubblicat pubblicazione creato
ja 公開 配信 掲載 投稿 発表 発信
ka გამოქვეყნ
kk жариялан
kn ಪ್ರಕಟ
ko 입력 등록 게재 작성 송고 승인
lt paskelbta publikuota paskelbtas
lv publicē
mk објавен
ml പ്രസിദ്ധീകരി
mr प्रकाशित
ms diterbitkan
nb publisert
ne प्रकाशित
nl gepubliceerd geplaatst verschenen
pa ਪ੍ਰਕਾਸ਼ਿਤ
pl opublikowan publikacj data_publikacji dodan utworzon
pt publicad publicação postado criado em:
ro publicat data_publicării
ru опубликован дата_публикации размещен добавлен создан
sk publikovan zverejnen vydan
sl objavljen
sq publikuar botuar
sr објављ objavljen
sv publicera skapad
sw imechapishwa ilichapishwa
ta வெளியிடப்பட்ட பதிவு
te ప్రచురణ ప్రచురించ
th เผยแพร่ โพสต์
tr yayınlan yayımlan yayın_tarihi giriş eklenme oluşturul
uk опублікован дата_публікації створено
ur شائع تاریخ_اشاعت
uz nashr e'lon_qilin
vi đăng ngày_đăng xuất_bản
zh 发布 發布 发表 發表 刊登 發佈 發稿
"""
FIRST = """
cs poprvé_publikováno
da først_udgivet først_publiceret
de erstveröffentlich erstmals_veröffentlicht erstmals_erschienen zuerst_erschienen zuerst_veröffentlicht ursprünglich_veröffentlicht
el πρώτη_δημοσίευση
en first_published originally_published first_posted originally_posted first_appeared originally_appeared original_publication
es primera_publicación publicado_originalmente publicado_por_primera
fi julkaistu_alun ensijulkaisu
fr première_publication publié_pour_la_première initialement_publié
it prima_pubblicazione pubblicato_originariamente
ja 初出 初公開
ko 최초_입력 최초입력
nb først_publisert
nl eerst_gepubliceerd oorspronkelijk_gepubliceerd
pl pierwsza_publikacja
pt primeira_publicação publicado_originalmente
ru впервые_опубликован первая_публикация
sv först_publicerad
tr ilk_yayın ilk_giriş
uk вперше_опублікован
zh 首次发布 首次發布 首發
"""
"""The first publication: that of the page where no other is told."""
STATUS = """
de stand
nl stand
"""
"""The state of a text: its publication where nothing else is told, else its last change."""
OTHER = """
ar أرشيف الطبعة
cs archiv tištěné_vydání
da arkiveret trykte_avis
de archiv gedruckte printausgabe abgerufen gültig_bis druckausgabe in_der_ausgabe
el αρχείο έντυπη_έκδοση
en archived appears_in_print print_edition in_print accessed retrieved expires valid_until valid_through copyright © recorded
 taken_on deadline born captured
es archivado edición_impresa consultado caduca
fa بایگانی نسخه_چاپی
fi arkistoitu printti painettu
fr archivé édition_papier édition_du consulté expire
he ארכיון מהדורה_מודפסת
hu archív nyomtatott
it archiviato edizione_cartacea consultato scade
ja 保存 印刷版 紙面 朝刊 夕刊
ko 보존 지면 종이신문
nl gearchiveerd papieren_editie geraadpleegd gedrukte
nb arkivert papirutgave
pl archiwum wydanie_papierowe wydaniu_papierowym
pt arquivado edição_impressa consultado expira
ro arhivat ediția_tipărită
ru архив печатная_версия печатном_номере
sv arkiverad papperstidning
tr arşiv basılı
uk архів друкована
zh 存档 存檔 印刷版 报纸版
"""
