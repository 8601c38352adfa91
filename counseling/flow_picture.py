"""The flow of a concern as a picture: boxes for questions and doors, lines for answers.

Only places and words are worked out here; the template draws them, so that
every word is escaped. Units are SVG user units.
"""

import textwrap
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string

from counseling.finder import RuleSet
from counseling.finder.facts import CONCERNS
from counseling.flow_graph import FlowGraph, Node, flow_graph

WIDTH = 270
GAP_X = 90
GAP_Y = 26
MARGIN = 16
LINE = 18
SPACE = 6  # between answers
TITLE = 30
LETTERS = 30  # of one line in a box


@dataclass(frozen=True)
class TextLine:
    """One line of text at its place."""

    x: int
    y: int
    words: str


@dataclass(frozen=True)
class Box:
    """A question or a door."""

    x: int
    y: int
    height: int
    is_door: bool
    title: TextLine
    lines: tuple[TextLine, ...]


@dataclass(frozen=True)
class Picture:
    """Everything the template draws, and the graph for the text beside it."""

    label: str
    description: str
    width: int
    height: int
    box_width: int
    boxes: tuple[Box, ...]
    paths: tuple[str, ...]
    graph: FlowGraph


def flow_picture(concern: str, rules: RuleSet, on: date) -> Picture:
    """Lay out the flow of a concern from left to right. Raises KeyError for an unknown concern."""
    label = CONCERNS[concern].label
    graph = flow_graph(concern, rules, on)
    answers = {node.number: [(answer, _wrapped(answer.label)) for answer in node.answers] for node in graph.nodes}
    heights = {
        node.number: TITLE + sum(LINE * len(lines) + SPACE for _, lines in answers[node.number]) for node in graph.nodes
    }
    places = _places(graph, heights)
    boxes, paths = [], []
    for node in graph.nodes:
        x, y = places[node.number]
        lines: list[TextLine] = []
        row = y + TITLE + LINE
        for answer, words in answers[node.number]:
            middle = row + LINE * (len(words) - 1) // 2 - 5
            paths.append(_path(x + WIDTH, middle, *places[answer.target]))
            lines += [TextLine(x + 12, row + LINE * index, part) for index, part in enumerate(words)]
            row += LINE * len(words) + SPACE
        boxes.append(
            Box(x, y, heights[node.number], node.is_door, TextLine(x + 12, y + 20, _title(node)), tuple(lines))
        )
    return Picture(
        label,
        _description(graph),
        max(x for x, _ in places.values()) + WIDTH + MARGIN,
        max(y + heights[number] for number, (_, y) in places.items()) + MARGIN,
        WIDTH,
        tuple(boxes),
        tuple(paths),
        graph,
    )


def flow_svg(picture: Picture) -> str:
    """Return the picture as an SVG document."""
    return render_to_string("admin/counseling/flow.svg", {"picture": picture})


def _title(node: Node) -> str:
    return node.title if node.is_door else f"{node.number}. {node.title}"


def _wrapped(words: str) -> list[str]:
    return textwrap.wrap(words, LETTERS) or [""]


def _places(graph: FlowGraph, heights: dict[int, int]) -> dict[int, tuple[int, int]]:
    """Return the upper left corner of each node: one column for each depth."""
    places = {}
    filled: dict[int, int] = {}
    for node in graph.nodes:
        y = filled.get(node.depth, MARGIN)
        places[node.number] = (MARGIN + node.depth * (WIDTH + GAP_X), y)
        filled[node.depth] = y + heights[node.number] + GAP_Y
    return places


def _path(x: int, y: int, to_x: int, to_y: int) -> str:
    end = to_y + TITLE // 2
    half = (to_x - x) // 2
    return f"M{x} {y} C{x + half} {y} {to_x - half} {end} {to_x} {end}"


def _description(graph: FlowGraph) -> str:
    doors = ", ".join(sorted(node.title for node in graph.doors))
    number = len(graph.questions)
    asked = "Keine Frage" if not number else "1 Frage" if number == 1 else f"{number} Fragen"
    more = "" if graph.is_complete else " Das Bild zeigt nicht alle Wege, es wären zu viele."
    return f"{asked}. Türen: {doors}. Der Text darunter sagt dasselbe.{more}"
