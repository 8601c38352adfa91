"""Counseling: the rules of responsibility with their examples, enquiries, and appointments."""

from counseling.models.absences import DeskAbsence
from counseling.models.appointments import Booking, BookingQuerySet, Channel, SlotRule, SlotRuleQuerySet
from counseling.models.booking_reasons import BookingReason
from counseling.models.desks import AgencyKey, DeskVisit, EnquiryDesk, TextBlock
from counseling.models.enquiry import (
    HARMLESS_TOPICS,
    AgeBand,
    Enquiry,
    EnquiryCount,
    EnquiryQuerySet,
    Message,
    Note,
    Topic,
)
from counseling.models.finder_gap import FinderGap
from counseling.models.handover import Consent, Proposal
from counseling.models.rule_sets import RuleSet
from counseling.models.rules import ResponsibilityRule
from counseling.models.scenarios import Scenario
from counseling.models.sign_offs import SignOff
from counseling.models.slot_blocks import SlotBlock

__all__ = [
    "HARMLESS_TOPICS",
    "AgeBand",
    "AgencyKey",
    "Booking",
    "BookingQuerySet",
    "BookingReason",
    "Channel",
    "Consent",
    "DeskAbsence",
    "DeskVisit",
    "Enquiry",
    "EnquiryCount",
    "EnquiryDesk",
    "EnquiryQuerySet",
    "FinderGap",
    "Message",
    "Note",
    "Proposal",
    "ResponsibilityRule",
    "RuleSet",
    "Scenario",
    "SignOff",
    "SlotBlock",
    "SlotRule",
    "SlotRuleQuerySet",
    "TextBlock",
    "Topic",
]
