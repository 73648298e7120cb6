"""What a host types on the page of one reservation, checked field by field."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    SelectField,
    StringField,
    TelField,
    TimeField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional

from app.domain.nights import Nights
from app.domain.plain_text import one_line
from app.domain.references import normalised
from app.web.guest.forms import DetailsForm, PersonForm

LONGEST = 1000


def _plain(text: str | None) -> str | None:
    return one_line(text, LONGEST) if text else text


class TimesForm(FlaskForm):  # type: ignore[misc]
    early_check_in = TimeField(validators=[Optional()])
    late_check_out = TimeField(validators=[Optional()])


class DatesForm(FlaskForm):  # type: ignore[misc]
    """Both dates; the departure is the day they leave."""

    arrival = DateField(
        id="dates-arrival", validators=[InputRequired(_("Enter the day they arrive."))]
    )
    departure = DateField(
        id="dates-departure", validators=[InputRequired(_("Enter the day they leave."))]
    )
    together = BooleanField(id="dates-together")

    def validate_departure(self, field: DateField) -> None:
        if self.arrival.data and field.data and field.data <= self.arrival.data:
            raise ValidationError(_("The departure must be after the arrival."))

    @property
    def nights(self) -> Nights:
        """The dates; ask only after validation."""
        return Nights(self.arrival.data or date.min, self.departure.data or date.max)


class ReferenceForm(FlaskForm):  # type: ignore[misc]
    """Whose it is. The dates are asked for only where nights are closed for nobody known."""

    reference = StringField(
        id="who-reference",
        filters=[_plain],
        validators=[InputRequired(_("Enter the booking reference."))],
    )
    full_name = StringField(
        id="who-name",
        filters=[_plain],
        validators=[Optional(), Length(max=200, message=_("Use 200 letters or fewer."))],
    )
    arrival = DateField(id="who-arrival", validators=[Optional()])
    departure = DateField(id="who-departure", validators=[Optional()])
    sure = StringField()
    """`yes` from the button that is offered when the reference is of somebody who is in."""

    def validate_reference(self, field: StringField) -> None:
        if normalised(field.data or "") is None:
            raise ValidationError(
                _("Enter the reference as it is in the booking: letters and digits.")
            )

    def validate_departure(self, field: DateField) -> None:
        if self.arrival.data and field.data and field.data <= self.arrival.data:
            raise ValidationError(_("The departure must be after the arrival."))

    @property
    def nights(self) -> Nights | None:
        """The dates, where both were given; ask only after validation."""
        if self.arrival.data is None or self.departure.data is None:
            return None
        return Nights(self.arrival.data, self.departure.data)


class NameForm(FlaskForm):  # type: ignore[misc]
    full_name = StringField(
        id="name-name",
        filters=[_plain],
        validators=[
            InputRequired(_("Enter the guest’s name.")),
            Length(max=200, message=_("Use 200 letters or fewer.")),
        ],
    )


class ContactForm(PersonForm):
    """How the guest can be reached; checked as when they say so themselves."""

    phone = TelField(id="contact-phone", filters=[_plain], validators=[Optional(), Length(max=40)])
    email = EmailField(
        id="contact-email", filters=[_plain], validators=[Optional(), Length(max=254)]
    )

    validate_email = DetailsForm.validate_email

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, and that one of them says anything."""
        is_valid = bool(super().validate(extra_validators))
        if is_valid and not self.phone.data and not self.email.data:
            self.phone.errors = [_("Enter a phone number or a mail address.")]
            return False
        return is_valid


class RoomForm(FlaskForm):  # type: ignore[misc]
    room = SelectField(id="move-room", coerce=int, validate_choice=False)


@dataclass
class Forms:
    """The forms of the page; one that came back keeps what was typed."""

    times: TimesForm | None = None
    dates: DatesForm | None = None
    reference: ReferenceForm | None = None
    name: NameForm | None = None
    room: RoomForm | None = None
    contact: ContactForm | None = None
    asks_if_sure: bool = False
    """The reference given is that of somebody who is in: the host is asked whether they mean it."""

    @property
    def faulty(self) -> FlaskForm | None:
        """The form that came back with something to look at again."""
        forms = (self.times, self.dates, self.reference, self.name, self.room, self.contact)
        return next((form for form in forms if form is not None and form.errors), None)
