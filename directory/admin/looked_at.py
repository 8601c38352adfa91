"""Which versions somebody has looked at in the preview: noted in the login, gone with it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _

PREVIEWED = "previewed"
KEPT = 200
"""So many looks are remembered; whoever looks at more before publishing looks again."""


def note_preview(request: HttpRequest, mark: str) -> None:
    """Note that a version was shown; ``mark`` says which (``releasing.seen``), so any later edit asks for a new look."""
    if request.method == "GET" and mark not in previewed_by(request):
        request.session[PREVIEWED] = [*previewed_by(request), mark][-KEPT:]


def previewed_by(request: HttpRequest) -> list[str]:
    """Return the marks of the versions that were shown in this login."""
    marks: list[str] = request.session.get(PREVIEWED, [])
    return marks


def say_look_first(request: HttpRequest, obj: Any, url: str) -> None:
    """Say that the preview comes before the release, and where it is."""
    text = _("Bitte sehen Sie sich zuerst an, wie „%s“ aussehen wird. Danach können Sie veröffentlichen.") % obj
    messages.warning(request, format_html('{} <a href="{}">{}</a>', text, url, _("Vorschau ansehen")))
