"""Form parts of the back office: addresses made from names, phone numbers as people write them."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.widgets import CheckboxGroup
from directory.models import ContactPerson
from directory.phone_field import PhoneField
from directory.text import fold

__all__ = ["CheckboxGroup", "PersonFormSet", "PhoneField", "SharedChoicesFormSet", "SlugForm"]


class SlugForm(forms.ModelForm):
    """Makes the short name for the address from the name when the field stays empty."""

    slug_source = "name"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _(
                "Leer lassen: Entsteht aus dem Namen. Eine spätere Änderung macht alte Links kaputt."
            )

    def clean(self) -> dict[str, Any]:
        """Fill the empty short name; a taken one gets a number."""
        data = super().clean() or self.cleaned_data
        if "slug" not in self.errors and "slug" in self.fields and not data.get("slug"):
            data["slug"] = self.instance.slug or self._free_slug(str(data.get(self.slug_source, "")))
            if not data["slug"]:
                self.add_error("slug", ValidationError(_("Bitte einen Kurznamen aus Buchstaben eintragen.")))
        return data

    def _free_slug(self, text: str) -> str:
        model = self._meta.model
        length = (model._meta.get_field("slug").max_length or 60) - 4
        slug = slugify(fold(text).replace("ß", "ss"))[:length].strip("-")
        taken = set(model._default_manager.filter(slug__startswith=slug).values_list("slug", flat=True))
        numbered: Iterable[str] = (f"{slug}-{number}" for number in range(2, 1000))
        return slug if slug not in taken else next(name for name in numbered if name not in taken)


class SharedChoicesFormSet(forms.BaseInlineFormSet):
    """Reads the choices of a foreign key once for all rows instead of once a row."""

    shared_fields: tuple[str, ...] = ()

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        """Give the row the choices that all rows share."""
        super().add_fields(form, index)
        for name in self.shared_fields:
            field = cast("forms.ModelChoiceField", form.fields[name])
            self.narrow(field)
            choices = self.__dict__.setdefault("_choices", {})
            if name not in choices:
                choices[name] = list(cast("Iterable[Any]", field.choices))
            field.choices = choices[name]

    def narrow(self, field: Any) -> None:
        """Limit what may be chosen; nothing to limit here."""


class PersonFormSet(SharedChoicesFormSet):
    """Only persons of this contact point can be chosen."""

    def narrow(self, field: Any) -> None:
        """Keep the persons of the contact point that is being edited."""
        field.queryset = ContactPerson.objects.filter(contact_point=self.instance.pk)
