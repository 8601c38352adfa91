"""Back office of the counseling: enquiries and appointments; rules, their examples and versions."""

from counseling.admin import absences, appointments, enquiries, rule_sets, rules, scenarios, slot_rules

__all__ = ["absences", "appointments", "enquiries", "rule_sets", "rules", "scenarios", "slot_rules"]
