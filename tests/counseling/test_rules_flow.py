"""The picture of a flow shows what the finder asks, and the text beside it says the same."""

import xml.etree.ElementTree as ET
from datetime import date
from typing import Any

import pytest

from counseling.finder import RuleSet, parse_records
from counseling.finder.facts import CONCERNS
from counseling.flow_graph import FlowGraph, flow_graph
from counseling.flow_picture import flow_picture, flow_svg
from counseling.plain_condition import plain
from tests.counseling.rule_samples import content, rule

ON = date(2026, 11, 22)
SVG = "{http://www.w3.org/2000/svg}"


def rules(*listed: dict[str, Any]) -> RuleSet:
    return RuleSet(content({"rule": list(listed)}).rules)


def told(graph: FlowGraph) -> list[str]:
    """Return the graph line by line."""
    return [
        f"{node.number} {node.title}: {answer.label} → {answer.door or answer.target}"
        for node in graph.questions
        for answer in node.answers
    ]


def three_doors() -> RuleSet:
    concerns = ["seeking_training"]
    return rules(
        rule("R-1", concerns=concerns, body="school", condition={"fact": "age", "between": [None, 14]}),
        rule("R-2", concerns=concerns, body="aa", condition={"fact": "age", "between": [15, None]}),
        rule(
            "R-3",
            concerns=concerns,
            body="jobcenter",
            condition={
                "all": [{"fact": "age", "between": [15, 26]}, {"fact": "benefit", "in": ["sgb2", "alg1_and_sgb2"]}]
            },
            overrides=["R-2"],
        ),
    )


def test_graph_asks_in_the_order_of_the_flow_and_ends_at_doors() -> None:
    assert told(flow_graph("seeking_training", three_doors(), ON)) == [
        "1 Alter: höchstens 14 → Schule",
        "1 Alter: 15 bis 26 → 2",
        "1 Alter: mindestens 27 → Agentur für Arbeit",
        "2 Geld vom Amt: kein Geld vom Amt oder Arbeitslosengeld oder Geld nach dem Asylbewerberleistungsgesetz → Agentur für Arbeit",
        "2 Geld vom Amt: Geld vom Jobcenter oder Arbeitslosengeld und Geld vom Jobcenter → Jobcenter",
    ]


def test_graph_without_question_is_one_door() -> None:
    graph = flow_graph("truancy", rules(rule("R-1", concerns=["truancy"], body="school")), ON)
    assert [(node.title, node.is_door) for node in graph.nodes] == [("Schule", True)]


def test_concern_without_rules_leads_to_the_human() -> None:
    (node,) = flow_graph("truancy", rules(), ON).nodes
    assert node.title == "Koordinierungsstelle"


def test_most_of_the_answers_are_everything_else_and_come_last() -> None:
    condition = {"fact": "status", "in": ["at_school", "in_training"]}
    graph = flow_graph("voluntary", rules(rule("R-1", concerns=["voluntary"], body="traeger", condition=condition)), ON)
    assert told(graph) == [
        "1 Was man gerade macht: in der Schule oder in Ausbildung → Träger",
        "1 Was man gerade macht: alles andere → Koordinierungsstelle",
    ]


def test_place_of_a_rule_is_named_in_words() -> None:
    outside = rule("R-1", concerns=["voluntary"], body="traeger", condition={"fact": "place", "eq": "15083"})
    assert told(flow_graph("voluntary", rules(outside), ON)) == [
        "1 Wohnort: Gemeindeschlüssel beginnt mit 15083 → Träger",
        "1 Wohnort: jeder andere Ort → Koordinierungsstelle",
    ]


def test_too_many_ways_are_cut_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counseling.flow_graph.MAX_NODES", 1)
    picture = flow_picture("seeking_training", three_doors(), ON)
    assert not picture.graph.is_complete
    assert picture.description.endswith("Das Bild zeigt nicht alle Wege, es wären zu viele.")


def test_picture_is_svg_with_title_description_and_every_answer() -> None:
    picture = flow_picture("seeking_training", three_doors(), ON)
    root = ET.fromstring(flow_svg(picture))  # noqa: S314 our own picture
    assert root.find(f"{SVG}title").text == "Ablauf: Sucht eine Ausbildung"  # type: ignore[union-attr]
    assert root.find(f"{SVG}desc").text == (  # type: ignore[union-attr]
        "2 Fragen. Türen: Agentur für Arbeit, Jobcenter, Schule. Der Text darunter sagt dasselbe."
    )
    words = " ".join(node.text or "" for node in root.iter(f"{SVG}text"))
    for answer in (answer for node in picture.graph.questions for answer in node.answers):
        assert answer.label in words
    assert len(list(root.iter(f"{SVG}path"))) == 5


def test_boxes_do_not_overlap_and_lie_inside() -> None:
    picture = flow_picture("seeking_training", three_doors(), ON)
    for index, box in enumerate(picture.boxes):
        assert 0 <= box.x <= picture.width - picture.box_width
        assert 0 <= box.y <= picture.height - box.height
        for other in picture.boxes[index + 1 :]:
            apart = abs(box.x - other.x) >= picture.box_width
            assert apart or box.y + box.height <= other.y or other.y + other.height <= box.y


def test_unknown_concern_has_no_picture() -> None:
    with pytest.raises(KeyError):
        flow_picture("nix", three_doors(), ON)


@pytest.mark.parametrize("concern", CONCERNS)
def test_every_concern_has_a_picture(concern: str) -> None:
    assert "<svg" in flow_svg(flow_picture(concern, RuleSet(content().rules), ON))


CONDITIONS = [
    ({"all": []}, "immer"),
    ({"fact": "age", "between": [15, 26]}, "Alter 15 bis 26"),
    ({"fact": "age", "at_most": 17}, "Alter höchstens 17"),
    ({"fact": "age", "eq": 17}, "Alter genau 17"),
    ({"not": {"fact": "married", "eq": "yes"}}, "nicht (verheiratet)"),
    (
        {"all": [{"fact": "age", "at_least": 15}, {"any": [{"fact": "status", "eq": "unemployed"}, {"fact": "benefit", "in": ["sgb2", "alg1"]}]}]},
        "Alter mindestens 15 und (Was man gerade macht: ohne Arbeit oder (Geld vom Amt: Geld vom Jobcenter oder Arbeitslosengeld))",
    ),
    ({"fact": "place", "in": ["15083", "03"]}, "Wohnort: Gemeindeschlüssel beginnt mit 03 oder 15083"),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "words"), CONDITIONS, ids=[words for _c, words in CONDITIONS])
def test_condition_in_plain_german(condition: dict[str, Any], words: str) -> None:
    record = rule("R-1", concerns=["truancy"], condition=condition)
    assert plain(parse_records({"rule": [record]}).rules[0].condition) == words
