"""What an owner types about a staff code, checked field by field."""

from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    SelectMultipleField,
    StringField,
    TimeField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.domain.plain_text import one_line
from app.models import Door, Property, StaffCode
from app.services.staff_wishes import StaffWish
from app.web.admin.staff_words import day_name

LONGEST_LABEL = 60


def _plain(text: str | None) -> str | None:
    return one_line(text, LONGEST_LABEL + 1) if text else text


def _digits(text: str | None) -> str | None:
    return "".join(text.split()) or None if text else None


class DigitsForm(FlaskForm):  # type: ignore[misc]
    """Digits that the owner chose; none to have them drawn."""

    digits = StringField(filters=[_digits], validators=[Optional(), Length(max=40)])

    def validate_digits(self, field: StringField) -> None:
        text = field.data or ""
        if not (text.isascii() and text.isdecimal() and 4 <= len(text) <= 9):
            raise ValidationError(_("Enter 4 to 9 digits, or nothing to have them drawn."))


class StaffCodeForm(DigitsForm):
    """All that makes a staff code; its digits only when it is made."""

    label = StringField(
        filters=[_plain],
        validators=[
            DataRequired(_("Enter whose code it is.")),
            Length(max=LONGEST_LABEL, message=_("Use 60 letters or fewer.")),
        ],
    )
    all_doors = BooleanField()
    doors = SelectMultipleField(coerce=int, validate_choice=False)
    days = SelectMultipleField(coerce=int)
    from_time = TimeField(validators=[Optional()])
    until_time = TimeField(validators=[Optional()])
    first_day = DateField(validators=[InputRequired(_("Enter the first day."))])
    last_day = DateField(validators=[Optional()])

    def offer(self, doors: list[Door]) -> None:
        """Fill in what can be chosen."""
        self.doors.choices = [(door.id, door.name) for door in doors]
        self.days.choices = [(number, day_name(number)) for number in range(7)]

    def begin(self, today: date) -> None:
        """Fill an empty form with what most codes are like."""
        self.all_doors.data, self.doors.data = True, []
        self.days.data = list(range(7))
        self.first_day.data = today

    def fill(self, house: Property, staff: StaffCode, door_ids: list[int]) -> None:
        """Fill the form with what counts now."""
        self.label.data, self.all_doors.data = staff.label, staff.all_doors
        self.doors.data = [] if staff.all_doors else door_ids
        self.days.data = [number for number in range(7) if staff.days >> number & 1]
        self.from_time.data, self.until_time.data = staff.from_time, staff.until_time
        self.first_day.data = staff.valid_from.astimezone(house.zone).date()
        if staff.valid_until is not None:
            last = staff.valid_until.astimezone(house.zone).date() - timedelta(days=1)
            self.last_day.data = last

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, and what must be said together."""
        is_valid = bool(super().validate(extra_validators))
        begins, ends = self.from_time.data, self.until_time.data
        first, last = self.first_day.data, self.last_day.data
        together = [
            (self.doors, not self.all_doors.data and not self.doors.data,
             _("Choose the doors it opens.")),
            (self.days, not self.days.data, _("Choose one day at least.")),
            (self.until_time, begins is not None and ends is None,
             _("Enter until when, or leave both hours empty.")),
            (self.from_time, begins is None and ends is not None,
             _("Enter from when, or leave both hours empty.")),
            (self.until_time, begins is not None and begins == ends,
             _("The hours end when they begin. For the whole day, leave both empty.")),
            (self.last_day, first is not None and last is not None and last < first,
             _("The last day is before the first.")),
        ]  # fmt: skip
        for field, is_wrong, problem in together:
            if is_wrong and not field.errors:
                field.errors = [problem]
                is_valid = False
        return is_valid

    @property
    def wish(self) -> StaffWish:
        """What is asked for; only after validation."""
        return StaffWish(
            label=self.label.data or "",
            door_ids=None if self.all_doors.data else frozenset(self.doors.data or ()),
            first_day=self.first_day.data or date.min,
            last_day=self.last_day.data,
            days=sum(1 << number for number in set(self.days.data or ())),
            from_time=self.from_time.data,
            until_time=self.until_time.data,
        )
