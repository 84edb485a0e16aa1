"""Names of the days of the week in CLDR, by language.

Source: Unicode CLDR as babel 2.19.0 ships it (Unicode License v3), written by `tests/parsers/dates/cldr_tables.py days`.
"""

from __future__ import annotations

ROWS = """
af maandag/ma dinsdag/di woensdag/wo donderdag/do vrydag/vr saterdag/sa sondag/so
am ሰኞ/ሰ ማክሰኞ/ማክሰ/ማ ረቡዕ/ረ ሐሙስ/ሐ ዓርብ/ዓ ቅዳሜ/ቅ እሑድ/እ
ar الاثنين/إثنين الثلاثاء/ثلاثاء الأربعاء/أربعاء الخميس/خميس الجمعة/جمعة السبت/سبت الأحد/أحد
as সোমবাৰ/সোম মঙ্গলবাৰ/মঙ্গল বুধবাৰ/বুধ বৃহস্পতিবাৰ/বৃহ শুক্ৰবাৰ/শুক্ৰ শনিবাৰ/শনি দেওবাৰ/দেও
az bazar_ertəsi/b.e çərşənbə_axşamı/ç.a çərşənbə/ç cümə_axşamı/c.a cümə/c şənbə/ş bazar/b
be панядзелак/пн аўторак/аў серада/ср чацвер/чц пятніца/пт субота/сб нядзеля/нд
bg понеделник/пн вторник/вт сряда/ср четвъртък/чт петък/пт събота/сб неделя/нд
bn সোমবার/সোম/সোঃ মঙ্গলবার/মঙ্গল/মঃ বুধবার/বুধ/বুঃ বৃহস্পতিবার/বৃহস্পতি/বৃঃ শুক্রবার/শুক্র/শুঃ শনিবার/শনি রবিবার/রবি/রঃ
bs ponedjeljak/pon utorak/uto srijeda/sri četvrtak/čet petak/pet subota/sub nedjelja/ned
ca dilluns/dl dimarts/dt dimecres/dc dijous/dj divendres/dv dissabte/ds diumenge/dg
ckb دووشەممە/٢ش سێشەممە/٣ش چوارشەممە/٤ش پێنجشەممە/٥ش ھەینی/ھ شەممە/ش یەکشەممە/١ش
cs pondělí/po úterý/út středa/st čtvrtek/čt pátek/pá sobota/so neděle/ne
cy dydd_llun/llun/ll dydd_mawrth/maw/ma dydd_mercher/mer/me dydd_iau/iau/ia dydd_gwener/gwen/gw/gwe dydd_sadwrn/sad/sa dydd_sul/sul/su
da mandag/man/ma tirsdag/tirs/ti onsdag/ons/on torsdag/tors/to fredag/fre/fr lørdag/lør/lø søndag/søn/sø
de montag/mo dienstag/di mittwoch/mi donnerstag/do freitag/fr samstag/sa sonntag/so
el δευτέρα/δευ/δε τρίτη/τρί/τρ τετάρτη/τετ/τε πέμπτη/πέμ/πέ παρασκευή/παρ/πα σάββατο/σάβ/σά κυριακή/κυρ/κυ
en monday/mon/mo tuesday/tue/tu wednesday/wed/we thursday/thu/th friday/fri/fr saturday/sat/sa sunday/sun/su
es lunes/lun/lu martes/mar/ma miércoles/mié/mi jueves/jue/ju viernes/vie/vi sábado/sáb/sa domingo/dom/do
et esmaspäev/e teisipäev/t kolmapäev/k neljapäev/n reede/r laupäev/l pühapäev/p
eu astelehena/al asteartea/ar asteazkena/az osteguna/og ostirala/or larunbata/lr igandea/ig
fa دوشنبه/۲ش سه‌شنبه/۳ش چهارشنبه/۴ش پنجشنبه/۵ش جمعه/ج شنبه/ش یکشنبه/۱ش
fi maanantaina/ma/maanantai tiistaina/ti/tiistai keskiviikkona/ke/keskiviikko torstaina/to/torstai perjantaina/pe/perjantai
 lauantaina/la/lauantai sunnuntaina/su/sunnuntai
fil lunes/lun martes/mar miyerkules/miy huwebes/huw biyernes/biy sabado/sab linggo/lin
fo mánadagur/mán/má týsdagur/týs/tý mikudagur/mik/mi hósdagur/hós/hó fríggjadagur/frí/fr leygardagur/ley/le sunnudagur/sun/su
fr lundi/lun/lu mardi/mar/ma mercredi/mer/me jeudi/jeu/je vendredi/ven/ve samedi/sam/sa dimanche/dim/di
fy moandei/mo tiisdei/ti woansdei/wo tongersdei/to freed/fr sneon/so snein/si
ga dé_luain/luan/lu dé_máirt/máirt/má dé_céadaoin/céad/cé déardaoin/déar/dé dé_haoine/aoine/ao dé_sathairn/sath/sa dé_domhnaigh/domh/do
gd diluain/dil/lu dimàirt/dim/mà diciadain/dic/ci diardaoin/dia/da dihaoine/dih/ha disathairne/dis/sa didòmhnaich/did/dò
gl luns/lu martes/mar/ma mércores/mér/mé xoves/xov/xo venres/ven/ve sábado/sáb/sá domingo/dom/do
gu સોમવાર/સોમ/સો મંગળવાર/મંગળ/મં બુધવાર/બુધ/બુ ગુરુવાર/ગુરુ/ગુ શુક્રવાર/શુક્ર/શુ શનિવાર/શનિ/શ રવિવાર/રવિ/ર
ha litinin/lit/li talata/tal/ta laraba/lar/lr alhamis/alh/al jummaʼa/jum/ju asabar/asa/as lahadi/lah/lh
he יום_שני/יום_ב׳/ב׳ יום_שלישי/יום_ג׳/ג׳ יום_רביעי/יום_ד׳/ד׳ יום_חמישי/יום_ה׳/ה׳ יום_שישי/יום_ו׳/ו׳ יום_שבת/שבת/ש׳ יום_ראשון/יום_א׳/א׳
hi सोमवार/सोम/सो मंगलवार/मंगल/मं बुधवार/बुध/बु गुरुवार/गुरु/गु शुक्रवार/शुक्र/शु शनिवार/शनि/श रविवार/रवि/र
hr ponedjeljak/pon utorak/uto srijeda/sri četvrtak/čet petak/pet subota/sub nedjelja/ned
hu hétfő/h kedd/k szerda/sze csütörtök/cs péntek/p szombat/szo vasárnap/v
hy երկուշաբթի/երկ/եկ երեքշաբթի/երք/եք չորեքշաբթի/չրք/չք հինգշաբթի/հնգ/հգ ուրբաթ/ուր/ու շաբաթ/շբթ/շբ կիրակի/կիր/կր
id senin/sen selasa/sel rabu/rab kamis/kam jumat/jum sabtu/sab minggu/min
is mánudagur/mán/má þriðjudagur/þri/þr miðvikudagur/mið/mi fimmtudagur/fim/fi föstudagur/fös/fö laugardagur/lau/la sunnudagur/sun/su
it lunedì/lun martedì/mar mercoledì/mer giovedì/gio venerdì/ven sabato/sab domenica/dom
ka ორშაბათი/ორშ/ორ სამშაბათი/სამ/სმ ოთხშაბათი/ოთხ/ოთ ხუთშაბათი/ხუთ/ხთ პარასკევი/პარ/პრ შაბათი/შაბ/შბ კვირა/კვი/კვ
kk дүйсенбі/дс сейсенбі/сс сәрсенбі/ср бейсенбі/бс жұма/жм сенбі/сб жексенбі/жс
km ច័ន្ទ/ចន្ទ/ច អង្គារ/អ ពុធ/ពុ ព្រហស្បតិ៍/ព្រហ/ព្រ សុក្រ/សុ សៅរ៍/ស អាទិត្យ/អា
kn ಸೋಮವಾರ/ಸೋಮ ಮಂಗಳವಾರ/ಮಂಗಳ ಬುಧವಾರ/ಬುಧ ಗುರುವಾರ/ಗುರು ಶುಕ್ರವಾರ/ಶುಕ್ರ ಶನಿವಾರ/ಶನಿ ಭಾನುವಾರ/ಭಾನು
ky дүйшөмбү/дүй/дш шейшемби/шейш/шш шаршемби/шарш/шр бейшемби/бейш/бш жума/жм ишемби/ишм/иш жекшемби/жек/жш
lb méindeg/méi/mé dënschdeg/dën/dë mëttwoch/mët/më donneschdeg/don/do freideg/fre/fr samschdeg/sam/sa sonndeg/son/so
lo ວັນຈັນ/ຈັນ/ຈ ວັນອັງຄານ/ອັງຄານ/ອ ວັນພຸດ/ພຸດ/ພ ວັນພະຫັດ/ພະຫັດ/ພຫ ວັນສຸກ/ສຸກ/ສຸ ວັນເສົາ/ເສົາ/ສ ວັນອາທິດ/ອາທິດ/ອາ
lt pirmadienis/pr antradienis/an trečiadienis/tr ketvirtadienis/kt penktadienis/pn šeštadienis/št sekmadienis/sk
lv pirmdiena/pirmd/pr otrdiena/otrd/ot trešdiena/trešd/tr ceturtdiena/ceturtd/ce piektdiena/piektd/pk sestdiena/sestd/se
 svētdiena/svētd/sv
mg alatsinainy/alats talata/tal alarobia/alar alakamisy/alak zoma/zom asabotsy/asab alahady/alah
mi mane/man tūrei/tūr/tū wenerei/wen tāite/tāi paraire/par rāhoroi/rāh rātapu/rāt
mk понеделник/пон вторник/вто среда/сре четврток/чет петок/пет сабота/саб недела/нед
ml തിങ്കളാഴ്‌ച/തിങ്കൾ/തി ചൊവ്വാഴ്ച/ചൊവ്വ/ചൊ/ചൊവ്വാഴ്‌ച ബുധനാഴ്‌ച/ബുധൻ/ബു വ്യാഴാഴ്‌ച/വ്യാഴം/വ്യാ വെള്ളിയാഴ്‌ച/വെള്ളി/വെ ശനിയാഴ്‌ച/ശനി/ശ
 ഞായറാഴ്‌ച/ഞായർ/ഞാ
mn даваа/да мягмар/мя лхагва/лх пүрэв/пү баасан/ба бямба/бя ням/ня
mr सोमवार/सोम/सो मंगळवार/मंगळ/मं बुधवार/बुध/बु गुरुवार/गुरु/गु शुक्रवार/शुक्र/शु शनिवार/शनि/श रविवार/रवि/र
ms isnin/isn/is selasa/sel/se rabu/rab/ra khamis/kha/kh jumaat/jum/ju sabtu/sab/sa ahad/ahd/ah
mt it-tnejn/tne it-tlieta/tli l-erbgħa/erb il-ħamis/ħam il-ġimgħa/ġim is-sibt/sib il-ħadd/ħad
my တနင်္လာ/လာ အင်္ဂါ/ဂါ ဗုဒ္ဓဟူး/ဟူး ကြာသပတေး/တေး သောကြာ/ကြာ စနေ/နေ တနင်္ဂနွေ/နွေ
nb mandag/man/ma tirsdag/tir/ti onsdag/ons/on torsdag/tor/to fredag/fre/fr lørdag/lør/lø søndag/søn/sø
ne सोमबार/सोम मङ्गलबार/मङ्गल बुधबार/बुध बिहिबार/बिहि शुक्रबार/शुक्र शनिबार/शनि आइतबार/आइत
nl maandag/ma dinsdag/di woensdag/wo donderdag/do vrijdag/vr zaterdag/za zondag/zo
nn måndag/må tysdag/ty onsdag/on torsdag/to fredag/fr laurdag/la søndag/sø
om wiixata/wix kibxata/kib roobii/rob kamisa/kam jimaata/jim sanbata/san dilbata/dil
or ସୋମବାର/ସୋମ ମଙ୍ଗଳବାର/ମଙ୍ଗଳ ବୁଧବାର/ବୁଧ ଗୁରୁବାର/ଗୁରୁ ଶୁକ୍ରବାର/ଶୁକ୍ର ଶନିବାର/ଶନି ରବିବାର/ରବି
pa ਸੋਮਵਾਰ/ਸੋਮ ਮੰਗਲਵਾਰ/ਮੰਗਲ/ਮੰਗ ਬੁੱਧਵਾਰ/ਬੁੱਧ ਵੀਰਵਾਰ/ਵੀਰ ਸ਼ੁੱਕਰਵਾਰ/ਸ਼ੁੱਕਰ/ਸ਼ੁੱਕ ਸ਼ਨੀਵਾਰ/ਸ਼ਨੀ ਐਤਵਾਰ/ਐਤ
pl poniedziałek/pon wtorek/wt/wto środa/śr/śro czwartek/czw piątek/pt/pią sobota/sob niedziela/niedz/nie
ps دوشنبه/د سه_شنبه/س چهارشنبه/چ پنج_شنبه/پ جمعه/ج اونۍ/شنبه/ش یکشنبه/ی
pt segunda-feira/seg terça-feira/ter quarta-feira/qua quinta-feira/qui sexta-feira/sex sábado/sáb domingo/dom
rm glindesdi/gli mardi/ma mesemna/me gievgia/gie venderdi/ve sonda/so dumengia/du
ro luni/lun/lu marți/mar/ma miercuri/mie/mi joi vineri/vin/vi sâmbătă/sâm/sâ duminică/dum/du
ru понедельник/пн вторник/вт среда/ср четверг/чт пятница/пт суббота/сб воскресенье/вс
rw kuwa_mbere/mbe kuwa_kabiri/kab kuwa_gatatu/gtu kuwa_kane/kan kuwa_gatanu/gnu kuwa_gatandatu/gnd ku_cyumweru/cyu
sd سومر اڱارو اربع خميس جمعو ڇنڇر آچر
sk pondelok/po utorok/ut streda/st štvrtok/št piatok/pi sobota/so nedeľa/ne
sl ponedeljek/pon torek/tor sreda/sre četrtek/čet petek/pet sobota/sob nedelja/ned
so isniin/isn talaado/tldo arbaco/arbc khamiis/khms jimco/jmc sabti/sbti axad/axd
sq e_hënë/hën e_martë/mar e_mërkurë/mër e_enjte/enj e_premte/pre e_shtunë/sht e_diel/die
sr понедељак/пон/по уторак/уто/ут среда/сре/ср четвртак/чет/че петак/пет/пе субота/суб/су недеља/нед/не
sr_Latn ponedeljak/pon/po utorak/uto/ut sreda/sre/sr četvrtak/čet/če petak/pet/pe subota/sub/su nedelja/ned/ne
sv måndag/mån/må tisdag/tis/ti onsdag/ons/on torsdag/tors/to fredag/fre/fr lördag/lör/lö söndag/sön/sö
sw jumatatu jumanne jumatano alhamisi ijumaa jumamosi jumapili
ta திங்கள்/திங்/தி செவ்வாய்/செவ்/செ புதன்/புத/பு வியாழன்/வியா/வி வெள்ளி/வெள்/வெ சனி/ச ஞாயிறு/ஞாயி/ஞா
te సోమవారం/సోమ మంగళవారం/మంగళ/మం బుధవారం/బుధ గురువారం/గురు శుక్రవారం/శుక్ర శనివారం/శని ఆదివారం/ఆది
tg душанбе/дшб сешанбе/сшб чоршанбе/чшб панҷшанбе/пшб ҷумъа/ҷмъ шанбе/шнб якшанбе/яшб
th วันจันทร์/จันทร์/จ วันอังคาร/อังคาร/อ วันพุธ/พุธ/พ วันพฤหัสบดี/พฤหัส/พฤ วันศุกร์/ศุกร์/ศ วันเสาร์/เสาร์/ส วันอาทิตย์/อาทิตย์/อา
tk duşenbe/duş/db sişenbe/siş/sb çarşenbe/çar/çb penşenbe/pen/pb anna/ann/an şenbe/şen/şb ýekşenbe/ýek/ýb
to mōnite/mōn tūsite/tūs pulelulu/pul tuʻapulelulu/tuʻa falaite/fal tokonaki/tok sāpate/sāp
tr pazartesi/pzt/pt salı/sal/sa çarşamba/çar/ça perşembe/per/pe cuma/cum/cu cumartesi/cmt/ct pazar/paz/pa
tt дүшәмбе/дүш сишәмбе/сиш чәршәмбе/чәр пәнҗешәмбе/пәнҗ җомга/җом шимбә/шим якшәмбе/якш
ug دۈشەنبە/دۈ/د سەيشەنبە/سە/س چارشەنبە/چا/چ پەيشەنبە/پە/پ جۈمە/جۈ/ج شەنبە/شە/ش يەكشەنبە/يە/ي
uk понеділок/пн вівторок/вт середа/ср четвер/чт пʼятниця/пт субота/сб неділя/нд
ur پیر منگل بدھ جمعرات جمعہ ہفتہ اتوار
uz dushanba/dush/du seshanba/sesh/se chorshanba/chor/ch payshanba/pay/pa juma/jum/ju shanba/shan/sh yakshanba/yak/ya
uz_Cyrl душанба/душ/ду сешанба/сеш/се чоршанба/чор/чо пайшанба/пай/па жума/жум/жу шанба/шан/ша якшанба/якш/як
vi thứ_hai/thứ_2/t2 thứ_ba/thứ_3/t3 thứ_tư/thứ_4/t4 thứ_năm/thứ_5/t5 thứ_sáu/thứ_6/t6 thứ_bảy/thứ_7/t7 chủ_nhật/cn
xh mvulo/mvu lwesibini/lwesb/bin lwesithathu/tha lwesine/sin lwesihlanu/hla mgqibelo/mgq cawe/caw
yo ọjọ́_ajé/ajé ọjọ́_ìsẹ́gun/ìsẹ́gun ọjọ́rú ọjọ́bọ ọjọ́_ẹtì/ẹtì ọjọ́_àbámẹ́ta/àbámẹ́ta ọjọ́_àìkú/àìkú
zu umsombuluko/mso ulwesibili/bil ulwesithathu/tha ulwesine/sin ulwesihlanu/hla umgqibelo/mgq isonto/son
"""
"""A language, then the names of each day, case-folded, beginning with Monday."""
