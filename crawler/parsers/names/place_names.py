"""Names of countries, regions and large cities, in lower case and without accents.

Source: Unicode CLDR (territories and cities of time zones in sixteen languages), and a list of ours.
"""

from __future__ import annotations

_PLACES = """
aarhus; abidjan; abidzan; abiyan; abu dhabi; abuja; accra; achgabat; acra; addis ababa; addis abeba; addis-abeba; adelaida; adelaide
aden; adis abeba; afeganistao; afganistan; afghanistan; africa; africa do sul; afrika; afrique; afrique du sud; agypten; ahmedabad
akra; alabama; alaska; albania; albanie; albanien; alberta; albuquerque; alemanha; alemania; aleppo; alexandria; alger; algeri
algeria; algerie; algerien; algeriet; algerije; algier; algieria; algiers; allemagne; alma ata; alma-ata; almanya; almati; almaty
america; americas; amerika birlesik devletleri; amman; amsterda; amsterdam; andalucia; angola; ankara; antananarivo; antwerp
antwerpen; anvers; arabia saudi; arabia saudita; arabia saudyjska; arabie saoudite; argel; argelia; argentina; argentine; argentinie
argentinien; argentyna; arizona; arjantin; arkansas; armenia; armenie; armenien; arnavutluk; aserbaidschan; asgabat; asgabate
ashgabat; asia; asien; asjabad; asjchabad; askabat; assuncao; asuncion; aszchabad; aten; atenas; atene; ateny; athen; athene; athenes
athens; athiopien; atina; atlanta; auckland; austin; australia; australie; australien; austria; autriche; avustralya; avusturya
azerbaidjan; azerbaigian; azerbaijan; azerbaijao; azerbaiyan; azerbajdzjan; azerbaycan; azerbeidzjan; azerbejdzan; bagda; bagdad
bagdat; baghdad; bakoe; bakou; baku; balkans; balochistan; baltimore; bamako; bandung; bangalore; bangkok; banglades; bangladesch
bangladesh; bangladesz; banja luka; barcelona; bari; basel; basra; bavaria; bayern; beijing; beiroet; beirut; beirute; bejrut; belarus
belcika; belfast; belgia; belgica; belgie; belgien; belgio; belgique; belgium; belgrad; belgrade; belgrado; belo horizonte; bengaluru
benghazi; bergen; berlijn; berlim; berlin; berlino; bern; berne; beyrouth; beyrut; bialorus; bichkek; bielorrusia; bielorrussia
bielorussia; bielorussie; bihar; bilbao; birlesik arap emirlikleri; birlesik krallik; birmingham; bischkek; bishkek; bisjkek; biskek
biszkek; boedapest; boekarest; bogota; bolivia; bolivie; bolivien; bolivya; boliwia; bologna; bombay; bonn; bordeaux; bosna-hersek
bosnia & herzegovina; bosnia e herzegovina; bosnia ed erzegovina; bosnia i hercegowina; bosnia y herzegovina; bosnie en herzegovina
bosnie-herzegovine; bosnien och hercegovina; bosnien und herzegowina; boston; braga; brasil; brasile; brasilia; brasilien; brasov
bratislava; bratyslawa; brazil; brazilie; brazylia; brazzaville; bremen; bresil; bretagne; brezilya; brighton; brisbane; bristol
british columbia; brno; brugge; bruksel; bruksela; bruselas; brussel; brussels; bruxelas; bruxelles; bryssel; bucarest; bucareste
bucharest; budapest; budapeste; budapeszt; buenos aires; buffalo; bukarest; bukareszt; bukres; bulgaria; bulgarie; bulgarien
bulgarije; bulgaristan; busan; cabul; cairo; cakarta; calcuta; calcutta; calgary; cali; california; camaroes; cambodge; cambodia
cambodja; cambogia; camboja; camboya; cambridge; cameroon; cameroun; camerun; canada; canberra; cape town; caracas; cardiff; caribbean
cartagena; cartum; casablanca; catalonia; cataluna; catania; catar; cazaquistao; cechia; cekya; central asia; cezayir; chad; chade
charlotte; chartum; chengdu; chennai; chequia; chicago; chile; chili; china; chine; chiny; chipre; chisinau; chongqing; chorwacja
christchurch; chypre; ciad; cidade de ho chi minh; cidade do mexico; cile; cin; cin hong kong oib; cina; cincinnati; cipro
citta del messico; ciudad de mexico; ciudad ho chi minh; cleveland; cluj; cluj-napoca; coimbra; cologne; colombia; colombie; colombo
colorado; columbus; congo - kinshasa; congo-kinshasa; connecticut; constanta; copenaghen; copenhagen; copenhague; cordoba
corea del nord; corea del norte; corea del sud; corea del sur; coree du nord; coree du sud; coreia do norte; coreia do sul; cork
costa d'avorio; costa do marfim; costa rica; cote d'ivoire; crimea; croacia; croatia; croatie; croazia; cuba; curitiba; cusco; cypern
cypr; cyprus; czad; czarnogora; czechia; czechy; daca; dacca; dakar; dakka; dallas; damas; damasco; damascus; damaskus; damaszek
danemark; dania; danimarca; danimarka; danmark; dar es salaam; dar es-salaam; dar es-salam; daressalam; darusselam; darwin; debrecen
delaware; delhi; demokratyczna republika konga; den haag; denemarken; denmark; denver; detroit; deutschland; dhaka; dinamarca
diyarbakir; dnipro; doesjanbe; doha; dominicaanse republiek; dominican republic; dominik cumhuriyeti; dominikana
dominikanische republik; dominikanska republiken; donbas; donetsk; dortmund; douala; douchanbe; dresden; dubai; dubaj; dublin; dublino
duchambe; duitsland; durban; dusambe; dusanbe; duschanbe; dushanbe; dusjanbe; dusseldorf; duszanbe; dzakarta; east asia; ecaterimburgo
ecuador; edinburgh; edmonton; egipt; egipto; egito; egitto; egypt; egypte; egypten; eindhoven; ekaterimburgo; ekaterinbourg
ekaterinburg; ekvador; ekwador; el cairo; el paso; el salvador; elfenbenskusten; emirados arabes unidos; emirati arabi uniti
emiratos arabes unidos; emirats arabes unis; endonezya; england; equador; equateur; erbil; erevan; erfurt; erivan; eriwan; ermenistan
erywan; eslovaquia; eslovenia; espagne; espana; espanha; espoo; essen; estados unidos; estambul; estland; estocolmo; estonia; estonie
estonya; etats-unis; ethiopia; ethiopie; etiopia; etiopien; etiyopya; eu; europa; europe; european union; far east; faro; filipijnen
filipinas; filipinler; filipiny; filippine; filippinerna; filistin bolgeleri; finland; finlande; finlandia; finlandiya; finnland
firenze; flanders; florence; florenz; florida; forenade arabemiraten; fort worth; fortaleza; franca; france; francia; francja
frankfurt; frankfurt am main; frankfurt/main; frankreich; frankrijk; frankrike; fransa; gaborone; galicia; galway; gana; gaza
gaza city; gaza strip; gdansk; geneva; geneve; genf; genova; gent; georgia; georgie; georgien; germania; germany; gerusalemme; ghana
ghent; giacarta; giamaica; giappone; giordania; glasgow; goteborg; gothenburg; graz; grece; grecia; grecja; greece; grekland; grenoble
griechenland; griekenland; groningen; gruzja; guadalajara; guangdong; guangzhou; guatemala; guayaquil; gujarat; guney afrika
guney kore; guney sudan; gurcistan; gwatemala; haifa; haiti; halifax; hamburg; hannover; hanoi; harare; hartford; hartum; havana
havanna; hawaii; hawana; hebron; helsingfors; helsinki; helsinque; herat; hessen; hindistan; hiroshima; hirvatistan; hiszpania
ho chi minh; ho chi minh city; ho chi minh kenti; ho chi minh-staden; ho chi minhstad; ho-chi-minh-stadt; ho-chi-minh-ville; hobart
hokkaido; holandia; hollanda; homs; honduras; hong kong; hong kong sar china; hong kong, rae da china; hongarije; hongkong
hongkong sar; hongkong sar van china; hongrie; honolulu; horn of africa; houston; hungary; hungria; hyderabad; iasi; iceland; idaho
idlib; iemen; ierland; ijsland; il cairo; illinois; inde; india; indiana; indianapolis; indie; indien; indonesia; indonesie
indonesien; indonezja; innsbruck; iowa; irak; iran; iraq; iraque; ireland; irland; irlanda; irlande; irlandia; isfahan; islamabad
island; islanda; islande; islandia; ispanya; israel; israele; israil; istambul; istanboel; istanbul; isvec; isvicre; italia; italie
italien; italy; italya; ivoorkust; izlanda; izmir; izrael; jacarta; jaipur; jakarta; jamaica; jamaika; jamaique; jamajka; japan; japao
japon; japonia; japonya; jartum; jeddah; jekaterinburg; jekaterinenburg; jekaterynburg; jemen; jerevan; jerozolima; jerusalem
jerusalen; jeruzalem; joanesburgo; johannesburg; johannesburgo; jordan; jordania; jordanie; jordanien; juba; kabil; kaboul; kabul
kahire; kair; kairo; kalkuta; kalkutta; kambocya; kambodja; kambodscha; kambodza; kameroen; kamerun; kampala; kanada; kandahar; kano
kansas; kansas city; karachi; karaci; karaczi; karadag; karatschi; karlsruhe; kasachstan; kashmir; katar; kathmandu; katmandou
katmandu; katowice; kazablanka; kazachstan; kazajistan; kazakhstan; kazakistan; kazakstan; kenia; kentucky; kenya; kerala; kharkiv
khartoem; khartoum; khartum; kherson; kibris; kiel; kiev; kiew; kigali; kijow; kina; kinsasa; kinshasa; kinszasa; kirghizistan
kirghizstan; kirgisistan; kirgistan; kirgizie; kirgizistan; kirguistan; kirkuk; kisinev; kisumu; kiszyniow; klagenfurt; koeweit
kolkata; koln; kolombiya; kolombo; kolumbia; kolumbien; kongo - kinsasa; kongo-kinshasa; kopenhag; kopenhaga; kopenhagen; kopenhamn
korea polnocna; korea poludniowa; kosice; kosovo; kosta rika; kostaryka; koweit; krakow; kroatie; kroatien; kuala lumpur; kuba; kudus
kurdistan; kuveyt; kuwait; kuwejt; kuzey kore; kyiv; kyoto; kyrgyzstan; l'avana; la habana; la havane; la paz; lagos; lahore; laos
las palmas; las vegas; latin america; latvia; lausanne; le caire; lebanon; leeds; lefkosa; leipzig; letland; letonia; letonya
lettland; lettonia; lettonie; liban; libano; libanon; libia; libie; libreville; libya; libye; libyen; liege; lille; lima; linz; lisboa
lisbon; lisbona; lisbonne; lissabon; litauen; lithuania; litouwen; lituania; lituanie; litvanya; litwa; liubliana; liverpool; lizbon
lizbona; ljubljana; lodz; lombardia; londen; london; londra; londres; londyn; long beach; los angeles; lotwa; louisiana; luanda
lubiana; lublana; lublin; lubnan; lucknow; luksemburg; lusaka; lussemburgo; luxembourg; luxemburg; luxemburgo; lviv; lyon; macaristan
madagascar; madagaskar; madri; madrid; madryt; magdeburg; mailand; maine; mainz; malaga; malaisie; malasia; malaysia; maleisie
malezja; malezya; mali; malmo; malta; malte; managua; manaus; manchester; manila; manilla; manille; manitoba; mannheim; maputo
maribor; mariupol; maroc; marocco; marocko; marokko; maroko; marrakech; marrakesh; marrocos; marruecos; marseille; maryland; mascate
mashhad; maskat; massachusetts; mecca; medan; medellin; medina; meksika; meksyk; meksyk (miasto); melbourne; memphis; messico; mexico
mexico city; mexico-stad; mexiko; mexiko-stadt; mexique; miami; mianmar; michigan; middle east; milan; milano; milwaukee; minneapolis
minnesota; minsk; misir; mississippi; missouri; mjanma; mogadischu; mogadiscio; mogadishu; mogadisu; mogadiszu; mogolistan; moldavia
moldavie; moldavien; moldawia; moldova; mombasa; mongolei; mongolia; mongolie; mongoliet; montana; montenegro; monterrey; montevideo
montevideu; montpellier; montreal; morocco; mosca; moscou; moscow; moscu; moskau; moskou; moskova; moskva; moskwa; mostar; mosul
mumbai; munchen; munich; muscat; muskat; myanmar; nagasaki; nairobi; nanjing; nantes; naples; napoli; nashville; nato; naypyidaw
ndjamena; neapel; nebraska; nederland; nederlanderna; nepal; netherlands; neu-delhi; neuseeland; nevada; new brunswick; new delhi
new hampshire; new jersey; new mexico; new orleans; new south wales; new york; new york city; new zealand; newcastle; newfoundland
niamey; nicaragua; nice; nicosia; nicosie; niederlande; niedersachsen; niemcy; nieuw-zeeland; niger; nigeria; nijer; nijerya
nikaragua; nikosia; nikozja; noord-korea; noorwegen; nordkorea; norge; normandie; north america; north carolina; north dakota
north korea; northern ireland; noruega; norvec; norvege; norvegia; norway; norwegen; norwegia; nottingham; nouvelle delhi
nouvelle-zelande; nova delhi; nova scotia; nova york; nova zelandia; novi sad; novosibirsk; novossibirsk; nowa zelandia; nowe delhi
nowosibirsk; nowosybirsk; nowy jork; nueva delhi; nueva york; nueva zelanda; nuova delhi; nuova zelanda; nurnberg; nya delhi
nya zeeland; oakland; odense; odesa; odessa; oeganda; oekraine; oezbekistan; ohio; okinawa; oklahoma; oklahoma city; oman; ontario
oostenrijk; oregon; orlando; osaka; oslo; osterreich; osterrike; ostrava; ottawa; ouagadougou; ouganda; oulan-bator; oulu; ouzbekistan
oxford; ozbekistan; paesi bassi; paises baixos; paises bajos; pakistan; palermo; palestijnse gebieden; palestinian territories
palestinska territorierna; palo alto; panama; paquistao; paraguai; paraguay; paragwaj; parigi; parijs; paris; paryz; pays-bas; peking
pennsylvania; perou; perth; peru; peshawar; philadelphia; philippinen; philippines; phnom penh; phoenix; pittsburgh; pjongjang
plovdiv; plzen; podgorica; poland; polen; pologne; polonia; polonya; polska; port harcourt; port-au-prince; portekiz; portland; porto
porto alegre; porto principe; portogallo; portugal; portugalia; potsdam; poznan; praag; prag; praga; prague; pretoria; prishtina
pristina; providence; puerto principe; pune; punjab; pyongyang; qatar; quebec; queensland; quenia; quetta; quirguistao; quito
r.a.s. chinoise de hong kong; rabat; rae de hong kong; raleigh; ramallah; rangoon; rangoun; rangum; rangun; ras di hong kong
rawalpindi; recife; regno unito; reino unido; rennes; repubblica dominicana; republica dominicana; republik moldau
republika poludniowej afryki; republique dominicaine; rhode island; riad; riade; richmond; riga; rijad; rijeka; rio de janeiro; riyad
riyadh; rochester; roemenie; roma; romania; romanya; rome; romenia; rosario; rosja; rostock; rotterdam; roumanie; royaume-uni; ruanda
rumania; rumanien; rumunia; rusia; rusland; russia; russie; russland; rusya; rwanda; ryga; ryssland; rzym; saarbrucken; sachsen
sacramento; saint paul; saint petersburg; saint-domingue; salt lake city; salvador; salwador; salzburg; sambia; san antonio; san diego
san francisco; san jose; san paolo; sanaa; sanghay; santa barbara; santa monica; santiago; santiago de chile; santiago de compostela
santo domingo; sao paulo; saoedi-arabie; sarajevo; sarajewo; saraybosna; saskatchewan; saudi arabia; saudi-arabien; saudiarabien
schottland; schweden; schweiz; scotland; seattle; senegal; seoul; serbia; serbie; serbien; servia; servie; seul; sevilla; seville
shanghai; sheffield; shenzhen; shiraz; siberia; sicilia; sidney; sili; silicon valley; simbabwe; sindh; singapore; singapour; singapur
singapura; sirbistan; siria; sjanghai; skopie; skopje; slovacchia; slovakia; slovakien; slovakya; slovaquie; slovenia; slovenie
slovenien; slovenya; slowacja; slowakei; slowakije; slowenia; slowenien; soedan; sofia; sofya; somali; somalia; somalie; soudan
soudan du sud; south africa; south america; south asia; south australia; south carolina; south dakota; south korea; south sudan
southeast asia; soweto; spagna; spain; spanien; spanje; split; sra hongkong; sri lanka; srinagar; st louis; st petersburg; st. louis
st. petersburg; stambul; stany zjednoczone; stati uniti; stavanger; stoccolma; stockholm; stokholm; storbritannien; strasbourg
stuttgart; sud sudan; sudafrica; sudafrika; sudan; sudan del sur; sudan poludniowy; sudao; sudao do sul; sudkorea; sudsudan; suecia
suede; suez; suica; suisse; suiza; surabaya; suriye; suudi arabistan; sverige; svezia; svizzera; sweden; switzerland; sydafrika
sydkorea; sydney; sydsudan; syria; syrie; syrien; szanghaj; szczecin; szeged; sztokholm; szwajcaria; szwecja; tabriz; tachkent
tacikistan; tadjikistan; tadjiquistao; tadschikistan; tadzjikistan; tadzykistan; tagikistan; tahran; tailandia; taipeh; taipei; taiwan
tajikistan; tajlandia; tajpej; tajwan; tallin; tallinn; tamil nadu; tampa; tampere; tangier; tansania; tanzania; tanzanie; tanzanya
taschkent; tashkent; tasjkent; taskent; tasmania; taszkient; tayikistan; tayland; tayvan; tbilisi; tbilissi; tchad; tchequia; tchequie
teera; teheran; tehran; tel aviv; tennessee; territoires palestiniens; territori palestinesi; territorios palestinos
terytoria palestynskie; texas; thailand; thailande; thailandia; the hague; thessaloniki; tibet; tiflis; tijuana; timisoara; tiran
tirana; tjeckien; tokio; tokyo; toquio; torino; toronto; toscana; toulouse; trablus; tripoli; tripoli (libye); tripolis; trondheim
trypolis; tschad; tschechien; tsjaad; tsjechie; tucson; tunesie; tunesien; tunez; tunezja; tunis; tunisi; tunisia; tunisie; tunisien
tunus; turchia; turcja; turcomenistao; turin; turkei; turkiet; turkije; turkiye; turkmenistan; turku; turquia; turquie; tyskland; u.k
u.s; uae; ucraina; ucrania; uganda; uk; ukraina; ukraine; ukrayna; ulaanbaatar; ulan bator; ulan batur; umman; un; ungarn; ungern
ungheria; united arab emirates; united kingdom; united nations; united states; uppsala; urdun; uruguai; uruguay; urugwaj; us; usa
usbekistan; uskup; utah; utrecht; uttar pradesh; uzbekistan; uzbequistao; valencia; valparaiso; vancouver; varna; varsavia; varsova
varsovia; varsovie; vatican; vatican city; vaticano; venedig; venezia; venezuela; venice; vereinigte arabische emirate
vereinigte staaten; vereinigtes konigreich; verenigd koninkrijk; verenigde arabische emiraten; verenigde staten; vermont; viena
vienna; vienne; vientian; vientiane; viet nam; vietna; vietnam; vilna; vilnius; virginia; viyana; vladivostok; wales; wallonie; warsaw
warschau; warszawa; washington; washington d.c; washington dc; wegry; wellington; wenen; wenezuela; west bank; west bengal
west virginia; western australia; wieden; wielka brytania; wien; wientian; wiesbaden; wietnam; wilno; windhoek; winnipeg; wisconsin
wladiwostok; wladywostok; wlochy; wroclaw; wuhan; wyoming; xangai; xinjiang; yakarta; yangon; yangon (rangun); yaounde; yekaterinburg
yemen; yeni zelanda; yerevan; yunanistan; zagabria; zagreb; zagrzeb; zambia; zambie; zambiya; zaragoza; zimbabue; zimbabve; zimbabwe
zjednoczone emiraty arabskie; zuid-afrika; zuid-korea; zuid-soedan; zurich; zurigo; zurih; zurique; zurych; zweden; zwitserland
zypern; абиджан; австралия; австрия; аддис-абеба; аделаида; азербаиджан; аккра; албания; алжир; алматы; амман; амстердам; ангола
аргентина; армения; асунсьон; афганистан; афины; ашхабад; багдад; баку; бамако; бангкок; бангладеш; беирут; беларусь; белград; бельгия
берлин; бишкек; богота; болгария; боливия; босния и герцеговина; бразилия; братислава; брисбен; брюссель; будапешт; бухарест
буэнос-аирес; ванкувер; варшава; великобритания; вена; венгрия; венесуэла; вильнюс; владивосток; вьентьян; вьетнам; гавана; гаити
гана; гватемала; германия; гондурас; гонконг; гонолулу; греция; грозныи; грузия; дакар; дакка; дамаск; дания; дар-эс-салам; денвер
джакарта; днепр; дніпро; доминиканская республика; донецк; донецьк; дубаи; дублин; душанбе; египет; екатеринбург; ереван; загреб
замбия; зимбабве; иемен; иерусалим; израиль; индия; индонезия; иордания; иоханнесбург; ирак; иран; ирландия; исландия; испания; италия
кабул; казань; казахстан; каир; калининград; калькутта; камбоджа; камерун; кампала; канада; каракас; карачи; касабланка; катар
катманду; кения; кигали; киев; киншаса; кипр; киргизия; китаи; кишинев; кндр; коломбо; колумбия; конго - киншаса; копенгаген
коста-рика; кот-д'ивуар; куала-лумпур; куба; кувеит; ла-пас; лагос; лаос; латвия; ливан; ливия; лима; лиссабон; литва; лондон
лос-анджелес; луанда; лусака; львов; львів; любляна; люксембург; мадагаскар; мадрид; малаизия; мали; мальта; манагуа; манила; марокко
маскат; мексика; мельбурн; мехико; минск; могадишо; молдова; монголия; монтевидео; москва; мьянма; наироби; непал; нигер; нигерия
нидерланды; нижнии новгород; нижнии тагил; никарагуа; никосия; новая зеландия; новосибирск; норвегия; нью-иорк; оаэ; одеса; одесса
окленд; оман; осло; пакистан; палестинские территории; панама; парагваи; париж; перт; перу; пномпень; подгорица; польша; порт-о-пренс
португалия; прага; пхеньян; республика корея; рига; рим; россия; ростов-на-дону; руанда; румыния; сальвадор; сан-паулу
санкт-петербург; санто-доминго; сантьяго; сараево; саудовская аравия; сенегал; сербия; сеул; сиднеи; сингапур; сирия; скопье; словакия
словения; соединенные штаты; сомали; софия; стамбул; стокгольм; судан; таджикистан; таибэи; таивань; таиланд; таллин; танзания
ташкент; тбилиси; тегеран; тирана; токио; торонто; триполи; тунис; туркменистан; турция; уганда; узбекистан; украина; улан-батор
уругваи; филиппины; финикс; финляндия; франция; хараре; харків; хартум; харьков; хельсинки; херсон; хорватия; хошимин; цюрих; чад
черногория; чехия; чикаго; чили; шанхаи; швеицария; швеция; шри-ланка; эквадор; эр-рияд; эстония; эфиопия; южно-африканская республика
южныи судан; ямаика; янгон; япония; آبیجان; آتن; آدلاید; آدیس آبابا; آرژانتین; آسونسیون; آلانباتار; آلبانی; آلماتی; آلمان; آمستردام
آنگولا; آيسلندا; أبوظبي; أبيدجان; أثينا; أديس أبابا; أديليد; أذربيجان; أرمينيا; أستراليا; أسونسيون; أفغانستان; أكرا; ألبانيا; ألماتي
ألمانيا; أمستردام; أنغولا; أورغواي; أوزبكستان; أوسلو; أوغندا; أوكرانيا; أوكلاند; أيرلندا; إثيوبيا; إسبانيا; إستونيا; إسرائيل; إسطنبول
إندونيسيا; إيران; إيطاليا; اتریش; اتیوپی; اردن; ارمنستان; اروگوئه; ازبکستان; استانبول; استرالیا; استونی; استکهلم; اسرائیل; اسطنبول
اسلو; اسلواکی; اسلوونی; اسپانیا; اسکوپیه; اصفهان; افریقای جنوبی; افغانستان; الأراضي الفلسطينية; الأرجنتين; الأردن; الإسكندرية
الإكوادور; الإمارات العربية المتحدة; البرازيل; البرتغال; البوسنة والهرسك; التشيك; الجبل الأسود; الجزائر; الجزایر; الجزیره; الخرطوم
الدار البيضاء; الدانمرك; الرياض; السالوادور; السلفادور; السنغال; السودان; السويد; الصومال; الصين; العراق; الفلبين; القاهرة; القدس
الكاميرون; الكونغو - كينشاسا; الكويت; المغرب; المكسيك; المملكة العربية السعودية; المملكة المتحدة; النرويج; النمسا; النيجر; الهند
الولايات المتحدة; اليابان; اليمن; اليونان; امارات متحدهٔ عربی; اندونزی; اورشلیم; اولان‌باتور; اوکراین; اوکلند; اوگاندا; اکرا; اکوادور
ایالات متحده; ایتالیا; ایران; ایرلند; ایروان; ایسلند; باراغواي; باريس; باكستان; باكو; باماكو; باماکو; بانكوك; بانکوک; باکو; بخارست
براتيسلافا; براتیسلاوا; براغ; برثا; برزیل; برسيبان; برلين; برلین; بروكسل; بروکسل; بریتانیا; بریسبین; بشكيك; بغداد; بلاروس; بلجيكا
بلغارستان; بلغاريا; بلغراد; بلژیک; بلگراد; بنغلاديش; بنما; بنوم بنه; بنگلادش; بوئنوس‌آیرس; بوخارست; بودابست; بوداپست; بودغوريكا
بورت أو برنس; بوسنی و هرزگوین; بوغوتا; بولندا; بوليفيا; بولیوی; بوينوس أيرس; بوگوتا; بيرو; بيروت; بيلاروس; بيونغ يانغ; بیت المقدس
بیروت; بیشکک; تاجیکستان; تاشکند; تالين; تالین; تانزانیا; تايبيه; تايلاند; تايوان; تایلند; تایوان; تایپه; تبریز; تبليسي; تركمانستان
تركيا; ترکمنستان; ترکیه; تشاد; تشيسيناو; تشيلي; تفلیس; تنزانيا; تهران; تورنتو; تورونتو; تونس; توکیو; تيرانا; تیرانا; جاكرتا; جامائیکا
جامايكا; جاکارتا; جدة; جمهورية الدومينيكان; جمهوری آذربایجان; جمهوری دومینیکن; جنوب أفريقيا; جنوب السودان; جورجيا; جوهانسبرغ; حلب
خارطوم; دار السلام; دارالسلام; داكار; دانمارک; داکا; داکار; دبلن; دبي; دبی; دكا; دمشق; دنفر; دنور; دوبلین; دوشانبي; دوشنبه; رام الله
رانغون; رم; رواندا; روسيا; روسیه; روما; رومانيا; رومانی; ريغا; ریاض; ریگا; زامبيا; زامبیا; زاگرب; زغرب; زوریخ; زيمبابوي; زيورخ
زیمبابوه; سئول; سائوپائولو; ساحل العاج; ساحل عاج; سارایوو; سانتو دومينغو; سانتو دومینگو; سانتياغو; سانتیاگو; ساو باولو; ستوكهولم
سراييفو; سرزمین‌های فلسطینی; سريلانكا; سری‌لانکا; سكوبي; سلوفاكيا; سلوفينيا; سنغافورة; سنگال; سنگاپور; سوئد; سوئیس; سودان; سودان جنوبی
سوريا; سوریه; سول; سومالی; سويسرا; سيدني; سیدنی; شانگهای; شنغهاي; شيكاغو; شیراز; شیلی; شیکاگو; صربستان; صربيا; صوفيا; صوفیه; طاجيكستان
طرابلس; طشقند; طهران; طوكيو; عراق; عربستان سعودی; عشق آباد; عشق‌آباد; عمان; عمّان; عَمان; عُمان; غانا; غزة; غزه; غنا; غواتيمالا
فانكوفر; فرانسه; فرنسا; فلاديفوستك; فنزويلا; فنلاند; فنلندا; فيانتيان; فيتنام; فيلنيوس; فينكس; فيينا; فیلیپین; فینکس; قاهره; قبرس
قبرص; قرقیزستان; قزاقستان; قطر; قم; قيرغيزستان; كابول; كاتماندو; كاراكاس; كازاخستان; كالكتا; كامبالا; كراتشي; كرواتيا; كمبوديا; كندا
كوالا لامبور; كوبا; كوبنهاغن; كوريا الجنوبية; كوريا الشمالية; كوستاريكا; كولومبو; كولومبيا; كيغالي; كينشاسا; كينيا; كييف; لا باز
لائوس; لاتفيا; لاغوس; لاوس; لاپاز; لاگوس; لبنان; لتونی; لشبونة; لندن; لهستان; لواندا; لوزاکا; لوس انجلوس; لوساكا; لوس‌آنجلس; لوكسمبورغ
لوکزامبورگ; ليبيا; ليتوانيا; ليما; ليوبليانا; لیبی; لیتوانی; لیسبون; لیما; لیوبلیانا; ماداگاسکار; مادرید; مالت; مالزی; مالطا; مالطة
مالي; ماليزيا; مالی; ماناغوا; ماناگوا; مانيلا; مانیل; مجارستان; مدريد; مدغشقر; مدينة هو تشي منة; مراکش; مسقط; مسکو; مشهد; مصر
مغولستان; مقديشيو; مكسيكو سيتي; ملبورن; منغوليا; موسكو; مولداوی; مولدوفا; مونتفيديو; مونته‌نگرو; مونته‌ویدئو; موگادیشو; ميانمار
ميلبورن; مينسك; مکزیک; مکزیکوسیتی; میانمار; مینسک; نایروبی; نروژ; نوفوسبيرسك; نووسیبیریسک; نيبال; نيجيريا; نيروبي; نيقوسيا; نيكاراغوا
نيوزيلندا; نيويورك; نپال; نیجر; نیجریه; نیوزیلند; نیویورک; نیکاراگوئه; نیکوزیا; هائیتی; هافانا; هاوانا; هايتي; هراره; هراري; هلسنكي
هلسینکی; هلند; هند; هندوراس; هنغاريا; هنگ‌کنگ; هوشی‌مین‌سیتی; هولندا; هونغ كونغ; هونغ كونغ الصينية; هونولولو; وارسو; ورشو; ولادی‌وستوک
ونزوئلا; ونکوور; ویتنام; ویلنیوس; وین; وینتیان; يريفان; يكاترنبيرج; پادگاریتسا; پاراگوئه; پاریس; پاناما; پاکستان; پراگ; پرت; پرتغال
پرو; پنوم‌پن; پورتوپرنس; پیونگ‌یانگ; چاد; چک; چین; ژاپن; ژوهانسبورگ; کابل; کاتماندو; کاراکاس; کازابلانکا; کاستاریکا; کامبوج; کامرون
کامپالا; کانادا; کراچی; کرهٔ جنوبی; کرهٔ شمالی; کرواسی; کلمبو; کلمبیا; کلکته; کنگو - کینشاسا; کنیا; کوالالامپور; کوبا; کویت; کپنهاگ
کیشیناو; کیف; کینشاسا; کیگالی; گرجستان; گواتمالا; یانگون; یمن; یونان; یکاترینبرگ; アイスランド; アイルランド; アクラ; アシガバード
アジスアベバ; アスンシオン; アゼルバイジャン; アテネ; アデレード; アビジャン; アフガニスタン; アムステルダム; アメリカ合衆国
アラブ首長国連邦; アルジェ; アルジェリア; アルゼンチン; アルバニア; アルマトイ; アルメニア; アンゴラ; アンマン; イエメン; イギリス
イスタンブール; イスラエル; イタリア; イラク; イラン; インド; インドネシア; ウィーン; ウガンダ; ウクライナ; ウズベキスタン
ウラジオストク; ウランバートル; ウルグアイ; エカテリンブルグ; エクアドル; エジプト; エストニア; エチオピア; エルサルバドル; エルサレム
エレバン; オスロ; オマーン; オランダ; オークランド; オーストラリア; オーストリア; カイロ; カサブランカ; カザフスタン; カタール
カトマンズ; カナダ; カブール; カメルーン; カラカス; カラチ; カンパラ; カンボジア; ガーナ; キガリ; キシナウ; キプロス; キューバ
キルギス; キンシャサ; キーウ; ギリシャ; クアラルンプール; クウェート; クロアチア; グアテマラ; ケニア; コスタリカ; コペンハーゲン
コルカタ; コロンビア; コロンボ; コンゴ民主共和国; コートジボワール; サウジアラビア; サラエボ; サンチアゴ; サントドミンゴ; サンパウロ
ザグレブ; ザンビア; シカゴ; シドニー; シリア; シンガポール; ジャカルタ; ジャマイカ; ジョージア; ジンバブエ; スイス; スウェーデン
スコピエ; ストックホルム; スペイン; スリランカ; スロバキア; スロベニア; スーダン; セネガル; セルビア; ソウル; ソフィア; ソマリア; タイ
タシケント; タジキスタン; タリン; タンザニア; ダカール; ダッカ; ダブリン; ダマスカス; ダルエスサラーム; チェコ; チャド; チュニジア
チュニス; チューリッヒ; チリ; ティラナ; テヘラン; デンバー; デンマーク; トビリシ; トリポリ; トルクメニスタン; トルコ; トロント; ドイツ
ドゥシャンベ; ドバイ; ドミニカ共和国; ナイジェリア; ナイロビ; ニカラグア; ニコシア; ニジェール; ニュージーランド; ニューヨーク
ネパール; ノルウェー; ノヴォシビルスク; ハイチ; ハバナ; ハラレ; ハルツーム; ハンガリー; バクー; バグダッド; バマコ; バンクーバー
バングラデシュ; バンコク; パキスタン; パナマ; パラグアイ; パリ; パレスチナ自治区; パース; ビエンチャン; ビシュケク; フィリピン
フィンランド; フェニックス; フランス; ブエノスアイレス; ブカレスト; ブダペスト; ブラジル; ブラチスラバ; ブリスベン; ブリュッセル
ブルガリア; プノンペン; プラハ; ヘルシンキ; ベイルート; ベオグラード; ベトナム; ベネズエラ; ベラルーシ; ベルギー; ベルリン; ペルー
ホノルル; ホンジュラス; ホーチミン; ボゴタ; ボスニア・ヘルツェゴビナ; ボリビア; ポドゴリツァ; ポルトガル; ポルトープランス; ポーランド
マスカット; マダガスカル; マドリード; マナグア; マニラ; マリ; マルタ; マレーシア; ミャンマー; ミンスク; メキシコ; メキシコシティー
メルボルン; モガディシオ; モスクワ; モルドバ; モロッコ; モンゴル; モンテネグロ; モンテビデオ; ヤンゴン; ヨハネスブルグ; ヨルダン
ラオス; ラゴス; ラトビア; ラパス; リガ; リスボン; リトアニア; リビア; リマ; リヤド; リュブリャナ; ルアンダ; ルクセンブルク; ルサカ
ルワンダ; ルーマニア; レバノン; ロサンゼルス; ロシア; ロンドン; ローマ; ワルシャワ; ヴィリニュス; 万象; 上海; 东京; 中国
中国香港特别行政区; 中華人民共和国香港特別行政区; 丹佛; 丹麦; 乌克兰; 乌兰巴托; 乌兹别克斯坦; 乌干达; 乌拉圭; 乍得; 也门; 亚松森
亚的斯亚贝巴; 亚美尼亚; 京都; 仙台; 以色列; 仰光; 伊拉克; 伊斯坦布尔; 伊朗; 伦敦; 俄罗斯; 保加利亚; 克罗地亚; 内罗毕; 冰岛; 凤凰城
刚果; 利比亚; 利雅得; 利马; 加尔各答; 加德满都; 加拉加斯; 加拿大; 加纳; 匈牙利; 北京; 北朝鮮; 华沙; 南アフリカ; 南スーダン; 南京
南苏丹; 南非; 卡塔尔; 卡拉奇; 卡萨布兰卡; 卢布尔雅那; 卢旺达; 卢森堡; 卢萨卡; 印度; 印度尼西亚; 危地马拉; 厄瓜多尔; 叙利亚; 古巴; 台中
台北; 台湾; 叶卡捷琳堡; 吉尔吉斯斯坦; 吉隆坡; 名古屋; 哈拉雷; 哈瓦那; 哈萨克斯坦; 哥伦比亚; 哥斯达黎加; 哥本哈根; 喀土穆; 喀布尔
喀麦隆; 土库曼斯坦; 土耳其; 圣保罗; 圣地亚哥; 圣多明各; 地拉那; 坎帕拉; 坦桑尼亚; 埃及; 埃塞俄比亚; 埃里温; 基加利; 基希讷乌; 基辅
塔什干; 塔吉克斯坦; 塔林; 塞内加尔; 塞尔维亚; 塞浦路斯; 墨尔本; 墨西哥; 墨西哥城; 多伦多; 多米尼加共和国; 大阪; 大马士革; 天津; 太子港
奥克兰; 奥地利; 奥斯陆; 委内瑞拉; 孟加拉国; 安哥拉; 安曼; 尼加拉瓜; 尼日利亚; 尼日尔; 尼泊尔; 尼科西亚; 巴勒斯坦领土; 巴基斯坦; 巴库
巴拉圭; 巴拿马; 巴格达; 巴西; 巴马科; 巴黎; 布加勒斯特; 布宜诺斯艾利斯; 布拉格; 布拉迪斯拉发; 布达佩斯; 布里斯班; 布鲁塞尔; 希腊; 平壌
平壤; 广州; 広島; 廣州; 开罗; 德国; 德黑兰; 悉尼; 意大利; 成都; 拉各斯; 拉巴斯; 拉脱维亚; 挪威; 捷克; 摩加迪沙; 摩尔多瓦; 摩洛哥
斯德哥尔摩; 斯洛伐克; 斯洛文尼亚; 斯科普里; 斯里兰卡; 新加坡; 新西伯利亚; 新西兰; 日本; 明斯克; 智利; 曼谷; 朝鲜; 札幌; 杜尚别; 杭州
東京; 柏林; 柬埔寨; 格鲁吉亚; 横浜; 檀香山; 武汉; 比什凯克; 比利时; 沖縄; 沙特阿拉伯; 法国; 波兰; 波哥大; 波德戈里察
波斯尼亚和黑塞哥维那; 泰国; 洛杉矶; 津巴布韦; 洪都拉斯; 海参崴; 海地; 深圳; 温哥华; 澳大利亚; 澳門; 澳门; 爱尔兰; 爱沙尼亚; 牙买加
玻利维亚; 珀斯; 瑞典; 瑞士; 白俄罗斯; 的黎波里; 神戸; 福岡; 科伦坡; 科威特; 科特迪瓦; 秘鲁; 突尼斯; 立陶宛; 第比利斯; 索非亚; 索马里
约旦; 约翰内斯堡; 纽约; 维也纳; 维尔纽斯; 缅甸; 罗安达; 罗马; 罗马尼亚; 美国; 老挝; 耶路撒冷; 肯尼亚; 胡志明市; 臺北; 芝加哥; 芬兰
苏丹; 苏黎世; 英国; 荷兰; 莫斯科; 菲律宾; 萨尔瓦多; 萨拉热窝; 萨格勒布; 葡萄牙; 蒙古; 蒙得维的亚; 西安; 西班牙; 贝尔格莱德; 贝鲁特
赞比亚; 赫尔辛基; 越南; 达卡; 达喀尔; 达累斯萨拉姆; 迪拜; 都柏林; 里加; 里斯本; 重庆; 重慶; 金沙萨; 金边; 長崎; 阿什哈巴德; 阿克拉
阿塞拜疆; 阿姆斯特丹; 阿富汗; 阿尔及利亚; 阿尔及尔; 阿尔巴尼亚; 阿德莱德; 阿拉伯联合酋长国; 阿拉木图; 阿曼; 阿根廷; 阿比让; 雅典
雅加达; 韓国; 韩国; 首尔; 香港; 马尼拉; 马德里; 马斯喀特; 马来西亚; 马耳他; 马达加斯加; 马那瓜; 马里; 高雄; 黎巴嫩; 黑山; 가나
과테말라; 광주; 그리스; 나이로비; 나이지리아; 남수단; 남아프리카; 네덜란드; 네팔; 노르웨이; 노보시비르스크; 뉴욕; 뉴질랜드; 니제르
니카라과; 니코시아; 다르에스살람; 다마스쿠스; 다카; 다카르; 대구; 대만; 대전; 대한민국; 더블린; 덴마크; 덴버; 도미니카 공화국; 도쿄
독일; 두바이; 두샨베; 라고스; 라오스; 라트비아; 라파스; 랑군; 러시아; 런던; 레바논; 로마; 로스앤젤레스; 루마니아; 루사카; 루안다
룩셈부르크; 류블랴나; 르완다; 리가; 리마; 리비아; 리스본; 리야드; 리투아니아; 마나과; 마닐라; 마다가스카르; 마드리드; 말레이시아; 말리
멕시코; 멕시코 시티; 멜버른; 모가디슈; 모로코; 모스크바; 몬테네그로; 몬테비데오; 몰도바; 몰타; 몽골; 무스카트; 미국; 미얀마; 민스크
바그다드; 바르샤바; 바마코; 바쿠; 방글라데시; 방콕; 베네수엘라; 베를린; 베오그라드; 베이루트; 베트남; 벤쿠버; 벨기에; 벨라루스; 보고타
보스니아 헤르체고비나; 볼리비아; 부다페스트; 부산; 부에노스 아이레스; 부쿠레슈티; 북한; 불가리아; 브라질; 브라티슬라바; 브뤼셀
브리스베인; 블라디보스토크; 비슈케크; 비엔나; 비엔티안; 빌니우스; 사라예보; 사우디아라비아; 사이공; 산토도밍고; 산티아고; 상파울루
상하이; 서울; 세네갈; 세르비아; 세종; 소말리아; 소피아; 수단; 수원; 스리랑카; 스웨덴; 스위스; 스코페; 스톡홀름; 스페인; 슬로바키아
슬로베니아; 시드니; 시리아; 시카고; 싱가포르; 아디스아바바; 아랍에미리트; 아르메니아; 아르헨티나; 아비장; 아순시온; 아슈하바트
아이슬란드; 아이티; 아일랜드; 아제르바이잔; 아크라; 아테네; 아프가니스탄; 알마티; 알바니아; 알제; 알제리; 암만; 암스테르담; 앙골라
애들레이드; 에스토니아; 에콰도르; 에티오피아; 엘살바도르; 영국; 예레반; 예루살렘; 예멘; 예카테린부르크; 오만; 오스트레일리아
오스트리아; 오슬로; 오클랜드; 온두라스; 요르단; 요하네스버그; 우간다; 우루과이; 우즈베키스탄; 우크라이나; 울란바토르; 울산; 이라크
이란; 이스라엘; 이스탄불; 이집트; 이탈리아; 인도; 인도네시아; 인천; 일본; 자그레브; 자메이카; 자카르타; 잠비아; 제주; 조지아; 중국
짐바브웨; 차드; 체코; 취리히; 칠레; 카라치; 카라카스; 카르툼; 카메룬; 카불; 카사블랑카; 카이로; 카자흐스탄; 카타르; 카트만두; 캄보디아
캄팔라; 캐나다; 케냐; 코스타리카; 코트디부아르; 코펜하겐; 콜롬보; 콜롬비아; 콜카타; 콩고-킨샤사; 쿠바; 쿠알라룸푸르; 쿠웨이트
크로아티아; 키갈리; 키르기스스탄; 키시나우; 키예프; 키프로스; 킨샤사; 타슈켄트; 타이베이; 타지키스탄; 탄자니아; 탈린; 태국; 테헤란
토론토; 투르크메니스탄; 튀니스; 튀니지; 튀르키예; 트리폴리; 트빌리시; 티라나; 파나마; 파라과이; 파리; 파키스탄; 팔레스타인 지구; 퍼스
페루; 평양; 포드고리차; 포르토프랭스; 포르투갈; 폴란드; 프놈펜; 프라하; 프랑스; 피닉스; 핀란드; 필리핀; 하라레; 하바나; 헝가리; 헬싱키
호놀룰루; 홍콩
"""

PLACES = frozenset(place.strip() for place in _PLACES.replace("\n", ";").split(";"))
