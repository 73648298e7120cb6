"""Names of months, as exports spell them."""

from app.domain.exports.cells import folded

_NAMES = (
    "January Jan Januar Jänner Janvier Janeiro Enero Gennaio Januari Siječanj Siječnja",
    "February Feb Februar Février Fevereiro Febrero Febbraio Februari Veljača Veljače",
    "March Mar März Mars Março Marzo Maart Mart Marta Ožujak Ožujka",
    "April Apr Avril Abril Aprile Aprila Travanj Travnja",
    "May Mai Maio Mayo Maggio Mei Maj Maja Svibanj Svibnja",
    "June Jun Juni Juin Junho Junio Giugno Juna Lipanj Lipnja",
    "July Jul Juli Juillet Julho Julio Luglio Jula Srpanj Srpnja",
    "August Aug Août Agosto Augustus Avgust Avgusta Kolovoz Kolovoza",
    "September Sep Sept Septembre Setembro Septiembre Settembre Septembar Septembra Rujan Rujna",
    "October Oct Oktober Octobre Outubro Octubre Ottobre Oktobar Oktobra Listopad Listopada",
    "November Nov Novembre Novembro Noviembre Novembar Novembra Studeni Studenog Studenoga",
    "December Dec Dezember Décembre Dezembro Diciembre Dicembre Decembar Decembra Prosinac"
    " Prosinca",
)
MONTHS = {
    folded(name): number for number, names in enumerate(_NAMES, start=1) for name in names.split()
}
