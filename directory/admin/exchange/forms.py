"""Forms of import and export."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.exchange.kinds import Kind
from directory.exchange.recognise import LEFT_OUT, recognise
from directory.exchange.registry import kinds
from directory.exchange.sheets import FileRefused, Sheet
from directory.exchange.workbook import read_upload
from directory.models import Import

FORMATS = (("csv", _("CSV")), ("xlsx", _("Excel (XLSX)")), ("druck", _("Druckansicht")))
UNDECIDED = "?"


def kinds_for(user: Any) -> list[Kind]:
    """Return the kinds of records somebody may bring."""
    return [kind for kind in kinds() if user.has_perm(kind.permission)]


class UploadForm(forms.Form):
    """A table, and what is in it. ``sheet`` is there once the form is valid."""

    sheet: Sheet
    kind = forms.ChoiceField(label=_("Was steht in der Tabelle?"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("Datei"),
        help_text=_("Excel (.xlsx) oder CSV, höchstens 5 MB und 2000 Zeilen. Die erste Zeile nennt die Spalten."),
        error_messages={
            "required": _("Bitte eine Datei auswählen. Größer als 5 MB darf sie nicht sein."),
            "empty": _("Die Datei ist leer."),
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )
    # The same form sent twice is one import.
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = kinds_for(user)
        self.fields["kind"].choices = [(kind.key, kind.label) for kind in found]  # type: ignore[attr-defined]
        self.fields["key"].initial = uuid.uuid4
        self.fields["kind"].initial = found[0].key if found else None

    def clean_file(self) -> Any:
        """Read the table; what cannot be read is refused with the reason."""
        file = self.cleaned_data["file"]
        try:
            self.sheet = read_upload(file)
        except FileRefused as error:
            raise forms.ValidationError(str(error)) from error
        return file


class ColumnsForm(forms.Form):
    """Which column of the file is which of ours."""

    def __init__(self, *args: Any, batch: Import, kind: Kind, samples: Sequence[Sequence[str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ours = [(column.name, column.label) for column in kind.columns if not column.is_info]
        guesses = recognise(batch.header, kind)
        self.width = len(batch.header)
        for index, head in enumerate(batch.header):
            decided = batch.mapping[index] if index < len(batch.mapping) else None
            guess = guesses[index]
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=head or _("Spalte %s ohne Überschrift") % (index + 1),
                required=False,
                choices=[("", _("– nicht übernehmen –")), *ours],
                initial=guess.name if decided is None else decided,
                help_text=self._help(samples, index, is_sure=guess.is_sure or decided is not None),
            )

    def _help(self, samples: Sequence[Sequence[str]], index: int, *, is_sure: bool) -> str:
        found = [cells[index] for cells in samples if index < len(cells) and cells[index]]
        texts = [str(_("Zum Beispiel: %s") % "; ".join(text[:40] for text in found))] if found else []
        return " – ".join(texts if is_sure else [*texts, str(_("Bitte prüfen: Diese Überschrift kennen wir nicht."))])

    def clean(self) -> dict[str, Any]:
        """Each of our columns once, and at least one of them."""
        data = super().clean() or self.cleaned_data
        chosen = [name for name in self.mapping() if name]
        for field, name in list(data.items()):
            if name and chosen.count(name) > 1:
                self.add_error(field, _("Diese Spalte ist zweimal gewählt."))
        if not chosen:
            raise forms.ValidationError(_("Bitte mindestens eine Spalte zuordnen."))
        return data

    def mapping(self) -> list[str]:
        """Return our name for each column of the file, "" for those left out."""
        return [str(self.cleaned_data.get(f"column_{index}") or LEFT_OUT) for index in range(self.width)]


class ExportForm(forms.Form):
    """Which columns, in which form."""

    spalte = forms.MultipleChoiceField(
        label=_("Spalten"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("Nichts gewählt: alle.")
    )
    format = forms.ChoiceField(label=_("Als"), choices=FORMATS, initial="xlsx", widget=forms.RadioSelect)

    def __init__(self, *args: Any, kind: Kind, chosen: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["spalte"].choices = [(column.name, column.label) for column in kind.columns]  # type: ignore[attr-defined]
        self.fields["spalte"].initial = list(chosen)
