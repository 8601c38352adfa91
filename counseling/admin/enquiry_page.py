"""One enquiry on the desk: read it, answer, note, pass it on within the agency, close it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from counseling.about import About
from counseling.actions import desk
from counseling.actions.enquiries import about_of, delete_enquiry
from counseling.actions.handover import agree, must_be_deleted, propose
from counseling.admin.desk_page import Deed, DeskPage, answer
from counseling.admin.enquiry_forms import AnswerForm, AssignForm, CloseForm, NoteForm, ReasonForm, VisitForm
from counseling.admin.enquiry_texts import point_text, visit_text
from counseling.admin.handover_forms import HandoverForm
from counseling.desks import reading_agencies, receiver
from counseling.erasing import wipe_deleted
from counseling.models import Consent, Enquiry
from counseling.offices import open_desk
from counseling.periods import deleted_on
from counseling.sealing import Keys
from directory.agencies import points_of
from directory.models import Agency, ContactPoint
from directory.versions import content_version


@dataclass
class Page(DeskPage):
    """One request for one enquiry."""

    enquiry: Enquiry

    template = "admin/counseling/enquiry.html"
    gone = gettext_lazy("Die Anfrage ist inzwischen abgeschlossen oder gelöscht.")

    def own(self) -> dict[str, Any]:
        """Return the enquiry."""
        return {
            "title": _("Anfrage %(code)s") % {"code": self.enquiry.public_id},
            "enquiry": self.enquiry,
            "is_late": self.enquiry.waits_for_us and self.enquiry.due_at < timezone.now(),
            "deleted_on": deleted_on(self.enquiry),
        }


def show_enquiry(page: Page) -> HttpResponse:
    """Answer a request for one enquiry."""
    return answer(page, read=_read, deeds=DEEDS)


def _read(page: Page, *, reason: str = "", **shown: forms.Form) -> HttpResponse:
    """Show the texts to a counsellor; to a lead only with a reason."""
    if not desk.may_read(page.user) and not reason:
        context = {"reason_form": shown.get("reason_form") or ReasonForm(prefix="reason"), **_assigning(page, shown)}
        return page.render(context)
    opened = desk.open_enquiry(enquiry=page.enquiry, user=page.user, at=timezone.now(), reason=reason)
    page.enquiry.refresh_from_db()
    context = {"opened": opened, "about": opened.about.lines(), **_assigning(page, shown)}
    if desk.may_read(page.user):
        context |= {
            "answer_form": shown.get("answer_form") or _answer_form(page),
            "visit_form": shown.get("visit_form") or _visit_form(page),
            "note_form": shown.get("note_form") or NoteForm(prefix="note"),
            "close_form": CloseForm(prefix="close"),
            "handover_form": shown.get("handover_form") or _handover_form(page, opened.about),
            "proposals": page.enquiry.proposals.select_related("target"),
            "must_be_deleted": must_be_deleted(page.enquiry),
        }
    return page.render(context)


def _read_with_reason(page: Page) -> HttpResponse:
    form = ReasonForm(page.request.POST, prefix="reason")
    if not form.is_valid():
        return _read(page, reason_form=form)
    return _read(page, reason=form.cleaned_data["reason"])


def _answer(page: Page) -> HttpResponse:
    form = _answer_form(page, page.request.POST)
    if not form.is_valid():
        return _read(page, answer_form=form)
    is_question = page.request.POST["tun"] == "fragen"
    desk.answer(
        enquiry=page.enquiry,
        user=page.user,
        text=form.cleaned_data["text"],
        is_question=is_question,
        at=timezone.now(),
    )
    return page.done(_("Die Rückfrage ist da.") if is_question else _("Die Antwort ist da."))


def _set_in(page: Page) -> HttpResponse:
    """Put a ready-made text or a contact point into the answer that is being written."""
    form = _answer_form(page, page.request.POST)
    form.is_valid()
    parts = [page.request.POST.get("answer-text", "")[: 2 * AnswerForm.base_fields["text"].max_length]]  # type: ignore[attr-defined]
    if block := form.cleaned_data.get("block"):
        parts.append(block.text)
    if point := form.cleaned_data.get("point"):
        parts.append(point_text(point))
    text = "\n\n".join(part for part in parts if part)
    return _read(page, answer_form=_answer_form(page, initial={"text": text}))


def _invite(page: Page) -> HttpResponse:
    """Put an invitation into the answer; nothing is sent before somebody has read it once more."""
    form = _visit_form(page, page.request.POST)
    if not form.is_valid():
        return _read(page, visit_form=form)
    data = form.cleaned_data
    text = visit_text(data["point"], day=data["day"], at=data["time"])
    return _read(page, answer_form=_answer_form(page, initial={"text": text}))


def _note(page: Page) -> HttpResponse:
    form = NoteForm(page.request.POST, prefix="note")
    if not form.is_valid():
        return _read(page, note_form=form)
    desk.add_note(enquiry=page.enquiry, user=page.user, text=form.cleaned_data["text"], at=timezone.now())
    return page.done(_("Die Notiz ist gespeichert."))


def _assign(page: Page) -> HttpResponse:
    form = AssignForm(page.request.POST, prefix="assign", enquiry=page.enquiry)
    if not form.is_valid():
        return _read(page, assign_form=form)
    data = form.cleaned_data
    desk.assign(enquiry=page.enquiry, user=page.user, to=data["to"], deputy=data["deputy"], at=timezone.now())
    if not Enquiry.objects.visible_to(page.user).filter(pk=page.enquiry.pk).exists():
        messages.success(page.request, _("Übergeben. Sie sehen die Anfrage jetzt nicht mehr."))
        return page.back()
    return page.done(_("Gespeichert, wer die Anfrage bearbeitet."))


def _close(page: Page) -> HttpResponse:
    form = CloseForm(page.request.POST, prefix="close")
    if not form.is_valid():
        return _read(page)
    desk.close(enquiry=page.enquiry, user=page.user, outcome=form.cleaned_data["outcome"], at=timezone.now())
    return page.done(_("Die Anfrage ist abgeschlossen."))


def _hand_over(page: Page) -> HttpResponse:
    """Propose it to the person, or write down that they said yes."""
    form = _handover_form(page, about_of(page.enquiry, Keys()), page.request.POST)
    if not form.is_valid():
        return _read(page, handover_form=form)
    at, data = timezone.localtime(), form.cleaned_data
    proposal = propose(
        enquiry=page.enquiry,
        user=page.user,
        target=data["target"],
        recipient=data["recipient"],
        purpose=data["purpose"],
        fields=data["fields_chosen"],
        channel=data["channel"],
        at=at,
    )
    if data["channel"] == Consent.Channel.ONLINE:
        return page.done(_("Die Person wird auf ihrer Seite gefragt. Noch ist nichts weitergegeben."))
    due_at = receiver(data["target"], desk=open_desk(at, version=content_version())).due_at
    agree(proposal=proposal, due_at=due_at, channel=data["channel"], at=at, recorded_by=page.user)
    return page.done(_("Weitergegeben. Den zweiten Code findet die Person auf ihrer Seite."))


def _delete_withdrawn(page: Page) -> HttpResponse:
    """Delete what came by a consent that was taken back."""
    if not (desk.may_read(page.user) and must_be_deleted(page.enquiry)):
        raise desk.NotYoursError
    delete_enquiry(enquiry=page.enquiry, at=timezone.now())
    wipe_deleted()
    messages.success(page.request, _("Gelöscht."))
    return page.back()


def _handover_form(page: Page, about: About, data: Any = None) -> HandoverForm:
    at = timezone.localtime()
    reading = Agency.objects.published(on=at.date()).filter(pk__in=reading_agencies(at=at))
    agencies = reading.exclude(pk=page.enquiry.agency_id).order_by("name")
    return HandoverForm(data, prefix="handover", enquiry=page.enquiry, about=about, agencies=agencies)


DEEDS: dict[str, Deed[Page]] = {
    "lesen": _read_with_reason,
    "antworten": _answer,
    "fragen": _answer,
    "einsetzen": _set_in,
    "einladen": _invite,
    "notieren": _note,
    "zuweisen": _assign,
    "abschliessen": _close,
    "weitergeben": _hand_over,
    "loeschen": _delete_withdrawn,
}


def _assigning(page: Page, shown: dict[str, forms.Form]) -> dict[str, Any]:
    initial = {"to": page.enquiry.assigned_to_id, "deputy": page.enquiry.deputy_id}
    form = shown.get("assign_form") or AssignForm(prefix="assign", enquiry=page.enquiry, initial=initial)
    return {"assign_form": form}


def _visit_form(page: Page, data: Any = None) -> VisitForm:
    """Offer the doors of the own agency, the one that was asked through first."""
    at = timezone.localtime()
    points = points_of(page.enquiry.agency, open_desk(at, version=content_version()).public)
    return VisitForm(data, prefix="visit", points=points, today=at.date(), first=page.enquiry.contact_point_id)


def _answer_form(page: Page, data: Any = None, **kwargs: Any) -> AnswerForm:
    points = ContactPoint.objects.published(on=timezone.localdate()).order_by("name")
    return AnswerForm(data, prefix="answer", enquiry=page.enquiry, points=points, **kwargs)
