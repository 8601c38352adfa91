"""Back office of the counseling: rules, their examples and versions."""

from counseling.admin import rule_sets, rules, scenarios

__all__ = ["rule_sets", "rules", "scenarios"]
