"""Addresses in the files of the region: pages nobody has edited, the pages for parents and for staff, the settings."""

from collections.abc import Iterator

from django.conf import settings

from directory.link_sources import in_data, in_markdown
from directory.models import Page
from ruemsa_portal.texts import PAGE_SLUGS, default_page, region_table


def addresses() -> Iterator[tuple[str, str]]:
    """Yield (name of the file, address). One query."""
    edited = set(Page.objects.values_list("slug", flat=True))
    for slug in PAGE_SLUGS:
        if slug not in edited:
            for address in in_markdown(default_page(slug)[1]):
                yield f"pages/{slug}.md", address
    for name in ("parents", "professionals"):
        for address in in_data(region_table(name)):
            yield f"{name}.toml", address
    for address in in_data(settings.REGION):
        yield "region.toml", address
