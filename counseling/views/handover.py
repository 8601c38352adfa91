"""The person's side of a handover: read what would move, say yes or no, take it back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from counseling.actions.enquiries import ClosedError
from counseling.actions.handover import Offer, agree, code_of_copy, offer_of, refuse, withdraw
from counseling.desks import receiver
from counseling.models import Consent, Enquiry, Proposal
from counseling.offices import open_desk
from counseling.sealing import Keys
from directory.versions import content_version


def shown_proposals(enquiry: Enquiry) -> list[tuple[Proposal, Offer]]:
    """Return what is proposed or was passed on, with exactly what moves."""
    keys = Keys()
    rows = enquiry.proposals.exclude(state=Proposal.State.REFUSED).select_related("target")
    return [(row, offer_of(row, keys)) for row in rows]


def decide(data: Any, enquiry: Enquiry, *, at: datetime) -> dict[str, Any]:
    """Do what the person wants with one proposal; return what the page says then."""
    proposal = _find(data.get("vorschlag", ""), enquiry)
    if proposal is None:
        return {}
    name = {"name": proposal.target.display_name}
    try:
        match data.get("tun", ""):
            case "ja":
                due_at = receiver(proposal.target, desk=open_desk(at, version=content_version())).due_at
                agree(proposal=proposal, due_at=due_at, channel=Consent.Channel.ONLINE, at=at)
                return {"second_code": code_of_copy(proposal), "second_name": name["name"]}
            case "code":
                return {"second_code": code_of_copy(proposal), "second_name": name["name"]}
            case "nein":
                refuse(proposal=proposal, at=at)
                return {"notice": _("Gut. Es geht nichts an: %(name)s.") % name}
            case "zurueck":
                withdraw(proposal=proposal, at=at)
                return {"notice": _("Du hast es zurückgenommen. %(name)s muss deine Angaben löschen.") % name}
    except ClosedError:
        return {"notice": _("Das ist schon entschieden.")}
    return {}


def _find(key: str, enquiry: Enquiry) -> Proposal | None:
    try:
        found: Proposal | None = (
            enquiry.proposals.select_related("target", "enquiry__agency").filter(pk=UUID(key)).first()
        )
    except ValueError:
        return None
    return found
