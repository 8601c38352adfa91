"""What visitors are told: when somebody last said that a group of fields is right."""

from datetime import date

from django.db.models import Model

from directory.models import FieldGroup, GroupCheck


def confirmed_days(record: Model) -> dict[str, date | None]:
    """Return group → day of its last confirmation, None for a group nobody ever confirmed. One query."""
    rows = GroupCheck.objects.filter(record=record._meta.label_lower, object_id=record.pk).order_by()
    return {**dict.fromkeys(FieldGroup.values), **dict(rows.values_list("group", "confirmed_on"))}
