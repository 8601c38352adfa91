"""Which fields of rules hold addresses outside of this site."""

from directory.link_sources import LinkSource, in_data

RULES = (
    # A rule is changed in a draft and signed off anew, never by a button.
    LinkSource(
        "counseling.responsibilityrule",
        {"source": in_data, "deadlines": in_data},
        agencies="owner",
        only={"rule_set__status__in": ["draft", "checked", "active"]},
        replaceable=False,
    ),
)
