"""What a young person may say about themselves. Nothing here is asked for beyond protection's limits."""

import json
from dataclasses import asdict, dataclass, fields
from typing import Self

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from counseling.models import AgeBand

BY_CODE, BY_MAIL, BY_PHONE = "code", "mail", "phone"
WAYS = (
    (BY_CODE, _("Nur über meinen Code. Das ist am sichersten.")),
    (BY_MAIL, _("Schreib mir eine E-Mail, wenn die Antwort da ist. Was du geschrieben hast, steht da nicht drin.")),
    (BY_PHONE, _("Ruf mich an.")),
)
LABELS = {
    "first_name": _("Vorname oder Spitzname"),
    "age_band": _("Alter"),
    "municipality": _("Gemeinde"),
    "way": _("Antwort"),
    "email": _("E-Mail"),
    "phone": _("Telefon"),
    "call_when": _("Anrufen"),
    "voicemail": _("Auf die Mailbox sprechen"),
}


@dataclass(frozen=True)
class About:
    """All of it is optional but ``way``. ``municipality`` is its name."""

    way: str = BY_CODE
    first_name: str = ""
    age_band: str = ""
    municipality: str = ""
    email: str = ""
    phone: str = ""
    call_when: str = ""
    voicemail: bool = False

    def to_json(self) -> str:
        """Return what is sealed."""
        return json.dumps({name: value for name, value in asdict(self).items() if value}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read it back; keys of a later version are left out."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in json.loads(text).items() if name in known})

    def lines(self, *, without: tuple[str, ...] = ()) -> list[tuple[str, str]]:
        """Return (name, value) in words, without what is empty."""
        values = asdict(self) | {
            "way": str(dict(WAYS)[self.way]),
            "age_band": str(AgeBand(self.age_band).label) if self.age_band else "",
            "voicemail": gettext("ja") if self.voicemail else "",
        }
        return [(str(LABELS[name]), value) for name, value in values.items() if value and name not in without]
