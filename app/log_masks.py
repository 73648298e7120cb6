"""What no log line may show, however it got there: codes, tokens, people.

Numbers are not masked for being numbers: a log without them is of no use. Masked are fields and
keys by their names, addresses that are secrets, and rows that a database quotes.
"""

import re

HIDDEN = "…"

SECRET_NAMES = (
    *("digits", "pin", "passcode", "keyboardPwd", "password", "pwd", "secret", "token"),
    *("access_token", "accessToken", "refresh_token", "refreshToken", "csrf_token", "api_key"),
    *("client_secret", "clientSecret", "authorization", "cookie", "sealed", "sealed_digits"),
    *("link_seed", "proof", "full_name", "email", "phone"),
)
"""Names of fields and keys whose values are never shown, in any case of letters."""

_SECRETS = frozenset(name.lower() for name in SECRET_NAMES)
_LINK = re.compile(r"(/(?:stay|welcome|hooks/ttlock)/)[\w-]{8,}")
_BEARER = re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]+", re.IGNORECASE)
_PHONE = re.compile(r"\+\d{7,12}(\d{3})\b")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PAIR = re.compile(
    rf"""(?P<before>\b["']?(?:{"|".join(SECRET_NAMES)})["']?\s*[=:]\s*)"""
    r"""(?P<value>b?"(?:[^"\\]|\\.)*"|b?'(?:[^'\\]|\\.)*'|[^\s&,;)}\]]+)""",
    re.IGNORECASE,
)
_URL_PASSWORD = re.compile(r"(\b[a-z][a-z+]*://[^\s:/@]*:)[^\s@/]+@")
_QUOTED_ROW = re.compile(r"(Failing row contains ).*|(Key \(.*?\)=)\(.*?\)(?= )")


def is_secret(name: str) -> bool:
    """Tell whether a field of this name is never shown."""
    return name.lower() in _SECRETS


def masked(text: str) -> str:
    """Return the text without what it must not show."""
    text = _LINK.sub(rf"\1{HIDDEN}", text)
    text = _URL_PASSWORD.sub(rf"\1{HIDDEN}@", text)
    text = _QUOTED_ROW.sub(lambda found: f"{found[1] or found[2]}{HIDDEN}", text)
    text = _BEARER.sub(rf"\1 {HIDDEN}", text)
    text = _PAIR.sub(rf"\g<before>{HIDDEN}", text)
    text = _MAIL.sub(f"{HIDDEN}@{HIDDEN}", text)
    return _PHONE.sub(rf"+{HIDDEN}\1", text)
