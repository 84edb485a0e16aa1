"""Month names of many languages, full and in usual short forms."""

from __future__ import annotations

_NAMES = """
january february march april may june july august september october november december
jan feb mar apr may jun jul aug sep oct nov dec
- - - - - - - - sept - - -
januar februar märz april mai juni juli august september oktober november dezember
jan feb mär apr mai jun jul aug sep okt nov dez
jänner feber mrz - - - - - - - - -
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
janv févr - avr - - juil - sept - - déc
- fevrier - - - - - aout - - - decembre
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
ene - - abr - - - ago set - - dic
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
- fev - - - - - - set out - dez
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
gen - - - mag giu lug - - ott - -
januari februari maart april mei juni juli augustus september oktober november december
- - mrt - - - - - - - - -
januari februari mars april maj juni juli augusti september oktober november december
januar februar mars april mai juni juli august september oktober november desember
- - - - - - - - - - - des
tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta
stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
sty lut - kwi - cze lip sie wrz paź lis gru
ledna února března dubna května června července srpna září října listopadu prosince
ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
янв фев мар апр май июн июл авг сен окт ноя дек
січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
január február március április május június július augusztus szeptember október november december
ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
ιαν φεβ μάρ απρ μάι ιούν ιούλ αύγ σεπ οκτ νοέ δεκ
- - μαρ - μαϊ ιουν ιουλ αυγ σεπτ - νοε -
ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου
januari februari maret april mei juni juli agustus september oktober november desember
يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر
janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember
januar februar marts april maj juni juli august september oktober november december
siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna - studenoga prosinca
januara februara marta aprila maja juna jula avgusta septembra oktobra novembra decembra
јануара фебруара марта априла маја јуна јула августа септембра октобра новембра децембра
януари февруари март април май юни юли август септември октомври ноември декември
januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra
jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember
sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio
janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris
janvārī februārī martā aprīlī maijā jūnijā jūlijā augustā septembrī oktobrī novembrī decembrī
janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor
gener febrer març abril maig juny juliol agost setembre octubre novembre desembre
בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר
ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר
januari februari mac - mei jun julai ogos september oktober november disember
yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr
"""

MONTHS = {name.casefold(): n for row in _NAMES.strip().splitlines() for n, name in enumerate(row.split(), 1) if name != "-"}
"""Case-folded name to number. A row lists the months in order, `-` where another row has the form."""
