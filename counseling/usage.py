"""Rules lean on the agencies that answer for them, times for appointments on a door and a person."""

from django.utils.translation import gettext_lazy as _

from directory.usage import Reference

OF_AGENCIES = (Reference("counseling.responsibilityrule", "owner", _("hat sonst niemanden, der sie freigibt")),)
OF_CONTACT_POINTS = (Reference("counseling.slotrule", "contact_point", _("hat dann keinen Ort mehr")),)
OF_PERSONS = (Reference("counseling.slotrule", "person", _("gilt dann für die ganze Anlaufstelle")),)
