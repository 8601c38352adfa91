"""The form of an appointment: a topic and one way to be reached; a name only if one likes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from counseling.about import BY_CODE, BY_MAIL, BY_PHONE
from counseling.models import Topic
from counseling.reach_form import ReachForm

WAYS = (
    (BY_CODE, _("Nur über meinen Code. Das ist am sichersten.")),
    (BY_MAIL, _("Erinnert mich per E-Mail am Tag davor. Worum es geht, steht da nicht drin.")),
    (BY_PHONE, _("Ihr dürft mich anrufen.")),
)


class BookingForm(ReachForm):
    """What one may say about an appointment. ``fixed_topic``: the only topic this time is for."""

    topic = forms.ChoiceField(
        label=_("Worum geht es?"),
        choices=Topic,
        initial=Topic.TALK,
        error_messages={
            "required": _("Wähl aus, worum es geht."),
            "invalid_choice": _("Dieses Thema kennen wir nicht. Wähl bitte noch einmal."),
        },
    )
    field_order = ("topic", "way", "email", "phone", "voicemail", "first_name")

    def __init__(self, *args: Any, fixed_topic: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        way: Any = self.fields["way"]
        way.choices, way.label = WAYS, _("Wie erreichen wir dich, wenn etwas dazwischenkommt?")
        if fixed_topic:
            topic: Any = self.fields["topic"]
            topic.choices = [(fixed_topic, Topic(fixed_topic).label)]
            topic.initial = fixed_topic
