"""Table of news agencies: a name for each, and its spellings in credits.

From public lists of news agencies (encyclopaedias, members of the European Alliance, OANA and FANA) and from credits as pages print them.
"""

from __future__ import annotations

NEWS_AGENCIES = """
Reuters: thomson reuters; reuters pictures; рейтер; рейтерс; ройтерс; reuter; رويترز; رویترز; روئٹرز; רויטרס; ρόιτερς;
  रॉयटर्स; रायटर; রয়টার্স; ராய்ட்டர்ஸ்; รอยเตอร์; 路透社; 路透; ロイター; 로이터; რეიტერი
AFP: agence france-presse; agence france presse; afp photo; афп; فرانس برس; أ ف ب; أ.ف.ب; أ.ف.ب.; ا ف پ; ای‌اف‌پی; اے
  ایف پی; फ्रांस प्रेस; एएफपी; এএফপি; เอเอฟพี; איי אף פי; איי־אף־פי; 法新社; 法新; 프랑스통신
AP: ap photo; ap images; associated press; the associated press; apphoto; ap archive; асошиэйтед пресс; أسوشيتد برس;
  اسوشيتد برس; أ ب; اسوشیتدپرس; آسوشیتدپرس; ایسوسی ایٹڈ پریس; एपी; এপি; เอพี; 美联社; 美聯社; エーピー; エイピー
UPI: united press international; 合众国际社
Bloomberg: bloomberg news; блумберг; بلومبرغ; بلومبرگ; 彭博; 彭博社; ブルームバーグ; 블룸버그
EPA: epa-efe; epa/efe; efe-epa; efe/epa; european pressphoto agency; european press photo agency; epaphoto; 欧新社
EFE: agencia efe; efe news; 埃菲社
dpa: picture alliance; picture-alliance; dpa-zentralbild; deutsche presse-agentur; deutsche presse agentur; dpa
  picture-alliance; dpa/picture alliance; дпа; د ب أ; د.ب.أ; 德新社
APA: apa-picturedesk; apa picturedesk; apa-images; apa/picturedesk; apa-fotoservice; austria presse agentur
Keystone: keystone-sda; keystone-ats; keystone/sda; sda; ats
ANSA: agenzia ansa; ansafoto; анса
AGI: agenzia italia
Adnkronos:
Askanews:
LaPresse: agenzia lapresse
Belga: belga photo; belgaimage; belga image; agence belga
ANP: algemeen nederlands persbureau
PA: pa media; pa wire; pa images; press association; press association images; pa archive
Press Eye: presseye
Lusa: agência lusa; agencia lusa
Europa Press: europapress
Colpisa:
Servimedia:
ACN: agència catalana de notícies
NTB: ntb scanpix; norsk telegrambyrå
TT: tt nyhetsbyrån; tt news agency
Ritzau: ritzau scanpix; ritzaus bureau
STT: stt-lehtikuva; stt/lehtikuva; lehtikuva/stt
Lehtikuva: lehtikuva oy
LETA:
BNS: baltic news service
ELTA:
PAP: polska agencja prasowa; пап
ČTK: ctk; česká tisková kancelář
TASR: tlačová agentúra
SITA: agentúra sita
MTI: magyar távirati iroda; mti/mtva; mtva
Agerpres:
Mediafax:
Rompres:
BTA: бта; българска телеграфна агенция
BGNES: бгнес
STA: slovenska tiskovna agencija
Hina: hrvatska izvještajna novinska agencija; хина
Tanjug: танјуг; танюг
Beta: beta agencija; agencija beta
FoNet: фонет
FENA:
SRNA: срна
MINA: agencija mina
MIA: миа
ATSH: agjencia telegrafike shqiptare; ata
Kosovapress:
ANA-MPA: ana; ape-mpe; απε-μπε; απε - μπε; απε μπε; αθηναϊκό-μακεδονικό πρακτορείο
CNA Cyprus: κυπε; kype
TASS: itar-tass; тасс; итар-тасс; tass photo; تاس; 塔斯社; タス通信
RIA Novosti: ria; риа новости; риа; ria nowosti; 俄新社
Rossiya Segodnya: россия сегодня; мия россия сегодня
Sputnik: спутник; سبوتنيك; اسپوتنیک; स्पूतनिक; スプートニク; 스푸트니크; 卫星通讯社; 俄罗斯卫星通讯社
Interfax: интерфакс; интерфакс-украина; interfax-ukraine; інтерфакс-україна; інтерфакс
Rosbalt: росбалт
Regnum: регнум; иа regnum
AGN Moskva: агн москва; агентство москва; агн "москва"; agn moskva
Ura.ru: ura.news
FederalPress: федералпресс
Kommersant: коммерсантъ; коммерсант; kommersant photo; фотоархив журнала; ид коммерсантъ
Ukrinform: укрінформ; укринформ
UNIAN: унiан; уніан; унян; унін
RBC-Ukraine: рбк-україна; рбк-украина
UNN: унн
LIGA: лига.нет; ліга.нет
BelTA: белта; бел та
BelaPAN: белапан
Moldpres: молдпрес
IPN:
Infotag: инфотаг
Armenpress: армянпресс; арменпресс; արմենպրես
Azertac: azərtac; азертадж; azertag
Trend: trend news agency; тренд
Report.az: report информационное агентство
Turan: туран
InterPressNews: interpressnews.ge; интерпрессньюс
Kazinform: казинформ; қазинформ; qazinform
Kabar: кабар; киа кабар
24.kg:
AKIpress: акипресс
UzA: уза; ўза
Khovar: ховар
TDH: tdh.gov.tm
Asia-Plus: азия-плюс
Anadolu: anadolu agency; anadolu ajansı; anadolu ajansi; aa photo; aa; анадолу; الأناضول; وكالة الأناضول; آناتولی;
  آناتولي; اناطولیہ; 阿纳多卢
DHA: demirören haber ajansı; doğan haber ajansı
IHA: i̇ha; ihlas; ihlas haber ajansı; i̇hlas haber ajansı
ANKA: anka haber ajansı
Mezopotamya Ajansı: mezopotamya agency
IRNA: islamic republic news agency; ایرنا; خبرگزاری جمهوری اسلامی; إرنا; ارنا; ирна; 伊通社
Tasnim: tasnim news; tasnim news agency; تسنیم; تسنيم; خبرگزاری تسنیم; тасним
Mehr: mehr news; mehr news agency; mehrnews; mna; خبرگزاری مهر; مهر نیوز; وكالة مهر
Fars: fars news; fars news agency; farsnews; fna; خبرگزاری فارس; وكالة فارس; фарс
ISNA: isna news agency; ایسنا; خبرگزاری دانشجویان ایران; إيسنا
ILNA: ایلنا
IQNA: ایکنا; ikna
YJC: young journalists club; باشگاه خبرنگاران جوان; باشگاه خبرنگاران
Mizan: mizan news agency; خبرگزاری میزان; mizan online
Shana: شانا
Shafaqna: شفقنا
Borna: borna news; خبرگزاری برنا
Hawzah News: خبرگزاری حوزه
Khamenei.ir: leader.ir
Press TV: presstv
WANA: west asia news agency
SANA: سانا; سانا.; وكالة سانا; syrian arab news agency
WAFA: وفا; وكالة وفا
Maan: maan images; ma'an; ma’an news; وكالة معا
Safa: safa news; وكالة صفا; صفا
Shehab: شهاب; وكالة شهاب
Quds News Network: qnn; شبكة قدس
NNA: national news agency; الوكالة الوطنية للإعلام
INA: iraqi news agency; واع
Shafaq News: شفق نيوز
Rudaw: رووداو; روداو
Saba: سبأ; وكالة سبأ
SPA: saudi press agency; واس; وكالة الأنباء السعودية
WAM: وام; emirates news agency
QNA: qatar news agency; قنا
KUNA: كونا
BNA: bahrain news agency; بنا
ONA: oman news agency; العمانية
Petra: بترا; jordan news agency
MENA: middle east news agency; أ ش أ; أ.ش.أ; أش أ
APS: algérie presse service; algerie presse service; وأج; واج
MAP: maghreb arabe presse; agence maghreb arabe presse; map express; وكالة المغرب العربي
TAP: tunis afrique presse; agence tap; وات
LANA: وال
SUNA: سونا; sudan news agency
ENA: ethiopian news agency; የኢትዮጵያ ዜና አገልግሎት
SONNA: sonna.so
NAN: news agency of nigeria
GNA: ghana news agency
APANEWS: apa news
AIP: agence ivoirienne de presse
AIB: agence d'information du burkina
ACP: agence congolaise de presse
ACI: agence congolaise d'information
ANGOP:
AIM: agência de informação de moçambique
NAMPA:
Ziana: new ziana
PANA: panapress
African News Agency: african news agency (ana)
GroundUp:
PTI: press trust of india; पीटीआई; पीटीआइ; पीटीआई-भाषा; পিটিআই; பிடிஐ; പിടിഐ; పీటీఐ; 印度报业托拉斯
ANI: asian news international; एएनआई; এএনআই
UNI: united news of india; यूनीवार्ता; वार्ता
IANS: आईएएनएस
PIB: press information bureau; पीआईबी; পিআইবি
APP: associated press of pakistan; اے پی پی
INP: independent news pakistan
NNI: news network international
PPI: pakistan press international
BSS: bangladesh sangbad sangstha; বাসস
UNB: united news of bangladesh; ইউএনবি
FocusBangla: focus bangla; ফোকাস বাংলা
RSS Nepal: rastriya samachar samiti; रासस
Lankapuvath:
Bakhtar: bakhtar news agency; باختر
Pajhwok: pajhwok afghan news; پژواک
Khaama Press: khaama
Xinhua: xinhua news agency; 新华社; 新華社; 新华网; 新華網; 新华; синьхуа; شينخوا; شینهوا; शिन्हुआ; ซินหัว; 신화; 신화통신; 新華
CNS: 中新社; 中国新闻社; 中新网; china news service; cnsphoto
CCTV: 央视; 央视新闻; cctv+
China Daily: 中国日报
CNA: 中央社; central news agency; focus taiwan
Kyodo: 共同; 共同通信; 共同社; 共同通信社; kyodo news; киодо; 교도통신; 교도
Jiji: 時事; 時事通信; 时事社; 時事通信社; jiji press; 지지통신
Yonhap: 연합뉴스; 연합; yonhap news; yonhap news agency; 韩联社; 韓聯社; 聯合ニュース
Newsis: 뉴시스; 紐西斯
News1: 뉴스1; 뉴스원
KCNA: korean central news agency; 조선중앙통신; 조선중앙통신사; 朝中社; 朝鲜中央通讯社; 朝鮮中央通信
Montsame: монцамэ
TTXVN: vna; ttxvn/vna; thông tấn xã việt nam; vietnam news agency; 越通社
VNS:
KPL: lao news agency
AKP: agence kampuchea presse
Bernama: 马新社; 馬新社
Antara: antara foto; antaranews; kantor berita antara; 安塔拉
PNA: philippine news agency
TNA: thai news agency; สำนักข่าวไทย
Myanmar News Agency:
AAP: aap image; aap images; australian associated press; aapimage
NZME: nzherald
CP: canadian press; the canadian press; la presse canadienne; presse canadienne; canadian press images
QMI: agence qmi
Postmedia: postmedia news
TNS: tribune news service
Cronkite News:
Prensa Latina:
ACN Cuba: agencia cubana de noticias
Notimex:
Cuartoscuro: agencia cuartoscuro
Agencia Reforma: agencia reforma
El Universal: agencia el universal
Quadratín: agencia quadratin; quadratin
Télam: telam; agencia télam
Noticias Argentinas:
DyN:
Agência Brasil: agencia brasil; ebc
Agência Estado: estadão conteúdo; estadao conteudo; estadão; ae
Agência O Globo: agencia o globo
Agência Senado: agencia senado
Câmara dos Deputados: agência câmara
Folhapress: folha press
Agência Pará:
Andina: agencia andina
ABI: agencia boliviana de información
APG: apg noticias
AVN: agencia venezolana de noticias
Colprensa:
Aton Chile: agencia aton; aton
Agencia Uno: agenciauno
IP Paraguay: agencia ip
AGN Guatemala: agencia guatemalteca de noticias
RNS: religion news service
CNS Catholic: catholic news service
CNA Catholic: catholic news agency
KNA: katholische nachrichten-agentur
epd: evangelischer pressedienst; epd-bild
Vatican Media: vatican news; osservatore romano; l'osservatore romano
IPS: inter press service
"""
