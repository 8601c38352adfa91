"""Counseling: the rules of responsibility and their examples."""

from counseling.models.rule_sets import RuleSet
from counseling.models.rules import ResponsibilityRule
from counseling.models.scenarios import Scenario
from counseling.models.sign_offs import SignOff

__all__ = ["ResponsibilityRule", "RuleSet", "Scenario", "SignOff"]
