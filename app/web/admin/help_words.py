"""What was found at a door, in a few words, for timelines."""

from flask_babel import lazy_gettext as _l

from app.domain.door_findings import Finding

FOUND = {
    Finding.NOT_CHECKED_IN: _l("not checked in"),
    Finding.UNCERTAIN: _l("the room waits for a host’s OK"),
    Finding.TOO_EARLY: _l("before their time"),
    Finding.OVER: _l("after their stay"),
    Finding.OPENED: _l("it had opened"),
    Finding.DOUBLE_LOCKED: _l("locked from inside"),
    Finding.LOCKED_OUT: _l("keypad resting after wrong tries"),
    Finding.NOT_ON_LOCK: _l("code not on the lock"),
    Finding.STAND_IN: _l("another code given"),
    Finding.NOW_ON_LOCK: _l("typed before the lock had the code"),
    Finding.WRONG_DOOR: _l("typed at another door"),
    Finding.OTHER_CODE: _l("another door’s code typed"),
    Finding.OLD_CODE: _l("replaced code typed"),
    Finding.CLOCK_OFF: _l("lock’s clock is off"),
    Finding.CODE_REFUSED: _l("right code refused"),
    Finding.DIGITS_MISSING: _l("end of the code missing"),
    Finding.DIGITS_ADDED: _l("too many digits"),
    Finding.ONE_WRONG: _l("one digit wrong"),
    Finding.SWAPPED: _l("two digits swapped"),
    Finding.OTHER_DIGITS: _l("other digits typed"),
    Finding.REFUSED: _l("refused, no reason told"),
    Finding.BATTERY_FLAT: _l("battery flat"),
    Finding.BATTERY_LOW: _l("battery low"),
    Finding.LOST_CONTACT: _l("no contact with the lock"),
    Finding.UNLOCK_FAILED: _l("remote unlock failed"),
    Finding.LOG_UNREAD: _l("log not readable"),
    Finding.UNEXPLAINED: _l("nothing wrong"),
    Finding.NOTHING_TYPED: _l("keypad not heard"),
}
