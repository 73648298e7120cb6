"""Booking.com's mails: a number and the day of arrival in the subject, and almost nothing else.

The form is that of real mails (facts/ota-feeds.md): new ones have both parts, last-minute ones are
plain, the others HTML alone; Italian ones are always HTML and Spanish ones coded in base64.
"""

from datetime import timedelta

from markupsafe import Markup

from simulator.post.booking_com_words import WORDS
from simulator.post.dates import long_date
from simulator.post.letters import Letter, News

SENDER = "Booking.com <noreply@booking.com>"
EXTRANET = "https://admin.booking.com/hotel/hoteladmin/extranet_ng/manage/booking.html"
HEADINGS = {
    "new": "Booking confirmation",
    "last-minute": "Booking confirmation",
    "modified": "Booking modified",
    "cancelled": "Cancellation",
}
PAGE = Markup(
    "<html><head><style>td{{font-family:Arial}}</style></head><body><table>"
    "<tr><td>Booking.com {house}</td></tr><tr><td><h2>{heading} &mdash; {number}</h2></td></tr>"
    "<tr><td>{greeting}</td></tr><tr><td>{sentence}</td></tr></table>"
    '<p><a href="{address}">{link}</a></p>'
    '<p style="color:#666">Booking.com B.V., Amsterdam</p></body></html>'
)
PLAIN = """Booking.com {house}

{heading} - {number}

{greeting}
{sentence}
{link}: {address}
"""


def booking_com_letter(news: News) -> Letter:
    """Write what Booking.com mails the host. Only a cancellation tells whose booking it was."""
    words, kind = WORDS[news.language], _kind(news)
    parts = {
        "house": news.house,
        "heading": HEADINGS[kind],
        "number": news.reference,
        "greeting": words.greeting.format(house=news.house),
        "sentence": words.sentences[kind].format(number=news.reference, guest=news.guest),
        "address": f"{EXTRANET}?res_id={news.reference}&hotel_id=1234567",
        "link": words.link,
    }
    is_html_only = kind in ("modified", "cancelled") or news.language == "it"
    day = long_date(news.arrival, news.language)
    return Letter(
        SENDER,
        f"Booking.com - {words.subjects[kind]} ({news.reference}, {day})",
        text="" if is_html_only else PLAIN.format(**parts),
        html="" if kind == "last-minute" and not is_html_only else PAGE.format(**parts),
        transfer="base64" if news.language == "es" else "quoted-printable",
    )


def _kind(news: News) -> str:
    is_soon = news.arrival <= news.written_on + timedelta(days=1)
    return "last-minute" if news.kind == "new" and is_soon else news.kind
