"""The questions of one concern as a graph: what is asked, which answer leads where.

Answers that make no difference are one edge, and questions from which
everything that follows is the same are one node; so the graph shows what the
rules really tell apart.
"""

from dataclasses import dataclass
from datetime import date

from counseling.finder import RuleSet, Situation
from counseling.finder.conditions import In
from counseling.finder.facts import AGE_MAX, AGE_MIN, BODIES, FACTS, FactKind
from counseling.finder.possible import domains
from counseling.finder.questions import choose_question
from counseling.finder.ruleset import LiveRules
from counseling.finder.table import Dimension
from counseling.plain_condition import ages, plain

MAX_NODES = 150
OTHERS = "alles andere"
MAX_WORDS = 3  # of seven answers at most one group can have more, so "alles andere" is never said twice


@dataclass(frozen=True)
class Answer:
    """One or more answers that lead to the same node; ``door`` is its name if it is one."""

    label: str
    target: int
    door: str = ""


@dataclass(frozen=True)
class Node:
    """A question with its answers, or a door without any. ``depth`` counts the questions before it, at most."""

    number: int
    title: str
    is_door: bool
    depth: int
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True)
class FlowGraph:
    """The nodes in the order in which they are met; the first is where it begins."""

    nodes: tuple[Node, ...]
    is_complete: bool

    @property
    def questions(self) -> tuple[Node, ...]:
        """The nodes that ask."""
        return tuple(node for node in self.nodes if not node.is_door)

    @property
    def doors(self) -> tuple[Node, ...]:
        """The nodes where it ends."""
        return tuple(node for node in self.nodes if node.is_door)


# A question: its fact and its branches; a door: its body and nothing.
_Key = tuple[str, tuple[tuple[str, int], ...]]


class _Builder:
    def __init__(self, concern: str, live: LiveRules) -> None:
        self.live = live
        self.concern = concern
        self.table = live.table(concern)
        self.dimensions = {dimension.fact: dimension for dimension in self.table.dimensions}
        self.known: dict[_Key, int] = {}
        self.keys: list[_Key] = []
        self.is_complete = True

    def visit(self, situation: Situation, skipped: frozenset[str]) -> int:
        """Return the index of the node for what is known so far."""
        decision = self.table.decide(situation)
        name = choose_question(situation, skipped, self.live, decision)
        if name is None or name not in decision.matters or name not in self.dimensions:
            return self._node((decision.body, ()))
        if len(self.keys) >= MAX_NODES:
            self.is_complete = False
            return self._node((decision.body, ()))
        branches: dict[int, list[int]] = {}
        dimension = self.dimensions[name]
        open_values = domains(situation).get(name, 0)
        for index in dimension.classes_of(None, open_values):
            target = self.visit(situation.answer(name, dimension.values[index]), skipped)
            branches.setdefault(target, []).append(index)
        edges = [(_label(dimension, classes, open_values), target) for target, classes in branches.items()]
        return self._node((name, tuple(sorted(edges, key=lambda edge: edge[0] == OTHERS))))

    def _node(self, key: _Key) -> int:
        if key not in self.known:
            self.known[key] = len(self.keys)
            self.keys.append(key)
        return self.known[key]


def flow_graph(concern: str, rules: RuleSet, on: date) -> FlowGraph:
    """Build the graph of a concern for a day. The place that only names the office is left out."""
    builder = _Builder(concern, rules.on(on))
    root = builder.visit(Situation(concern=concern), frozenset())
    order, depth = _walk(builder.keys, root)
    numbers = {index: number for number, index in enumerate(order, 1)}
    nodes = []
    for index in order:
        name, edges = builder.keys[index]
        is_door = not edges
        nodes.append(
            Node(
                numbers[index],
                BODIES[name] if is_door else FACTS[name].label,
                is_door,
                depth[index],
                tuple(Answer(label, numbers[target], _door(builder.keys[target])) for label, target in edges),
            )
        )
    return FlowGraph(tuple(nodes), builder.is_complete)


def _door(key: _Key) -> str:
    name, edges = key
    return "" if edges else BODIES[name]


def _walk(keys: list[_Key], root: int) -> tuple[list[int], dict[int, int]]:
    """Return the nodes by depth (the longest way to them) and the depth of each."""
    depth: dict[int, int] = {root: 0}
    # A node is made after everything it leads to, so going down the list meets parents first.
    for index in range(root, -1, -1):
        for _label_text, target in keys[index][1] if index in depth else ():
            depth[target] = max(depth.get(target, 0), depth[index] + 1)
    last = max(depth.values())
    for index in depth:
        if not keys[index][1]:
            depth[index] = last
    return sorted(depth, key=lambda index: (depth[index], -index)), depth


def _label(dimension: Dimension, classes: list[int], open_values: int) -> str:
    """Return the words for answers that lead to the same node."""
    fact = FACTS[dimension.fact]
    if fact.kind is FactKind.PLACE:
        starts = tuple(str(dimension.samples[index]) for index in classes)
        if "" not in starts:
            return plain(In(fact.name, starts)).removeprefix(f"{fact.label}: ")
        return "jeder andere Ort" if len(starts) < len(dimension.samples) else "jeder Ort"
    mask = 0
    for index in classes:
        mask |= dimension.masks[index] & open_values
    if mask == open_values:
        return "jede Antwort"
    if fact.kind is FactKind.AGE:
        return " oder ".join(_spans(mask))
    words = [label for bit, label in enumerate(fact.values.values()) if mask >> bit & 1]
    return " oder ".join(words) if len(words) <= MAX_WORDS else OTHERS


def _spans(mask: int) -> list[str]:
    """Return the ages of a mask as spans: "höchstens 14", "15 bis 17"."""
    years = [age for age in range(AGE_MIN, AGE_MAX + 1) if mask >> age & 1]
    spans: list[list[int]] = []
    for year in years:
        if spans and spans[-1][1] == year - 1:
            spans[-1][1] = year
        else:
            spans.append([year, year])
    return [ages(None if low == AGE_MIN else low, None if high == AGE_MAX else high) for low, high in spans]
