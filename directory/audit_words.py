"""The deeds in the audit log as people say them."""

from typing import Any

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

DEEDS: dict[str, Any] = {
    "add": _("angelegt"),
    "change": _("geändert"),
    "delete": _("gelöscht"),
    "publish": _("veröffentlicht"),
    "take_back": _("zurück in den Entwurf"),
    "archive": _("archiviert"),
    "check": _("als geprüft markiert"),
    "confirm": _("bestätigt"),
    "propose": _("Änderung vorgeschlagen"),
    "submit": _("zur Prüfung gegeben"),
    "release": _("freigegeben"),
    "send_back": _("zurückgegeben"),
    "withdraw": _("zurückgezogen"),
    "restore": _("wiederhergestellt"),
    "merge": _("zusammengeführt"),
    "replace_link": _("Link ersetzt"),
    "answer": _("beantwortet"),
    "hand_over": _("weitergegeben"),
    "close": _("geschlossen"),
    "open": _("geöffnet"),
    "invite": _("eingeladen"),
    "role": _("andere Aufgabe"),
    "second_factor_reset": _("zweiten Faktor zurückgesetzt"),
    "login": _("angemeldet"),
    "login_refused": _("Anmeldung abgelehnt"),
    "password": _("neues Passwort"),
    "recovery_codes": _("neue Notfallcodes"),
    "shown_again": _("noch einmal ausgewiesen"),
    "second_factor_on": _("zweiten Faktor eingerichtet"),
    "second_factor_off": _("zweiten Faktor ausgeschaltet"),
    "sign_off": _("Regeln freigegeben"),
    "activate": _("in Kraft gesetzt"),
    "discard": _("Entwurf verworfen"),
    "switch_off": _("abgeschaltet"),
    "load": _("geladen"),
    "open_with_reason": _("mit Grund geöffnet"),
    "ask": _("nachgefragt"),
    "resend": _("Link noch einmal geschickt"),
    "note": _("Notiz geschrieben"),
    "assign": _("zugeteilt"),
    "reach": _("erreichbar gemacht"),
    "move": _("verschoben"),
    "cancel": _("von der Person abgesagt"),
    "call_off": _("von der Stelle abgesagt"),
    "mark": _("vermerkt, ob die Person kam"),
    "delete_on_request": _("auf Wunsch gelöscht"),
    "upload": _("Tabelle hochgeladen"),
    "import": _("eingelesen"),
    "export": _("ausgegeben"),
}


# What somebody entrusted to one agency: not even that it is there is for those who look after all agencies.
OWN_AGENCY_ONLY = ("counseling.enquiry:", "counseling.booking:")
# Not rows of the database.
UNBOUND: dict[str, Any] = {"offers.region": _("Regionsordner"), "directory.overview": _("Überblick")}


def deed_words(action: str) -> str:
    """Return the deed of an action such as ``offer.release``; one without words stays as it is."""
    deed = action.rpartition(".")[2]
    return str(DEEDS.get(deed, deed))


def kind_words(label: str) -> str:
    """Return what a kind of row is called."""
    if label in UNBOUND:
        return str(UNBOUND[label])
    try:
        return capfirst(str(apps.get_model(label)._meta.verbose_name))
    except (LookupError, ValueError):
        return label
