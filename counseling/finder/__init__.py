"""Responsibility finder: who is responsible for this person, and why.

Plain Python without Django and without a database. Facts in, one door out;
rules are data. Entry points: ``resolve``, ``next_question``, ``sweep``,
``run_scenarios``, ``parse_records``, ``finding_to_json``.
"""

from counseling.finder.answer import finding_to_json
from counseling.finder.conditions import Truth, evaluate, facts_used
from counseling.finder.diff import DoorChange, diff
from counseling.finder.grammar import GrammarError, parse
from counseling.finder.questions import age_bands, needs_place, next_question
from counseling.finder.records import Parsed, parse_records, parse_rule, parse_scenario, rule_to_dict, scenario_to_dict
from counseling.finder.resolve import Finding, Reason, resolve
from counseling.finder.rules import Deadline, Helper, NotResponsible, OfferHint, Rule, Text, Texts
from counseling.finder.ruleset import RuleSet
from counseling.finder.scenarios import Scenario, ScenarioResult, run_scenarios
from counseling.finder.situation import AgeRange, FactError, Situation, situation_from_dict, situation_to_dict
from counseling.finder.sweep import sweep, swept_situations
from counseling.finder.sweep_report import Problem, Report

__all__ = [
    "AgeRange",
    "Deadline",
    "DoorChange",
    "FactError",
    "Finding",
    "GrammarError",
    "Helper",
    "NotResponsible",
    "OfferHint",
    "Parsed",
    "Problem",
    "Reason",
    "Report",
    "Rule",
    "RuleSet",
    "Scenario",
    "ScenarioResult",
    "Situation",
    "Text",
    "Texts",
    "Truth",
    "age_bands",
    "diff",
    "evaluate",
    "facts_used",
    "finding_to_json",
    "needs_place",
    "next_question",
    "parse",
    "parse_records",
    "parse_rule",
    "parse_scenario",
    "resolve",
    "rule_to_dict",
    "run_scenarios",
    "scenario_to_dict",
    "situation_from_dict",
    "situation_to_dict",
    "sweep",
    "swept_situations",
]
