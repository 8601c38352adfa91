"""The small forms behind "Ändern": one group of fields each, usable with a thumb."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.models import AbsentState, ContactPoint, Phone, Schedule, ScheduleKind, Weekday
from directory.models.contact_point import e164
from directory.phone_field import PhoneField

TOO_LONG = _("Das ist zu lang.")
BOTH_TIMES = _("Bitte „von“ und „bis“ eintragen, oder beide leer lassen.")
SAME_TIMES = _("„Von“ und „bis“ sind gleich.")


def website_field() -> forms.URLField:
    """Return a field for an address; "www.…" alone is enough."""
    return forms.URLField(label=_("Website"), required=False, max_length=200, assume_scheme="https")


class FieldsForm(forms.ModelForm):
    """Some fields of the record itself."""

    def __init__(self, data: Any = None, *, record: Any) -> None:
        super().__init__(data, instance=type(record)._default_manager.get(pk=record.pk), prefix="a")
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4
            if not isinstance(field.widget, forms.Select | forms.CheckboxInput):
                field.widget.attrs.setdefault("autocomplete", "off")

    def write(self, record: Any) -> None:
        """Put what was typed into the record."""
        for name in self._meta.fields or ():
            setattr(record, name, self.cleaned_data[name])


@dataclass(frozen=True, slots=True)
class Slot:
    """Two time fields of a day; ``note`` says what is special about the row that is stored."""

    opens: Any
    closes: Any
    label: str
    note: str = ""
    is_new: bool = False


class HoursForm(forms.Form):
    """The week of a place. Two empty fields mean: this time is over. Rows of one person stay as they are."""

    def __init__(self, data: Any = None, *, record: ContactPoint) -> None:
        super().__init__(data, prefix="a")
        rows = record.schedules.filter(person=None).exclude(opens_at=None)
        self.rows = {row.pk: row for row in rows.order_by("weekday", "opens_at", "pk")}
        self.kind = next((row.kind for row in self.rows.values()), ScheduleKind.OPENING)
        for pk, row in self.rows.items():
            self._add(f"s{pk}", row.weekday, row.opens_at, row.closes_at)
        for day in Weekday.values:
            self._add(f"d{day}", day)

    def _add(self, name: str, day: int, opens: Any = None, closes: Any = None) -> None:
        for end, label, value in (("from", _("von"), opens), ("to", _("bis"), closes)):
            widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "aria-describedby": f"tag-{day}"})
            self.fields[f"{name}_{end}"] = forms.TimeField(
                label=label,
                required=False,
                initial=value,
                widget=widget,
                error_messages={"invalid": _("Schreiben Sie die Uhrzeit so: 9:30.")},
            )

    def clean(self) -> dict[str, Any]:
        """Both times or none, and not the same twice."""
        data = super().clean() or self.cleaned_data
        for name in [f"s{pk}" for pk in self.rows] + [f"d{day}" for day in Weekday.values]:
            opens, closes = data.get(f"{name}_from"), data.get(f"{name}_to")
            if f"{name}_from" in self.errors or f"{name}_to" in self.errors:
                continue
            if (opens is None) != (closes is None):
                self.add_error(f"{name}_to" if closes is None else f"{name}_from", BOTH_TIMES)
            elif opens is not None and opens == closes:
                self.add_error(f"{name}_to", SAME_TIMES)
        return data

    @property
    def days(self) -> list[tuple[int, str, list[Slot]]]:
        """Return number, name and slots of each day; the last slot of a day is a new one."""
        slots: dict[int, list[Slot]] = defaultdict(list)
        for pk, row in self.rows.items():
            note = ", ".join(str(part) for part in _special(row))
            slots[row.weekday].append(Slot(self[f"s{pk}_from"], self[f"s{pk}_to"], str(row.get_kind_display()), note))
        for day in Weekday.values:
            new = Slot(self[f"d{day}_from"], self[f"d{day}_to"], str(ScheduleKind(self.kind).label), is_new=True)
            slots[day].append(new)
        return [(day, str(Weekday(day).label), slots[day]) for day in Weekday.values]

    def write(self, record: ContactPoint) -> None:
        """Change, delete and add rows of the week."""
        for pk, row in self.rows.items():
            opens, closes = self.cleaned_data[f"s{pk}_from"], self.cleaned_data[f"s{pk}_to"]
            mine = Schedule.objects.filter(pk=pk, contact_point=record)
            if opens is None:
                mine.delete()
            elif (opens, closes) != (row.opens_at, row.closes_at):
                mine.update(opens_at=opens, closes_at=closes)
        for day in Weekday.values:
            opens, closes = self.cleaned_data[f"d{day}_from"], self.cleaned_data[f"d{day}_to"]
            if opens is not None:
                Schedule.objects.create(
                    contact_point=record, weekday=day, kind=self.kind, opens_at=opens, closes_at=closes
                )


def _special(row: Schedule) -> list[Any]:
    """What a slot says beside its times."""
    found: list[Any] = [_("nur mit Termin")] if row.by_appointment else []
    found += [row.get_term_time_display()] if row.term_time != Schedule._meta.get_field("term_time").default else []
    return found + ([row.note] if row.note else [])


def no_fixed_hours(record: ContactPoint) -> None:
    """There are no fixed hours any more: come by appointment, or call."""
    record.schedules.filter(person=None).delete()
    record.hours_state = AbsentState.NONE


class ReachForm(FieldsForm):
    """Where and how to reach a place."""

    website = website_field()

    class Meta:
        model = ContactPoint
        fields = ("street", "postal_code", "town", "email", "website")

    def __init__(self, data: Any = None, *, record: ContactPoint) -> None:
        super().__init__(data, record=record)
        self.phones = {row.pk: row for row in record.phones.all()}
        for pk, row in self.phones.items():
            label = f"{_('Telefon')} ({row.purpose})" if row.purpose else _("Telefon")
            self.fields[f"p{pk}"] = _phone(label, initial=row.number)
        self.fields["new_phone"] = _phone(_("Weitere Telefonnummer"))
        self.order_fields([*(f"p{pk}" for pk in self.phones), "new_phone", *(self._meta.fields or ())])

    def write(self, record: ContactPoint) -> None:
        """Change fields and phone numbers; an empty number goes."""
        super().write(record)
        for pk, row in self.phones.items():
            number = self.cleaned_data[f"p{pk}"]
            mine = Phone.objects.filter(pk=pk, contact_point=record)
            if not number:
                mine.delete()
            elif number != row.number:
                mine.update(number=number)
        if number := self.cleaned_data["new_phone"]:
            last = max((row.position for row in self.phones.values()), default=-1)
            Phone.objects.create(contact_point=record, number=number, position=last + 1)


def _phone(label: Any, *, initial: str = "") -> PhoneField:
    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})
    return PhoneField(label=label, required=False, initial=initial, max_length=40, validators=[e164], widget=widget)


class GoneForm(forms.Form):
    """What is gone, and a word for whoever releases it."""

    what = forms.ChoiceField(label=_("Was gibt es nicht mehr?"), widget=forms.RadioSelect)
    comment = forms.CharField(
        label=_("Möchten Sie dazu etwas sagen?"),
        help_text=_("Das lesen nur die Menschen, die den Eintrag prüfen. Bitte keine Namen."),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"max_length": TOO_LONG},
    )

    def __init__(self, data: Any = None, *, choices: list[tuple[str, Any]]) -> None:
        super().__init__(data, prefix="w")
        what = self.fields["what"]
        what.choices = choices  # type: ignore[attr-defined]
        what.error_messages["required"] = _("Bitte wählen Sie aus.")
        if len(choices) == 1:
            what.initial = choices[0][0]
