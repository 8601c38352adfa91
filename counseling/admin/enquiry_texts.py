"""Ready-made texts for an answer: how to reach a door oneself, and an invitation to come by."""

from datetime import date, time

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from directory.contact import contact_card
from directory.hours import calendar_around
from directory.models import ContactPoint


def point_text(point: ContactPoint) -> str:
    """Return what a person needs to get in touch themselves."""
    at = timezone.localtime()
    card = contact_card(point, at=at, calendar=calendar_around(at))
    lines = [card.name, card.address, *(number for number, _purpose in card.phones[:1])]
    return "\n".join(line for line in lines if line)


def visit_text(point: ContactPoint, *, day: date, at: time) -> str:
    """Return an invitation to come by, in the words of the youth pages; the person may say no."""
    when = _("%(day)s um %(time)s Uhr") % {"day": date_format(day, "l, j. F"), "time": f"{at:%H:%M}"}
    lines = [
        _("Magst du bei uns vorbeikommen? Wir haben Zeit für dich: %(when)s.") % {"when": when},
        point_text(point),
        _("Du musst nichts mitbringen. Passt es dir nicht? Schreib uns hier, wann du kannst."),
    ]
    return "\n\n".join(lines)
