"""Given names of people in many languages, in lower case and without accents.

Source: lists of given names of sixty countries (the locales of `faker`), words that are more often something else left out.
"""

from __future__ import annotations

_LATIN = """
aadi aage aaliyah aarav aarna aaron aashi aba abbas abbie abbos abdi abdu abdul abdullah abdullahi abe abebi abeer abel abelardo abena
abeni abha abigael abigail abner abraham abram abror achieng achille achim ada adalberto adam adamo adams adan adda adel adela
adelaida adelaide adelbert adele adelia adelina adeline adem aden adeyi adhra adia adigun adil adimu adina aditya adnan adolf adolfo
adonis adora adrian adriana adriane adrianna adrianne adriano adriel adrien adrienne advay advik adwoa adya afia afua agata agatha
agathe agne agnes agnese agneta agnieszka agus agusta agustin agustina ahmad ahmed ahmet aicha aida aidan aideen aiden aileen aili
ailis aime aimee aina aine aino ainoa aisha aisling aisyah aitor aivar ajala ajani ajay ajda ajoke akbar aki akif akira akmal akos
akua akumu alade alain alamu alan alana alba albert alberta alberte albertina albertine alberto albin albina alda aldis aldo ale alec
alejandra alejandro alejo aleks aleksandr alen alena ales alessia alessio aleta alex alexa alexander alexandr alexandra alexandre
alexandru alexej alexia alexis alf alfio alfons alfonso alfred alfredo algot ali alice alicia alida alina aline alis alisa alisha
alison alissa alisson alistair alix aliya aliyu alize alja aljaz alka alla allan allen allison ally alma almira almus alois alondra
alonso aloys alphons alphonse alphonsus alva alvar alvaro alvin alwin alwina alwine alyssa alzbeta alzina ama amada amado amalia
amalie amalija amanda amandine amani amara amaro amaya ambar amber ambrose amelia amelie americo ami amico amin amina amir amira amit
amoke amol amon amope amor amos amparo amri amy ana anabel anabela anabella anahi anais analia anas anasa anastacia anastasia anay
anda andela anders anderson andor andra andre andrea andreas andree andrei andreia andrej andres andrew andrey andri andrzej andy ane
anej anes aneta anett anette anezka angel angela angele angeles angelica angelika angelina angeline angelique angelita angelo angie
angus anh ani anibal anica anika aniko anil anina anisa anissa anita anja anjali anka anke anmol ann anna annabel annabell annabella
annabelle annalisa annalise annamaria annamarie anne anneke anneli annelie annelies anneliese annemarie annemie annetta annette anni
annick annie annika annikki annita anny anoni anouk ansel ansh antal ante antero anthony anto antoine anton antonella antonia antonie
antonija antonin antonina antonino antonio antonius antony ants antun anu anvar anvi anya anze aoife apolonia araceli aracely aran
ardis ari aria ariadna arian ariana ariane arianna arie ariel ariella arif arike arild arin arina aris aristide arjun arlene arlette
arley armand armando armida armin arnaldo arnas arnaud arne arno arnold arnoldo arnulfo aroa aron arpad arsenio arta artan arthur
artis artur arturo arun arusi arvid arvo arya aryan arzu asa asad asafe asake asali asani asbjorn ase asha ashley ashling ashok asila
asiman asma assunta asta astrid atena athena ati atlas attila aud aude audrey augusta auguste augustin augustina augustine augusto
aura aurea aurel aurelia aurelie aurelien aurelio aurora aurore ausra ava avi avni awero awesi axel axelle aya ayaan aydan ayden aydin
ayla ayleen aylin aylla aynur ayoka ayoub ayse aysel ayten ayub ayush azaan azad aziz aziza azizi azra baaba baba babette baldur
baldwin bale baltasar bambi bao baptiste bara barbara barbora baris barna barry bart bartley basil basim bastian bastien bayram beata
beatrice beatrix beatriz beau bebe becky beda bela belen belinda bella bello ben benard benas bence benedict benedicte benedikt
benicio benita benito benjamin benny benoit benson bent benta bente benthe bento beppe berat berend berenice berit bernadine bernard
bernarda bernardo berndt bernhard bernice bernt bert berta bertha berthe bertil berto bertram bertrand beryl betania beth betina betsy
bettina betty beverley biagio bianca bianka bibi bibiana bilal biljana bill billy bilol bina birger birgit birgitta birte birthe
bjarne bjorg bjorn blahoslav blake blanca blanche blanka blas blaz blazej blazena boaz bob bobby bobur bodil boel bogdan bohumil
bohumila bohumir bohuslav bojan boleslav boma bonu boris borja borut borys bozena bozo brad bradley brady brahim brandon branislav
branka branko braulio brayan breda brenda brendan breno brent brett brian briana brianna brice bridget brien brigid brigita brigitta
brigitte brinda brit brita britt britta bronagh bronwyn bruce bruna bruno bryan bryce budi bui bunmi burak byron caio caitriona caleb
calista calogero calvin camila camilla camille camilo canan candida candido caoimhe cara caren carin carina carine carl carla carlo
carlos carlota carlotta carly carmel carmela carmelita carmelo carmen carmina carmine carol carola carole carolin carolina caroline
carolyn carolyne carsten cas casandra casey casper cassandra catalina catarina caterina cathal catharina catherine cathleen cathrine
cathy cato catrin catrina catriona caua caue cecelia cecil cecile cecilia cecilie cedric celeste celestin celestine celestino celia
celina celine celso cesar ceyhun chad chandra chantal charity charles charlie charline charlotta charlotte charly charmaine charo
chase chau chelo chelsea chema cheryl cheyenne chiara chinedu chita chloe chris christa christel christian christie christin christina
christine christof christoph chuki chus chuy ciara ciaran cielo cillian cindy cinthia cipriano ciril ciro citlali clair claire clara
clare clarice clarisa clarissa clarisse claude claudette claudia claudie claudine claudio claudius claudy claus clemence clemens
clement clemente cleto clifford clinton cliodhna cliona clive clodagh cloe clotilde cody cole coleman colette colin colleen collette
collin collins colm colum comfort conal conall conan concetta concha conn connie connor conny conor conrad constance constant consuela
consuelo cora coral coralie corey corina corine corinna corinne cormac cornel cornelia cornelius corona cory cosme craig cristal
cristian cristiano cristina cristobal cristofer cruz csaba ctibor curro curt cynthia cyprian cyril cyrille cyrus dafina dafne dag
dagmar dagmara dagny dai daire daisy daksh dale daler dalia dalibor dalvin damaris damian damiano damien damir damjan damon dan dana
danae dang dani dania danica daniel daniela daniele daniella danielle danijel danijela danilo danna danny dante dany daphne dara daren
daria dariana darin darina dario darius dariusz darja darko darragh darrell darren darrin darryl darsh darwin daryl dasa daudi dave
davi david davin davis davor davy dawid dawn dayana dean dearbhail dearbhla debbie debby debora deborah deborrah debra declan deepa
deepak deidre deirdre dejan delfina delia delphine demetra demi demian denes denis denisa denise denisse deniz dennis denny dereck
derek derick dermot derrick dervla desiree desmond dev devin devon dewi deyanira dezso dhruv dian diana diane diann dianna dianne
diarmuid didier diego dieter dilan dilara dimas dimitri dimitrios dina dinah dinis dino diogo dion dipta dirk dita divya diya diyor
dobroslav dolly dolores dom domas domen domenic domenica domenico domhnall dominga domingo dominic dominick dominik dominika dominique
don dona donal donald donat donatella donato donna donovan dora dorcas doreen dori dorian dorina dorine doris dorota dorotea dorothea
dorothee dorothy dorte dorthe douglas dovud draga dragan dragica drago drahomira drahoslav drew duane duc duje dulce duma duncan dung
dunia dunyo duong duro dusan duyen dylan eamon eamonn earl ebba ebbe ebenezer ebony ebuka eda edda eddie eddy edel eden eder edgar
edgard edgardo edin edina edison edit edita edith edmond edmund edna edouard edson edu eduard eduardo edvard edvin edward edwin edwina
eesha efrain efren egbert eggert egil egle egon eileen eilis eilish eimear eimer einar eino eirik ekaja ekani ekbal ekene ekiya ekow
ekta ela elaine elba elbert elda eldar eldon elea eleanor eleanora elena elenore eleonora eleonore elfie elgin eli elia elian eliana
eliane elias elie elif elijah elin elina eline elinor elio eliot elis elisa elisabet elisabeth elise eliseo elisha eliska eliza
elizabeth elke ella ellen elli ellie ellinor elliot elliott ellis elly elma elmar elmer elmira elmo elna elnur eloa eloah elodia
elodie eloisa eloise elon eloy elsa else elsie elsy elton elva elvia elvin elvina elvira elvis elvy elza elzbieta ema emanuel emanuela
emeka emelia emelie emelina emeline emely emer emerald emerson emese emil emile emilia emilian emiliana emiliano emilie emilija emilio
emilly emily emin emine emir emma emmanuel emmet emmett emmi emmy emre emy enda endre ene enea enes engla eniko enna ennio enola
enrico enrique enriqueta enya enzi enzio enzo eoghan eoin epifanio erasmo erastus erdogan eric erica erich erick erik erika erin eris
erkan erla erland erling ermes erna ernest ernestina ernestine ernesto erno ernst ervin erwin eryk esi esmeralda espen esperanza esra
esteban estefania estefany estela estella estelle ester estera esther estrella eta ethan ethel etienne etna etta eufemia eugen eugene
eugenia eugenie eugenio eulalia eunice eusebia eusebio eva evald evaline evan evance evans eve evelin evelina eveline evelyn evelyne
ever evert evi evie evita evy ewa ewald ezekiel ezequiel ezio ezra fabia fabian fabiana fabien fabienne fabio fabiola fabrice fabrizio
faisa faith falak falan fang fanni fanny faqid farah faraj faras farid fariq faris fariz fatih fatiha fatima fatma fatuma faustino
fausto fay faye feargal fearghal febe federica federico fedor felice felicia felicie felicitas felicity felipa felipe felix ferdinand
ferenc fergal fergus fernand fernanda fernande fernando festus fidel fiifi filip filipa filipe filippa filippo filomena finbar finn
fintan fiona fionnuala fitan fito fiyaz flavia flavio flemming flor flora flore florencio florent florentin florian floriane florin
florina florine folu fortunata forum frado fran franc franca france frances francesca francesco francine francis francisca francisco
franck franco francois francoise franjo frank franklin franky frans frantisek frantiska franz franziska fred freda freddy frederic
frederick frederik fredo fredric fredrick fredrik fredy freja freya frida frieda friedrich fritz frode fuma fuzuli gabi gabor gabriel
gabriela gabriele gabriella gabrielle gael gaelle gaetano gagan gail gaja gal gala galina galo gambo ganga gareth garret garrett garry
gary gaspar gaston gauri gavin geert geir gema gemma genaro gene genesis genevieve gennaro genoveva geoffrey georg george georges
georgette georgiana georgina georgine gerald geraldine geraldo gerard gerardo gerd gerda gergo gerhard gerhardt geri germaine german
gerold geronimo gerrit gerry gert gertrud gertrude geza ghislain ghislaine gia giacomo giada gian giancarlo gianluca gianna gianni
gibson gideon gifty gil gilbert gilberte gilberto gilda gilles gillian gilman gina ginette gino giorgia giorgio giovanna giovanni
giovanny girik gisela gisele giselle gisselle gitte giulia giuliana giuliano giulio giuseppa giuseppe gladis gladys glen glenda glenn
gloria goda godfrey goma goncalo gonzalo gopal goran gordana gordon gottlieb goyo grace gracia graciela graham grainne grant grazia
graziella greca greco greg grega gregg gregoire gregor gregorio gregory greta gretchen grete grethe gretta griselda gro grzegorz
guadalupe gudrun gugu guido guillaume guillermo gulaga gulay gulus gulzar gunar gunda gunhild gunn gunnar gunner gunter gunther gus
gust gustaf gustav gustave gustavo guy gwen gwenda gyozo gyte gytis gyula habib habiba hadija hai haiba hailey hakan hakim hakon hal
haley halid halima halley hamid hamis hamza hana hanh hanja hanna hannah hanne hannele hannelore hannes hans harald hardy harm harold
harri harriet harrison harry harsh haruki harun harvey hasan hassan hatice hauwa hazel heather hector hedda hedi hedvika hedwig hedy
hege heidi heidy helen helena helene helga helge hella hellen helma helmer helmut heloise hema hemal hendrik henning henny henri
henrieta henrietta henriette henrik henrike henrique henry herbert herdis heriberto herma herman hermann hermina hermine herminia
hernan herta hertha herve hilario hilary hilbert hilda hilde hildegard hildur hillary hillevi hilma hilmar hiral hiram hiroshi hjalmar
hjordis hoa hoang holger holly holm hong honora hope horacio hortense hortensia hosea howard hubert hugh hugo hugues huguette hui
hulda humberto humphrey hung hunor huong huseyin hussein huy hynek iain ian iara iban ibrahim ica ida ide idika idris ieva ifora ige
ignac ignace ignacio ignas ignatz igne igor ihsan ijaya ika ikbal iker ilaria ildiko ileana ilias ilija ilja ilona ilse ilyas ima imam
imane imany imara imelda imke immanuel imona imran imre imron ina inaya indiana indira indra indre ines ineta inez inga inge ingeborg
inger ingmar ingrid ingrida ingvar inigo inna iolanda ira iren irena irene irfan irina irine iris irja irma irya isa isaac isabel
isabela isabell isabella isabelle isadora isaiah isaias isak isaya isha ishaan isidor isidro isis islom ismael ismail ismet isobel
issack istvan ituri itzel iva ivan ivana ivanka ivar iver iveta ivette ivica ivka ivo ivona ivonne ivor ivy iwo izabela izidor iztok
jaan jacek jacinta jack jackeline jackson jacky jacob jacques jade jadranka jael jafet jagat jagvi jahi jai jaime jair jairo jaka jake
jakob jakov jakub jalia jalol jalsa jamaal jamal jameel james jamie jamil jamila jan jana jane janet janeth janette janez jani janice
janina janine janis janja janko jann janna janne jannie jannis jano janos janus janya jaqueline jara jared jari jarl jarlath jarmila
jarno jaromir jaron jaroslav jaroslava jasmin jasmina jasmine jasna jason jasper jasur jatin javi javier jay jayda jayden jayne jayson
jazmin jean jeana jeanette jeanine jeanne jeannette jeannie jeannine jed jeet jeff jefferson jeffrey jelani jele jelena jelka jemma
jen jenifer jeniffer jenna jenni jennie jennifer jenniffer jenny jeno jens jere jeremiah jeremias jeremie jeremy jerica jerome jerry
jerzy jesper jesse jessica jessie jessika jessy jesus jill jillian jim jimena jimmie jimmy jina jing jiri jitka joachim joakim joan
joana joann joanna joanne joao joaquim joaquin jocelyn jocelyne jochen jodi jodie jody joe joel joelle joey johan johana johann
johanna johanne johannes johans john johnnie johnny johnson johny joi jolan jolana jolanda jolanta jolie joline jon jona jonah jonas
jonatan jonathan joni jonna jonny joojo jordi jordy jorge jorgen joris jorn jorunn jos jose josee josef josefa josefin josefina
josefine joselyn josep joseph josephine josephus josette josh joshua josiah josiane josip josko joso josua josue jovan jovita joy
joyce jozef jozo jua juan juana juanita jude judit judita judith judy juhani jule jules julia julian juliana julianna julie julien
julienne juliet julieta juliette julija julijana julio julius juma jun junia junior junius juraj jure jurgen juri justin justina
justine justus juwon jyoti kaarina kabir kadri kai kaj kaja kajus kala kaleb kalevi kali kalina kalle kalman kamal kamau kami kamil
kamila kamran kamron kamya kara karan kare kareem karel karen kari karim karima karin karina karine karl karla karli karlina karlo
karma karol karolin karolina karoline karsten kasim kaspar kasper kassandra kata katalin katarina katarzyna kate katerina katharina
katharine katherin katherina katherine kathi kathleen kathryn kathy kati katia katie katja kato katrin katrina katty katy kavya kay
kayla kaylee kayleigh kazim kazuo keiko keisha keith keji kelli kelly kelvin kemal ken kenan kendra kenji kennedy kenneth kenny kent
kenzie kerri kerry kerstin ketut kevim kevin keya khadija khaled khalid khalil khanh khoa kiaan kiah kian kiapo kiara kieran kike
kilian killian kim kimberley kimberly kimya kinga kip kira kirk kirsten kirstin kit kitti kitty kiume kjell klaas klara klaudia klaus
klemens klement knut kobe koen kofi kojo koko kondo konrad kornel kornelia kornelius kovu kris krish krishna krista kristel krister
kristi kristian kristiana kristiina kristijan kristin kristina kristine kristjan kristof kristofer krystyna krzysztof kujoe kunal kurt
kveta kwaku kwame kwasi kweku kweli kwesi kyan kyara kyle kylie kyra laban lacey lada ladislav ladislava ladli lady laetitia laila
laini lais lajos laksh lala lalo lam lamar lambert lan lana lance lando lanre lara larisa larissa larry lars lasse laszlo latif laura
laure laureen lauren laurence laurent lauretta laurette lauri laurie laurine lavinia lawrence layla laylo lazar lazaro laziz lea leah
leana leander leandra leandro lee leela leena leia leif leigh leila leire leja leke lekha lelia lena lene lenka lennart lenny leo leon
leona leonard leonardo leonce leone leonel leonhard leonidas leonie leonor leonora leonore leontina leontine leopold leopoldo leos
lerato lere leroy lesia lesley leslie lesly leticia letitia letizia levi levin lewis lex leyla leyli leyre lia liam lian liana liane
liba liban libni libor licia lida lidia lidija liepa liesbeth ligia ligita liisa lila lili lilia lilian liliana liliane lilija lilja
lilla lillian lilly lily lina linas linda lindsay lindsey line linh linn linnea lino linus lionel lisa lisandro lisbet lisbeth lise
liselotte lisette lissette liv livia livio liwia liz liza lizeth ljiljana ljubica ljudmila logan lohit loic loida lois lola lolita
lona lone loni lopa lope lora loraine lorcan lore loredana lorelei lorena lorenz lorenza lorenzo loretta loretto lori lorin lorine
loris lorna lorraine lotta lotte lou louie louis louisa louise lourdes lovisa lovre lovro luan luana luara lubomir lubos luc luca
lucas lucca luce lucero lucette lucho lucia lucian luciana luciano lucie lucien lucienne lucija lucile lucinda lucio lucky lucretia
lucy ludek ludivine ludmila ludovic ludovica ludvig ludvik ludwig luigi luis luisa luiza luka lukas lukasz luke lumir luna lunna lupe
lutfi luther luz lydia lydie lyn lynda lynn lynne maarit mabel mac made madeleine madelene madeline madison madoa mads mae mael maelle
maeva maeve mafalda magali magda magdalena magdalene maggie maggy magne magnolia magnus mahdi mahesh mahir mahmoud mahmud maia maida
maie maija maira maire mairead maite maja majken makena maks maksim makuu malachy malak malcolm malena malene malia malik malika malin
malle malou malte malvina mamen manan manca manda mandy manfred manila manoj manon mantas mante manu manuel manuela manuelita manus
manya mara marc marcel marcela marcelina marceline marcelino marcell marcella marcelle marcello marcelo marcia marcin marcio marco
marcos marcus mare marek maren marga margaret margareta margarete margarida margarita margaux margit margita margo margot margret mari
maria mariah mariam marian mariana mariann marianna marianne mariano maribel marica maricela marie mariela marielle marietta mariette
marija marijan marijana marika marilena marilyn marin marina marine marino mario marion maris marisa marisela marisol marissa marit
marita maritta maritza marius mariusz marja marjan marjatta marjorie mark marko markus marleen marlen marlena marlene marlies marlin
marlis marlon mart marta marte marten martha marthe marti martial martim martin martina martine marvin mary maryam maryann maryanne
marylene maryline maryse masa mason massimo matas mate matea matej mateja mateo matheo mathew mathias mathieu mathilda mathilde mathis
mati matias matic matija matilda matilde mato mats matteo matthew matthias matthieu matti mattia mattias matyas maua maud maude maura
maureen maurice mauricio maurine maurizio mauro max maxi maxim maxima maxime maximo maximus maxine maxwell maya mayra maysa mayte meda
meera meg megan megane megha mehdi mehmet meike mel melania melanie melany melba melina melinda melisa melissa melita melodie melvin
mercedes mercy merle merlin merve mervin mervyn meta metka metod metta mette mia micael micaela micah micha michael michaela michaele
michal micheal michel michela michele micheline michell michelle mickael migle miguel miha mihael mihaela mijo mika mikael mikaela
mike mikhail mikkel mikulas mila milada milagros milana milda mildred mile milena milica milka milla miller millicent milly milo milos
miloslav miloslava milton mimi mina mindy minerva ming minh minna mio mira miran miranda mirco mireille mirela mirella mireya miriam
miriama mirja mirjam mirjana mirko mirna miro miron miroslav miroslava mirsad mirta misael misty mitra mladen mohamad mohamed mohammad
mohammed mohit moira moises mojca mojmir molly mona monica monika monique monserrat mora morena moreno morgan morgane moritz morris
morten mortimer mosa moses mthobisi muhammad muhammed mulayim muli muni murat muriel murielle murod musa muslum mustafa mustapha mwezi
mya myles myra myriam myrta mzamo nabil nacho nacio nada nadege nadezda nadia nadine nadir nadja nael naim nair najam naki naksh nakul
naledi nam nan nana nancy nando nanna nanni naoise naoki naomh naomi narcisa nasra nat natacha natali natalia natalie natalija natalja
nataly natan natanael nataniel natasa natascha natasha natasja nath nathalia nathalie nathaly nathan nathanael nathaniel nayeli nayfa
nazim neal ned nedas nedda neel neha nehemiah neil neja nejc nela nelah nele nelia nell nella nellie nelly nelson nenad neo nerea
nereida nestor netra nevenka neville nevin newton neza ngeni ngo ngoc ngozi nguyen nhat nhien nhung nia niall niamh niara nichola
nicholas nick nicklas nicky niclas nico nicola nicolai nicolas nicole nicoletta nidhi nidia nidra niels nigel nihad nihal niina nik
nika nikhil nikita nikki niklas niko nikol nikola nikolai nikolaj nikolas nikoletta nikolina niksa nilda nilo nils nina nino nirja
nisa nisha nives nixon niyazi njozi nneka noa noah noam noe noel noelia noella noelle noemi noemie nojus nolan nomsa nonso noor nora
norah norbert norberto noreen norma norman nour nova ntimi nuala nuhu nula nuno nuria nuru nusa nyasi nydia nyoka nyoman nyoni nyota
nyuki oba obed oceane octavia octavie octavio oda odalis odalys odd odette odika odile odina oeshi ofelia oisin ojas oke okto ola olaf
olav olavi oldrich ole oleg olena olga olimpia oliva olive oliver olivia olivie olivier olof olympia omaja omar omari omer omina omya
ona ondrej oni onkar oona oonagh ophelia ophelie orla orlaith orlando ornella osa oscar osha osiyo oskar osman osogo osvald osvaldo
oswald oswaldo otieno otilia otis oto ottilia ottilie otto ove oviya owen oxana oysha oystein oyvind ozlem pablo paca paco padraic
padraig pahal paige pal palesa paloma pam pambe pamela panfilo panya paola paolo parth pascal pascale pasquale pat patience patric
patrice patricia patrick patrik patrizia patty paul paula paule paulette paulina pauline paulo pauric pavao pavel pavla pawel paz
peace peadar pearse peder pedro peg peggy pekka penelope penny pepe percy perla pero perry petar pete peter petr petra petrina
petronela petros petter pham phan philip philippa philippe phillip philomena phoebe phuc phuong phylis phyllis pia pier pierce pierina
piero pierre pietro pijus pilar pili pim pina pio piotr pippa piret pius pol polly pooja porfirio pranav priit prima prisca priscila
priscilla priya prudence putri qabil qadim qarin qasim quang quentin quincy quinn quinten qushi rabah rabi rachael racheal rachel
rachid radek radha radim radka rado radomir radoslav radovan rael rafa rafael rafaela rafal raffaele raffaella rafi rafiq ragna ragnar
ragnhild raheem rahul raina rainer raisa raivo rajesh rajko rakesh ralf ralph rama ramadan ramesh ramiro ramiz ramon ramona rana randi
randolf randy rania raoul raphael raquel rasa rasmus raul raven ravi ravy ray rayan raymond raymonde razi reagan rebeca rebecca rebeka
rebekka reda redmond reece reet regina reginald regine regis reimar rein reina reinaldo reine reinhart reinhilde reinhold reino reka
remi remy rena renan renata renato renaud rene renee renzo reuben reva rex reyes reyna reynaldo reza rhavi rhoda rhona rhonda rhys ria
ricarda ricardo riccardo richard rick ricky rico ridhi rigoberto riina riley rina rishi rita riya rizky roar rob robby robert roberta
roberto robin robinson robyn rocco rocio rod roderick rodger rodney rodolfo rodolphe rodrigo roel rogelio roger rogers rohan rohit
roisin rojus rok rokas roko roland rolande rolando rolf romain romaine roman romana romane romano romeo romina romuald romy ron rona
ronal ronald ronaldo ronan ronja ronke ronnie ronny rony roque rory rosa rosalba rosalia rosalie rosalind rosalinda rosanna rosanne
rosaria rosario rose roseline roselyn rosemarie rosemary rosendo rosetta rosey rosi rosie rosina rosita roslyn ross rossana rosy rowan
rowena roxana roxane roxanna roxanne roy roz roza rozalia rozalija rozsa rua ruairi ruben rudi rudolf rudolph rudra rudy ruhiu rui
rune rungo rupert rusne russell rut ruta ruth ruy ruza ruzena ruzica ryan ryszard ryte rytis saad saadat saban sabas sabina sabine
sabir sabri sabrina sacha sachi sadao sadia safet safina safiya saga sahin sahra sai said saida sal saleh salim salina sally salma
salman salome salomon salud salvador salvatore salvi sam samanta samantha samar sami samir samira sammy samo samson samu samuel
sandeep sander sandi sandor sandra sandrine sandro sandy sani sanja sanjay sanna sanne santa sante santiago santino santos sanya sara
sarah sarai sari sarina sarita sarka sasa sasha saskia saso satoshi saul saundra sauti saverio scarlet scarlett scarlette scott seamus
sean sebastian sebastien seif selena selina selma sena sepp serafina serena serge sergei sergej sergio seth seve severin severine
severino severo sevim seyda seye shaban shana shane shani shania shari sharon shaun shauna shawn sheena shehu sheila sheilah sheri
shida shiela shirley shona sian sid sidonia siena sienna sifa sigmar sigmund signa signe sigrid sigrun sigurd siim siku sila silas
silja silje silke silva silvana silvano silvester silvia silvio silvo simao simas sime simen simeon simion simon simona simone simonne
sina sinead sinisa siobhan sipho siri sirje siti siv siya slavica slavka slavko slavomir slobodan smith sneha socorro sofia sofie
solange sole soledad solene solomon solon solveig somchai sona sonata sonia sonja sonny sonya sophia sophie soraya sorcha soren spela
spencer stacy stan stana stanislav stanislaw stanley stefan stefana stefani stefania stefanie stefanija stefano steffi stein steinar
stela stella sten stephan stephane stephanie stephany stephen steve steven stewart stian stig stina stine stjepan stu stuart sue sula
suleyman sumayya sumit sunil suresh susan susana susann susanna susanne sussie suzana suzanna suzanne suzette suzy svatopluk svea
svein sven sverre svetlana swala sybilla sylva sylvain sylvester sylvia sylviane sylvie sylwia tabitha tad tadas tade tadeas tadej
tadeo tadeusz tage taha tahir taina taj taja tajus takashi takeo tali talia talib tamanna tamara tamas tami tammy tamu tanay tanguy
tania tanja tanvi tanya tapani tapio tara tarak tari tarik tarmo tarun tasha tatiana tatjana tatsuya tea tecla ted teddy teja tejas
tekla telmo temir teo teodor teodora tera tere terence teresa terese teresia terez terezia terje terri terry tess tessa thabo thaddeus
thalia thanh thao thea theda thekla thelma theo theodor theodora theodore theophile theres theresa therese theresia thi thiago thibaud
thibault thibaut thierry thomas thor thu tia tiago tiara tiare tibor tiffany tiina tiit tiiu tilda tilde tilen tilman tim timea timmy
timo timon timotej timothy tina tindra tine tisa titas tito titus tiziana tiziano tjasa tobias toby todd toivo toki tola tom toma
tomas tomasa tomasz tomaz tome tomi tomislav tommy tomo tone toni tonia tonje tonny tono tonu tony tonya tor torben torbjorn tore
torsten tove toy tracey traci tracy tran trang trevor triin trina trine trini trinidad tristan triya trond trong troy trudi trung tuan
tuere tunde tung turid turkan turvi tuulikki tyler tymon tyra tyson ubika uche udant ugne ugo ugur ulf uli ulises ulla ulle ulrich
ulrik ulrike umang umar umberto umoja unni upma urban uri uriel urmas urmi uros ursa urska ursula urszula urvi usiku usman usmon ute
uwe uzima vaclav vagn vaida val vala valborg valdemar valdis valentin valentina valentine valentino valeri valeria valerie valerio
valery valeska valter vanda vanesa vanessa vania vanja vanya varun vasco vasyl veda veer vega veli vello velma venus vera verena
verner veronica veronika veronique vesna veta vic vicente vicki vicky victor victoria victorine vid vida vidal vidar vidhi viet viggo
vijay vikram viktor viktoria viktorija vilde vilem vilhelm villa ville vilma vilte vince vincent vincenza vincenzo vinciane viola
violet violeta violetta violette virag viraj virgilio virginia virginie viridiana vit vita vito vitor vittoria vittorio viv vivek
vivian viviana viviane vivien vivienne vladimir vladimira vladislav vlado vlasta vlastimil vojtech vratislav vyte wadi wahab waida
waldemar waldo wally walter wanda wanjiru ward warda warhi warren wayan wayne wazir wei weldon wendy wenzel werner wes wesley wilber
wilfred wilfredo wilfried wilhelm willard william williams willian willie willis willy wilma wilmer wilson winfred winifred winnie
wishi witold wladimir wojciech wyatt xalak xander xavier xenia xiao ximena xiomara xiti xolid xuan yaa yadigar yadira yael yago yahvi
yahya yahyo yair yaiza yamilet yan yanis yann yannick yannis yaqub yara yaritza yasar yash yasin yasmin yasmina yasmine yassin yassine
yasti yatan yatin yaw yazgul yazmin yen yesenia yessenia yilmaz ylva yngve yohan yohana yolanda yolande yosef yoselin yoshiko younes
youssef yrsa yug yuki yuliana yunis yunus yuri yuridia yusuf yvan yves yvette yvon yvonne zac zachary zahid zahir zahra zahro zahur
zaid zaida zainab zaira zakaria zalan zamir zan zane zaneta zansi zara zarna zawadi zayan zayd zdenka zdenko zdravko zelda zeljko
zelma zende zeno zenobia zenta zev zeynep ziga zigmund zina zinal zita ziva zlatko zoe zoey zofia zofie zoltan zora zoran zorka zsolt
zuba zuhri zuzana zvonko
"""
_CYRILLIC = """
аарон август августин авдеи аверкии аверьян авреліи автоном агап агата агафон агафья аггеи ада адам адриан азар азарии аким акулина
алевтин алевтина александр алексеи алексеј алина алла альберт альбіна аліна амалія амвросии амвросіи амос ана анании анатолии ангела
ангелина андреи андреј андрон андроник андріи анета анжела анжелика аникеи аникита анисим анита анна антип антон антонин антонина
аніта аполлон арефии аристарх аркадии аркадіи арсен арсении артем артемии архип аскольд атанас афанасии афиноген бажен билјана благица
благој богдан богданна богодар богуслав болеслав борис борислав борче боян бојан бранко будимир вадим валентин валерии валерия
валерьян валеріи варвара варлаам васил василии василина василиса василка василь васка вацлав велимир венедикт вениамин веніямин вера
вероника весна видое викентии виктор викторин виктория виолета виталии владилен владимир владлен влас влатко всеволод всемил всеслав
вышеслав вячеслав віктор вікторія віолетта віра віталіи гаврила гаврило галина ганна гедеон геннадии геннадіи георги георгии георгіи
герасим герман глафира глеб гліб горан горги гордана гордеи гордіи горче гоце григории григоріи гурии давид давыд дамјан дан даниел
данила данило даница данна данче дарина дарија дарко дарья дементии демид демьян денис дејан димитар димитър димка дмитрии дмитро доне
дорофеи драган драгана душан евгении евгения евграф евдоким евдокия евлампии евсеи евстафии егор едита едуард екатерина елена елизар
елисеи емельян емил емилија емілія епифан еремеи ермил ермолаи ерофеи еріка ефим ефрем жанна жарко захар зинаида зиновии зиновіи зоран
зорян зосима зоя иван иванка иванна игнатии игор игорь измаил изот изяслав иларион илија илья иордан иосип иосиф ипат ипатии ипполит
ираида ираклии ирина исаи исидор казимир камілла капитон карл карп касьян катерина ким кир кира кирил кирилл кирило клавдии клавдия
клавдія климент кондрат конон корнил коста кристина крсте ксения кузман кузьма куприян лавр ладимир ладислав лазар лазарь лариса лев
левко леон леонид леонтии леонтіи леонід леопольд лесь лидия лилјана лина лонгин лора лука лукия лукьян лучезар любим любов любовь
любомир людмила ліза лілія маия макар максим мариан марина мария марија марк марко марта мартин мартина мартын мартьян маруся марфа
марія марјан матвеи маја методи мефодии мечислав микита микола миколаи милан милен милена милии милица милован мина мир мирон мирослав
мирјана митко митофан михаил михаило михеи модест моисеи мокеи момчило мстислав мілена надежда надица надія назар наина наркис наталья
наталія натан наташа наум невена нестор никандр никанор никита никифор никодим никола николаи никон нина нинель нифонт нонна огнен
одарка оксана оксенія олег олекса олексіи олена олесь оливера олимпии ольга омелян онисим онуфрии опанас орест орина орися орхип осип
остап остромир охрім павел павле павло панас панкрат панфил парамон пармен парфен пахом пелагея петар петр петре петро пилип пимен
платон поликарп полина порфирии потап пров прокл прокофии прохор прохір пріска радим радислав радован раиса ратибор ратмир регина
ристо родион роза розалія роман рубен руслан рюрик савва савватии савелии самсон самуил сара сашо сања светлана светозар світлана
селиван семен серафим сергеи сергіи сидор сила силантии симон симона слободан снежана сніжана сократ соломон соломія софия софија
софон софрон софія соња спартак спас спиридон станимир степан стефан стоян стојан сузана таисия тамара тарас татьяна тања творимир
теодор теодора тереза терентии тетяна тимофеи тимофіи тимур тит тихомир тихон тијана тодор томе трајан трајче трифон трофим трохим
ульян ульяна устим устин фадеи фаина феврония федор федосии федот федір фекла феликс феоктист феофан ферапонт филарет филимон филип
филипп фирс фока фома фортунат фотии франц фрол харитон хома христина христо цвета цветан цветанка чедо чеслав эдуард элеонора эмилия
эмиль эммануил эраст эрнест эрнст ювеналии юлиан юлии юлия юрии юстим юстина юхим яков якуб яків януарии ярема ярина ярополк ярослав
ярослава єва євген єлисеи єфрем іван ігнат ігор ілля ірена ірина јане јасмина јелена јован јована јовче
"""
_GREEK = """
αβρααμ αγαθη αγαπη αγαπιοσ αγγελησ αγγελοσ αγλαια αγνη αγορω αδαμ αηδονα αθηνα αιασ αιμιλια ακριβη ακριβοσ ακριτασ αλεξια αλεξιοσ
αλικη αλκινοη αλκμηνη αμαλια αμφιθεα ανανιασ ανατολη ανδρεασ ανεστησ ανθη ανθιμοσ ανθουλα αννα αννικα αντυπασ αντωνια απολλων αργυρω
αρεθα αρετη αρησ αριαδνη αριστεα αριστοσ αρτεμησ αρτεμισ ασημησ ασημινα ασπασια αστερω αυγερησ αυγη αφεντησ αφεντρα βαγια βαγιανη
βαιοσ βαλαντω βαλερια βαρβαρα βαρδησ βασιλησ βενετια βερα βιολετα βλασησ βλασια βλασιοσ βρυσηισ βυρων γαβριηλ γαληνη γαληνοσ γεωργια
γιαννησ γιασεμη γιωργοσ γκικασ γκολφω γλαυκη δαμιανη δαναη δανιηλ δαφνη δημητρα δημοσ δημουλα διδω δικαια δικαιοσ δομνα δρακων δροσια
δροσοσ δωροθεα ειρηνη εκτορασ ελενη ελεσσα ελλη ελπιδα ελπισ εξαρχοσ ερασμια ερατω εριετα εριφυλη ερμησ ερμιονη ερρικοσ ερωφιλη ευα
ευανθια ευγενια ευδοκια ευδοξια ευθαλια ευθυμια ευκλεια ευσεβια ευτερπη ευτυχια εφραιμ ζαμπετα ζαμπια ζηναισ ζηνοβια ζηνων ζησουλα ζωη
ηβη ηλεκτρα ηλια ηλιανα ηλιασ ηρα ηρακλησ ησαιασ θαλεια θαλησ θεανω θεκλα θεμησ θεμισ θεοδοτη θεοδωρα θεοφιλη θετισ θεωνη θηρεσια
θησευσ θωμαισ θωμασ ιακωβοσ ιασονασ ιασων ιγνατια ικαροσ ινω ιοκαστη ιουλια ιουλιοσ ιρισ ισαακ ισιδωρα ισμηνη ιωακειμ ιωαννα ιωαννησ
ιων ιωνασ ιωσηφ καλη καλυψω κανελλα καρολοσ κερασια κηρυκοσ κικιλια κιμων κλαιρη κλειω κλεοπασ κλημησ κοκκωνα κομνηνη κοραλια κοσμασ
κοσμια κρινιω κυβελη κυδωνια κυρατσα κυριακη κυροσ κωστασ λαερτησ λαζαρια λαζαροσ λαμπροσ λεμονησ λεμονια λεων λεωνη ληδα λητω λουιζα
λουκασ λουκια λυγερη λυδια μακρινα μαλβινα μανθα μαντω μαρθα μαρια μαριγω μαρινα μαρινοσ μαριοσ μαρκοσ ματινα ματρωνη μαυρα μαυροσ
μελενια μελετια μελινα μεροπη μεταξια μηλια μηνασ μικεσ μινερβα μινωασ μιραντα μιχαελα μιχαηλ μιχαλησ μοσχα μυρσινη μυρτω ναταλια
ναυσικα νεαρχοσ νεοκλησ νεφελη νικη νικητασ νικητια νικοσ νικων νομικη νταιζη ξανθη ξανθοσ ξενη ξενοφων οθων ολγα ολυμπια ομηροσ
ορεστησ ορφεασ ουρανια παγωνα παναγησ παναγια πανδωρα παρεσσα παρθενα παρισ παταπια παυλινα παυλοσ πελαγια πετρα πετροσ πηγη πλατων
ποθητη πολυβια πουλια πυρροσ πωλινα ραλλησ ραλλια ραφαηλ ραχηλ ρεα ρεβεκα ρεβεκκα ρεγγινα ρηγασ ρηγουλα ριζοσ ροδανθη ροδια ροζα ρουσα
ρωμανοσ ρωξανη σαββασ σαλωμη σαμουηλ σαπφω σαρρα σεβαστη σεληνη σεμινα σεργιοσ σολομων σολων σουμελα σοφια σπαρτη σπηλιοσ σταυροσ
στελλα συμελα συμεων συμεωνη σωζουσα σωζων σωτηρησ σωτηρια τατιανα τζενη τιμοθεα τιμων τιτοσ τρυφων υακινθη υβοννη φαιδρα φαιδων φανη
φιλημων φιλιππα φιλιω φιλοθεη φλωρα φλωρινα φοιβη φοιβοσ φριξοσ φρυνη φωκασ φωκιων φωτεινη φωτιοσ χαιδω χαρα χαρη χαρισ χαριτοσ χιονια
χλοη χρηστοσ χριστοσ χρυση
"""

GIVEN_NAMES = frozenset(f"{_LATIN} {_CYRILLIC} {_GREEK}".split())
