"""The names of months, as mails write them: in full and short, folded (`folding`).

From the CLDR's formats of 28 languages; a test compares them. Kept here because loading those
locales would cost the worker more memory than everything else that reads mail.
"""

# ruff: noqa: RUF001 (Greek and Cyrillic are meant)

_NAMES = {
    "en": "january february march april may june july august september october november december "
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december "
    "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "de": "januar februar marz april mai juni juli august september oktober november dezember "
    "jan feb marz apr mai juni juli aug sept okt nov dez",
    "fr": "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre "
    "janv fevr mars avr mai juin juil aout sept oct nov dec",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre ene feb mar abr may jun jul ago sept oct nov dic",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre gen feb mar apr mag giu lug ago set ott nov dic",
    "pt": "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro "
    "dezembro jan fev mar abr mai jun jul ago set out nov dez",
    "ca": "gener febrer marc abril maig juny juliol agost setembre octubre novembre desembre "
    "gen febr marc abr maig juny jul ag set oct nov des",
    "da": "januar februar marts april maj juni juli august september oktober november december "
    "jan feb mar apr maj jun jul aug sep okt nov dec",
    "nb": "januar februar mars april mai juni juli august september oktober november desember "
    "jan feb mars apr mai juni juli aug sep okt nov des",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december "
    "jan feb mars apr maj juni juli aug sep okt nov dec",
    "is": "januar februar mars april mai juni juli agust september oktober november desember "
    "jan feb mar apr mai jun jul agu sep okt nov des",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesakuuta heinakuuta elokuuta "
    "syyskuuta lokakuuta marraskuuta joulukuuta "
    "tammi helmi maalis huhti touko kesa heina elo syys loka marras joulu",
    "et": "jaanuar veebruar marts aprill mai juuni juuli august september oktoober november "
    "detsember jaan veebr marts apr mai juuni juuli aug sept okt nov dets",
    "lv": "janvaris februaris marts aprilis maijs junijs julijs augusts septembris oktobris "
    "novembris decembris janv febr marts apr maijs jun jul aug sept okt nov dec",
    "lt": "sausio vasario kovo balandzio geguzes birzelio liepos rugpjucio rugsejo spalio "
    "lapkricio gruodzio saus vas kov bal geg birz liep rugp rugs spal lapkr gruod",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika "
    "listopada grudnia sty lut mar kwi maj cze lip sie wrz paz lis gru",
    "cs": "ledna unora brezna dubna kvetna cervna cervence srpna zari rijna listopadu prosince "
    "led uno bre dub kve cvn cvc srp zar rij lis pro",
    "sk": "januara februara marca aprila maja juna jula augusta septembra oktobra novembra "
    "decembra jan feb mar apr maj jun jul aug sep okt nov dec",
    "hu": "januar februar marcius aprilis majus junius julius augusztus szeptember oktober "
    "november december jan febr marc apr maj jun jul aug szept okt nov dec",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie "
    "decembrie ian feb mar apr mai iun iul aug sept oct nov dec",
    "hr": "sijecnja veljace ozujka travnja svibnja lipnja srpnja kolovoza rujna listopada "
    "studenoga prosinca sij velj ozu tra svi lip srp kol ruj lis stu pro",
    "sl": "januar februar marec april maj junij julij avgust september oktober november december "
    "jan feb mar apr maj jun jul avg sep okt nov dec",
    "tr": "ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik "
    "oca sub mar nis may haz tem agu eyl eki kas ara",
    "el": "ιανουαριου φεβρουαριου μαρτιου απριλιου μαιου ιουνιου ιουλιου αυγουστου σεπτεμβριου "
    "οκτωβριου νοεμβριου δεκεμβριου ιαν φεβ μαρ απρ μαι ιουν ιουλ αυγ σεπ οκτ νοε δεκ",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря "
    "янв февр мар апр мая июн июл авг сент окт нояб дек",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня "
    "січ лют бер квіт трав черв лип серп вер жовт лист груд",
    "bg": "януари февруари март април маи юни юли август септември октомври ноември декември "
    "яну фев март апр маи юни юли авг сеп окт ное дек",
}
_ALSO = {"janner": 1, "mrz": 3, "sett": 9}
"""Seen, but not in the CLDR: Austria's January, two more short forms."""

_MONTHS = {
    language: {name: i % 12 + 1 for i, name in enumerate(names.split())}
    for language, names in _NAMES.items()
}
NAMES = frozenset(_ALSO).union(*_MONTHS.values())


def month_of(name: str, language: str | None = None) -> int | None:
    """Return 1 to 12 for a folded name; None for one that is none, or means two months.

    `listopada` is November to a Pole and October to a Croat: `language` decides, where it is known.
    """
    if month := _MONTHS.get(language or "", {}).get(name) or _ALSO.get(name):
        return month
    meant = {names[name] for names in _MONTHS.values() if name in names}
    return meant.pop() if len(meant) == 1 else None
