"""App configuration."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from counseling.link_sources import RULES
from counseling.usage import OF_AGENCIES, OF_CONTACT_POINTS, OF_PERSONS
from directory import link_sources, queue, usage
from directory.index.sources import register


class CounselingConfig(AppConfig):
    """Who is responsible, and the way to a person."""

    name = "counseling"
    verbose_name = _("Beratung")

    def ready(self) -> None:
        """Feed the search index; say who writes the mails."""
        register("counseling.search_source.CONCERN_SOURCE")
        link_sources.register(*RULES)
        usage.register("directory.agency", *OF_AGENCIES)
        usage.register("directory.contactpoint", *OF_CONTACT_POINTS)
        usage.register("directory.contactperson", *OF_PERSONS)
        queue.register("counseling.waiting.SIGN_OFFS")
        queue.register("counseling.enquiry_waiting.ENQUIRIES")
        queue.register("counseling.booking_waiting.BOOKINGS")
        import_string("directory.asking.register")("counseling.desks.reading_agencies")
        import_string("directory.asking.register_booking")("counseling.appointments.giving")
        import_string("counseling.emails.register_mails")()
        import_string("counseling.booking_emails.register_mails")()
