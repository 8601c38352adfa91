"""Offers lean on contact points, agencies and words."""

from django.utils.translation import gettext_lazy as _

from directory.usage import Reference, Words

OF_CONTACT_POINTS = (
    Reference("offers.offer", "contact", _("nennt sie unter „Hier zuerst fragen“")),
    Reference("offers.offer", "contact_points", _("nennt sie als Anlaufstelle")),
)
OF_AGENCIES = (Reference("offers.offeragency", "agency", _("nennt sie als beteiligte Stelle"), item="offer"),)
OF_TERMS = (Words("offers.offer", ("for_whom", "description", "gets_text", "decides_text")),)
