"""The record of processing (Art. 30 DSGVO), built from the models: which field, what for, who receives it, how long.

A field of a person without a line fails ``manage.py processing_record --check``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from django.apps import apps

from counseling.about import About

ASKING, DESK = "Anfragen beantworten", "die empfangende Stelle"
MEETING = "Termine vergeben und halten"
ACCOUNTS, STAFF = "Zugang der Mitarbeitenden", "Technik und Leitung der Stelle"
PROOF = "Nachweis, wer was getan hat"
ABOUT = "counseling.about"
NOBODY = "niemand"


@dataclass(frozen=True, slots=True)
class Entry:
    """Fields that are processed alike."""

    model: str
    fields: tuple[str, ...]
    purpose: str
    receiver: str
    period: str


ENQUIRY_PERIOD = "30 Tage nach dem Abschluss, höchstens 180 Tage"
MEETING_PERIOD = "14 Tage nach dem Termin"
ACCOUNT_PERIOD = "solange das Konto besteht"
RECORD: tuple[Entry, ...] = (
    Entry(ABOUT, ("first_name", "age_band", "municipality"), f"{ASKING}: passend antworten (freiwillig)", DESK, ENQUIRY_PERIOD),
    Entry(ABOUT, ("way", "email", "phone", "call_when", "voicemail"), f"{ASKING}: der gewünschte Weg", DESK, ENQUIRY_PERIOD),
    Entry("counseling.message", ("text_sealed", "kind", "written_at", "seen_at"), ASKING, DESK, ENQUIRY_PERIOD),
    Entry("counseling.message", ("author",), "Ansprechperson bleibt dieselbe", DESK, ENQUIRY_PERIOD),
    Entry("counseling.note", ("text_sealed", "kind", "written_at", "author"), ASKING, DESK, ENQUIRY_PERIOD),
    Entry("counseling.enquiry", ("about_sealed", "topic", "contact_point", "agency"), ASKING, DESK, ENQUIRY_PERIOD),
    Entry(
        "counseling.enquiry",
        ("status", "outcome", "received_at", "due_at", "read_at", "answered_at", "active_at", "closed_at"),
        "Antwort zur versprochenen Zeit",
        DESK,
        ENQUIRY_PERIOD,
    ),
    Entry("counseling.enquiry", ("assigned_to", "deputy"), "Wer antwortet (§ 65 SGB VIII)", DESK, ENQUIRY_PERIOD),
    Entry(
        "counseling.enquiry",
        ("public_id", "token_hash", "code_hash", "code_key", "notice_version"),
        "Zugang zur Antwort ohne Konto",
        NOBODY,
        ENQUIRY_PERIOD,
    ),
    Entry(
        "counseling.proposal",
        ("offer_sealed", "target", "state", "asked_at", "asked_by", "decided_at"),
        "Weitergabe nur mit Einwilligung",
        DESK,
        ENQUIRY_PERIOD,
    ),
    Entry(
        "counseling.consent",
        (
            "public_id", "source", "target", "text_hash", "fields", "channel", "recorded_by", "given_at", "expires_at",
            "withdrawn_at",
        ),
        "Nachweis der Einwilligung (§ 67b Abs. 2 SGB X), ohne Inhalt",
        "beide Stellen",
        "12 Monate",
    ),
    Entry(
        "counseling.booking",
        (
            "about_sealed", "word_sealed", "topic", "agency", "contact_point", "channel", "starts_at", "ends_at", "seat",
            "state", "booked_at", "changed_at", "seen_at",
        ),
        MEETING,
        DESK,
        MEETING_PERIOD,
    ),
    Entry("counseling.booking", ("assigned_to", "deputy"), "Wer berät (§ 65 SGB VIII)", DESK, MEETING_PERIOD),
    Entry(
        "counseling.booking",
        ("public_id", "token_hash", "code_hash", "code_key", "notice_version"),
        "Zugang zum Termin ohne Konto",
        NOBODY,
        MEETING_PERIOD,
    ),
    Entry(
        "counseling.bookingreason",
        ("booking", "text_sealed", "written_at", "author"),
        "Warum die Leitung einen Termin gelesen hat",
        DESK,
        MEETING_PERIOD,
    ),
    Entry("counseling.slotrule", ("counsellor",), "Bei wem ein Termin ist", "die eigene Stelle", "bis zur Änderung durch die Stelle"),
    Entry(
        "counseling.slotblock",
        ("agency", "rule", "on", "starts_at", "ends_at", "reason"),
        "An diesem Tag keine Termine",
        "die eigene Stelle",
        "30 Tage nach dem Tag",
    ),
    Entry("counseling.enquirycount", ("month", "agency", "topic", "age_band", "event"), "Statistik ohne Personenbezug", "Koordination (ab 5)", "ohne Frist"),
    Entry("counseling.deskvisit", ("user", "opened_at"), "Formular nur, wo jemand liest", NOBODY, ACCOUNT_PERIOD),
    Entry(
        "counseling.deskabsence",
        ("user", "substitute", "starts_on", "ends_on"),
        "Vertretung beim Antworten",
        "Beratung und Leitung der Stelle",
        "30 Tage nach dem Ende",
    ),
    Entry("counseling.signoff", ("user",), "Wer Regeln freigegeben hat", "Fachkräfte", "solange das Regelwerk besteht"),
    Entry("counseling.ruleset", ("created_by",), "Wer ein Regelwerk angelegt hat", "Fachkräfte", "solange das Regelwerk besteht"),
    Entry(
        "accounts.user",
        ("username", "first_name", "last_name", "email", "password", "last_login", "date_joined"),
        ACCOUNTS,
        STAFF,
        ACCOUNT_PERIOD,
    ),
    Entry("accounts.user", ("is_superuser", "is_staff", "is_active"), ACCOUNTS, STAFF, ACCOUNT_PERIOD),
    Entry("accounts.onetimelink", ("user", "purpose", "token_hash", "created_at", "expires_at", "used_at"), ACCOUNTS, NOBODY, "1 Tag"),
    Entry("accounts.staffsession", ("session", "user", "device", "started_at", "seen_at"), ACCOUNTS, "das Konto selbst", "8 Stunden"),
    Entry("accounts.throttle", ("key", "num_failures", "last_at"), "Schutz vor Raten", NOBODY, "1 Tag"),
    Entry("accounts.throttlekey", ("day", "key"), "Schutz vor Raten", NOBODY, "1 Tag"),
    Entry(
        "accounts.auditentry",
        ("at", "actor", "role", "actor_agency", "action", "subject", "agency", "detail"),
        PROOF,
        "Leitung der Stelle, Technik",
        "12 Monate",
    ),
    Entry(
        "accounts.outboxmessage",
        (
            "kind", "subject", "state", "created_at", "first_due_at", "due_at", "num_tries", "delivered", "in_doubt",
            "leaving", "claim", "claimed_at", "last_error", "done_at",
        ),
        "Benachrichtigen ohne Inhalt",
        NOBODY,
        "7 Tage nach der Zustellung, sonst 14",
    ),
    Entry("directory.membership", ("user", "agency", "role"), ACCOUNTS, STAFF, ACCOUNT_PERIOD),
    Entry(
        "directory.contactperson",
        ("contact_point", "name", "topic", "phone", "email", "substitute", "position"),
        "Ansprechpersonen nennen",
        "öffentlich",
        "bis zur Änderung durch die Stelle",
    ),
    Entry("directory.absence", ("person", "starts_on", "ends_on"), "Vertretung nennen", "öffentlich", "bis zur Änderung durch die Stelle"),
    Entry(
        "directory.visitorreport",
        (
            "kind", "key", "title", "agency", "reason", "text", "created_at", "token", "state", "closed_at", "note",
            "note_on",
        ),
        "Fehler in Angaben finden",
        "die Stelle des Eintrags",
        "90 Tage nach der Antwort, höchstens 180",
    ),
)  # fmt: skip
# Models of these apps have a line, or they hold nothing about a person.
SCOPE = ("accounts", "counseling")
WITHOUT_PERSONS = frozenset(
    {
        "accounts.jobrun", "counseling.agencykey", "counseling.enquirydesk", "counseling.textblock",
        "counseling.findergap", "counseling.responsibilityrule", "counseling.scenario",
    }
)  # fmt: skip
# What only ties rows together or counts them.
TIES = {
    "counseling.message": {"enquiry", "position"},
    "counseling.note": {"enquiry"},
    "counseling.proposal": {"enquiry"},
    "counseling.consent": {"proposal", "copied_to"},
    "counseling.booking": {"rule"},
}
# Rows about rules in which only these fields name a person.
MOSTLY_RULES = {
    "counseling.ruleset": {"created_by"},
    "counseling.signoff": {"user"},
    "counseling.slotrule": {"counsellor"},
}


def missing() -> list[str]:
    """Return the fields that hold something about a person and have no line, and lines about nothing."""
    lines = {(entry.model, field) for entry in RECORD for field in entry.fields}
    found = set(_fields())
    ties = {(model, field) for model, names in TIES.items() for field in names}
    return [
        *(f"ohne Eintrag: {model}.{field}" for model, field in sorted(found - lines - ties)),
        *(f"gibt es nicht: {model}.{field}" for model, field in sorted(lines - found)),
    ]


def _fields() -> Iterator[tuple[str, str]]:
    named = {entry.model for entry in RECORD}
    for model in apps.get_models():
        label = model._meta.label_lower
        if label in named or (model._meta.app_label in SCOPE and label not in WITHOUT_PERSONS):
            names = {field.name for field in model._meta.local_fields} - {"id"}
            yield from ((label, name) for name in names & MOSTLY_RULES.get(label, names))
    yield from ((ABOUT, field.name) for field in fields(About))
