"""What the guest types, checked field by field."""

import re
from typing import Any

import phonenumbers
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    EmailField,
    HiddenField,
    IntegerField,
    StringField,
    TelField,
    TimeField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.domain.plain_text import one_line
from app.domain.references import normalised

_MAIL = re.compile(r"[^@\s,;]+@[^@\s,;.]+(\.[^@\s,;.]+)+")


LONGEST = 1000
"""Whatever is typed; the fields' own limits are told to the person."""


def _plain(text: str | None) -> str | None:
    return one_line(text, LONGEST) if text else text


class ReferenceForm(FlaskForm):  # type: ignore[misc]
    """Step 1: the booking reference."""

    reference = StringField(
        filters=[_plain], validators=[InputRequired(_("Enter your booking reference."))]
    )


class ProofForm(FlaskForm):  # type: ignore[misc]
    """Step 2: a second proof; which of the two is asked for depends on what is known."""

    reference = HiddenField()
    proof = StringField(filters=[_plain], validators=[Optional(), Length(max=200)])
    arrival = DateField(validators=[Optional()])


class PersonForm(FlaskForm):  # type: ignore[misc]
    """A name and a phone number, checked alike wherever they are asked for."""

    full_name: StringField
    phone: TelField

    def __init__(self, *args: Any, country: str | None = None, **kwargs: Any) -> None:
        """`country` (ISO, two letters) is where a phone number without one is guessed to be."""
        super().__init__(*args, **kwargs)
        self.country = country

    @property
    def phone_number(self) -> str | None:
        """The phone in E.164, None when none was given; ask only after validation."""
        if not self.phone.data:
            return None
        parsed = phonenumbers.parse(self.phone.data, self.country)
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)

    def validate_phone(self, field: TelField) -> None:
        fault = _("Enter a phone number with its country, such as +44 7700 900123.")
        try:
            number = phonenumbers.parse(field.data or "", self.country)
        except phonenumbers.NumberParseException:
            raise ValidationError(fault) from None
        if not phonenumbers.is_possible_number(number):
            raise ValidationError(fault)

    def validate_full_name(self, field: StringField) -> None:
        if not re.search(r"\w", field.data or ""):
            raise ValidationError(_("Enter your name."))


class ClaimForm(PersonForm):
    """A booking that nobody knows of yet: the guest tells the host of it."""

    reference = StringField(
        filters=[_plain], validators=[InputRequired(_("Enter your booking reference."))]
    )
    full_name = StringField(
        filters=[_plain],
        validators=[
            InputRequired(_("Enter your name.")),
            Length(max=200, message=_("Use 200 letters or fewer.")),
        ],
    )
    arrival = DateField(validators=[InputRequired(_("Enter the first day of your booking."))])
    phone = TelField(filters=[_plain], validators=[Optional(), Length(max=40)])

    def validate_reference(self, field: StringField) -> None:
        if normalised(field.data or "") is None:
            raise ValidationError(
                _("Enter the reference as it is in your confirmation: letters and digits.")
            )


class DetailsForm(PersonForm):
    """Step 3: who comes, how many, and how to reach them."""

    reference = HiddenField()
    full_name = StringField(
        filters=[_plain],
        validators=[
            InputRequired(_("Enter your name.")),
            Length(max=200, message=_("Use 200 letters or fewer.")),
        ],
    )
    phone = TelField(filters=[_plain], validators=[Optional(), Length(max=40)])
    email = EmailField(filters=[_plain], validators=[Optional(), Length(max=254)])
    party_size = IntegerField(
        default=1,
        validators=[
            Optional(),
            NumberRange(1, 99, _("Enter how many people stay, in figures.")),
        ],
    )
    expected_arrival = TimeField(validators=[Optional()])
    car_registration = StringField(filters=[_plain], validators=[Optional(), Length(max=20)])

    def validate_email(self, field: EmailField) -> None:
        if not _MAIL.fullmatch(field.data or ""):
            raise ValidationError(_("Enter a mail address such as name@example.com."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, and that we can reach the guest one way or the other."""
        is_valid = bool(super().validate(extra_validators))
        if is_valid and not self.phone.data and not self.email.data:
            self.phone.errors = [_("Enter a phone number or a mail address.")]
            return False
        return is_valid
