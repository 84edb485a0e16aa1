"""Table of picture agencies and stock libraries, with their spellings in credits.

From public lists of picture agencies (members of CEPIC, BAPLA, DMLA and BVPA) and from credits as pages print them.
"""

from __future__ import annotations

PICTURE_AGENCIES = """
Getty Images: getty; gettyimages; גטי אימג'ס; גטי; гетти; гетти имидж; غيتي; گتی ایمیجز; گیتی ایمیجز; গেটি ইমেজেস;
  गेटी इमेजेज; गेटी; ゲッティ; ゲッティイメージズ; 盖蒂图片社; 蓋蒂圖片社; 게티이미지; 게티이미지뱅크; 게티; เก็ตตี้อิมเมจ
Shutterstock: shutter stock; shutterstock.com; шаттерсток; שאטרסטוק; 셔터스톡
iStock: istockphoto; istockphoto.com; istock.com; thinkstock; thinkstockphotos
Alamy: alamy stock photo; alamy live news; alamy.com
Adobe Stock: adobestock; stock.adobe.com; adobe.stock.com; stock.adobe
Fotolia: fotolia.com
Depositphotos: deposit photos; depositphotos.com
Dreamstime: dreamstime.com
123RF: 123rf.com
Pixabay: pixabay.com; пиксабай
Pexels: pexels.com
Unsplash: unsplash.com
Freepik: freepik.com
Bigstock: bigstockphoto; bigstockphoto.com
Canva:
Envato: envato elements
Pond5:
EyeEm:
500px:
Wikimedia Commons: wikimedia; wikipedia; wikicommons; wiki commons; commons.wikimedia.org; википедия; викимедиа;
  ویکی‌پدیا; ויקימדיה; ויקיפדיה; 維基百科; 维基百科; 위키백과
Magnum: magnum photos; agence magnum
VII: vii photo; vii agency
NOOR: noor images
Panos: panos pictures
Redux: redux pictures
Contact Press Images:
Polaris: polaris images
Black Star:
Gamma: gamma-rapho; gamma rapho; rapho; gamma-legends
Sygma: corbis sygma; sygma/corbis
Sipa: sipa usa; sipa press; sipapress; sipausa; sipaphoto
Abaca: abacapress; abaca press; abacapress.com
Hans Lucas: hanslucas
MYOP:
Agence VU: vu'; agence vu'
Divergence Images: divergence
Maxppp: maxppp.com; photopqr; pqr
Bestimage: best image
DPPI:
Icon Sport: iconsport
Presse Sports: pressesports
KMSP:
FEP:
Starface:
Leextra: opale; opale.photo
Andia: andia.fr
REA: agence rea; rea agence
Zeppelin: agence zeppelin
Oeil Public: l'œil public
Tendance Floue:
Bridgeman Images: bridgeman; bridgeman art library
Akg-images: akg images; akg
Leemage:
Roger-Viollet: roger viollet
Kharbine-Tapabor:
Mary Evans Picture Library:
Granger: granger collection
Everett Collection: everett
Heritage Images:
Hulton Archive: hulton; hulton-deutsch
Bettmann: bettmann archive
Corbis:
Topfoto:
Science Photo Library: science photo lib; spl
Nature Picture Library: naturepl; naturepl.com
Minden Pictures: minden
Okapia:
Imago: imago images; imago-images; imago stock; imago sportfotodienst; имаго
Ullstein Bild: ullstein; ullsteinbild; ullstein-bild
ddp: ddp images; dapd; ddp media
Action Press: actionpress
Witters: witters sportfotografie
Sven Simon:
GES: ges-sportfoto
Eibner: eibner-pressefoto; eibner pressefoto
Pressefoto Baumann: baumann
Laif: laif agentur
Ostkreuz: ostkreuz agentur
Agentur Focus:
Zeitenspiegel:
Plainpicture:
Mauritius Images:
Westend61:
Blickwinkel:
Teutopress:
Brauer Photos:
Schneider-Press:
Gepa: gepa pictures; gepa-pictures
Expa: expa pictures
Picturedesk: picturedesk.com
Freshfocus:
Hollandse Hoogte: hollandse-hoogte; anp/hollandse hoogte
Pro Shots: proshots; pro shots photo agency
BSR Agency:
Photo News: photonews
Isopix: isopix sa
BELPRESS: belpress
Scanpix: scanpix denmark; scanpix norway; scanpix baltics; скенпикс
Bildbyrån: bildbyran
Gonzales Photo:
All Over Press: all over
F64: f64 photo agency
Žmonės Foto:
BNS Foto:
East News: eastnews
Agencja Wyborcza: agencja wyborcza.pl; agencja gazeta; agencja wyborcza pl
Newspix.pl: newspix
Fotonova:
Edytor.net:
400mm.pl:
MAFRA:
Profimedia: profimedia.cz; profimedia.sk; profimedia.rs; profimedia images; профимедиа
Pixsell: pixsell.hr
Cropix: hanza media
Borut Živulović: bobo; foto bobo
Guliver: guliver image
Starsport:
Inquam Photos: inquam
Hepta: mediafax foto
Eurokinissi: ευρωκινισση; ευρωκίνηση; ευρωκίνηηση; eurokinissi.gr
InTime News: intime; intimenews; ιntime
SOOC: sooc.gr
NDP Photo Agency: ndp
Motion Team:
Profil Foto:
Depo Photos: depophotos
Flash90: flash 90; פלאש 90; פלאש90
JINI: ג'יני; jini photo agency
APA Images: apaimages
Middle East Images: middle east images agency
NurPhoto: nur photo; nurphoto srl
Zuma: zuma press; zumapress; zuma wire; zumapress.com
SOPA Images: sopa
LightRocket:
Pacific Press: pacific press agency; pacificpress
Penta Press: penta
Rex: rex features; rex/shutterstock; rex shutterstock
Camera Press:
SWNS: south west news service; swns.com
Caters: caters news agency; caters news
Kennedy News: kennedy news and media
Solent News: solent news & photo agency
Bav Media:
National News: national news & pictures
London News Pictures: lnp
Cover Images: cover media; cover-images.com
Mega: mega agency; megaagency.com; themegaagency.com
Splash News: splash; splashnews.com
Backgrid: backgrid usa; backgrid.com
WENN: wenn.com; wenn rights
Avalon: avalon.red
Photoshot: uppa
Eyevine:
Newscom: newscom.com
Action Images:
Colorsport:
Pro Sports Images:
Focus Images:
News Images: news images ltd
JMP:
BPI: back page images
SNS Group: sns; sns pix; snspix
Inpho:
Sportsfile: sportsfile.com
RollingNews: rollingnews.ie; rolling news; rolling news.ie; photocall ireland
Wales News Service:
Story Picture Agency: story picture
i-Images: i images; iimages
Parsons Media:
News Corp Australia: newscorp australia; news ltd; newspix.com.au
AFL Photos: afl media
Photosport: photosport nz
USA Today Sports: usa today network; usa today sports images; usatsi
Imagn Images: imagn; imagn sports
Icon Sportswire:
Cal Sport Media: csm
WireImage: wire image
FilmMagic: film magic
Patrick McMullan:
BFA: bfa.com
Startraks: startraksphoto; startraks photo
MediaPunch: media punch
AdMedia:
ImageCollect: imagecollect.com
Disney General Entertainment:
Photofest:
Planet: planet labs; planet labs pbc; planet labs inc.
Maxar: maxar technologies; maxar/digitalglobe; vantor
DigitalGlobe:
Airbus DS: airbus defence and space; cnes/airbus
Copernicus: copernicus sentinel; european union/copernicus
NASA: наса; ناسا; נאס"א; 나사; ナサ
Ruptly: раптли
Storyful: storyful/newsflare
Newsflare:
ViralHog:
Jukin Media:
Viory:
Zenger:
Africa24 Media:
Gallo Images: gallo
Foto24:
Aflo: アフロ; aflo sport
Amana: アマナ; amanaimages
PIXTA: ピクスタ
VCG: 视觉中国; 視覺中國; visual china group
IC Photo: icphoto; 东方ic; 東方ic; ic photo
CFP: chinafotopress; 中国图片集团
Imaginechina: 海洛创意
OSEN: 오센
Newspim: 뉴스핌
NEWSEN: 뉴스엔
Xportsnews: 엑스포츠뉴스
ClipArtKorea: 클립아트코리아
Hindustan Times Photo: ht photo
Express Photo: express archive; indian express photo
Dinodia: dinodia photos
Barcroft: barcroft media; barcroft india
Photoagency Interpress: интерпресс; interpress photo
Lori: фотобанк лори; lori.ru
Global Look Press: globallookpress; globallookpress.com; глобал лук пресс; global look
Legion-Media: легион-медиа; legion media
Photolure: фотолур; photolure agency
PAN Photo: pan фото; панармениан
Aton Photo:
GDA: grupo de diarios américa
Jam Media:
Mexsport:
Straffon Images:
Imago7:
Agif: agif brasil
Fotoarena: foto arena
Futura Press: futurapress
Brazil Photo Press: brazilphotopress
Raw Image:
W9 Press:
Ag. A Tarde:
AgNews: ag news
Alter Photos:
Cordon Press: cordonpress
Contacto: contactophoto; contacto photo
Gtres: gtresonline
AFP7:
Pressinphoto: pressinphoto sports agency
Insidefoto: inside foto
IPA: ipa agency; ipa-agency; independent photo agency
Fotogramma:
Agenzia Fotogramma:
Imagoeconomica:
Contrasto:
LivePhotoSport:
Image Photo Agency:
Mondadori Portfolio:
Global Imagens: globalimagens
Atlantico Press: atlântico press
"""
