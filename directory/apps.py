"""App configuration."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from directory import checklist, link_sources, queue, reportable, usage
from directory.editorial.checks import register_check
from directory.editorial.shapes import register as register_shape
from directory.exchange import registry as exchange
from directory.freshness.subjects import register as register_freshness
from directory.index.sources import register
from directory.link_sources import DIRECTORY


class DirectoryConfig(AppConfig):
    """Who exists and where: places, agencies, contact points, opening hours."""

    name = "directory"
    verbose_name = _("Verzeichnis")

    def ready(self) -> None:
        """Feed the search index; say what the publish checklist looks at."""
        register("directory.index.directory_source.CONTACT_POINTS")
        register("directory.index.directory_source.AGENCIES")
        register("directory.index.directory_source.TERMS")
        register_shape("directory.editorial.items.CONTACT_POINT")
        register_shape("directory.editorial.items.AGENCY")
        register_shape("directory.editorial.items.PAGE")
        checklist.register("directory.record_checks.CONTACT_POINT")
        checklist.register("directory.record_checks.AGENCY")
        checklist.register("directory.record_checks.PAGE")
        checklist.register("directory.record_checks.TERM")
        register_check("directory.checklist.for_release")
        link_sources.register(*DIRECTORY)
        reportable.register("anlaufstelle", "directory.report_subjects.contact_point", "directory.contactpoint")
        reportable.register("stelle", "directory.report_subjects.agency", "directory.agency")
        reportable.register("wort", "directory.report_subjects.term", "directory.glossaryterm")
        register_freshness("directory.freshness.directory_subjects.CONTACT_POINT")
        register_freshness("directory.freshness.directory_subjects.AGENCY")
        # By its path: what writes mails needs models, and those come after this file.
        import_string("directory.report_work.register_mails")()
        import_string("directory.freshness.mails.register_mails")()
        queue.register("directory.editorial.waiting.REVIEWS")
        queue.register("directory.freshness.waiting.CONFIRMATIONS")
        queue.register("directory.report_work.REPORTS")
        queue.register("directory.link_work.LINKS")
        usage.register("directory.contactpoint")
        usage.register("directory.contactperson", *usage.CONTACT_PERSON)
        usage.register("directory.agency", *usage.AGENCY)
        usage.register("directory.glossaryterm", *usage.GLOSSARY_TERM)
        exchange.register("directory.exchange.directory_kinds.CONTACT_POINT_KIND")
        exchange.register("directory.exchange.directory_kinds.AGENCY_KIND")
        queue.register("directory.exchange.waiting.IMPORTS")
