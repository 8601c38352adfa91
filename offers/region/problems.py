"""What is wrong in a region folder, with file and line."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One wrong place. ``line`` counts from 1."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class Problems:
    """Collects problems, so that one run shows them all."""

    def __init__(self) -> None:
        self._found: set[Problem] = set()

    def add(self, file: str, line: int, message: str) -> None:
        """Note a problem; the same one counts once."""
        self._found.add(Problem(file, line, message))

    def __iter__(self) -> Iterator[Problem]:
        return iter(sorted(self._found))

    def __len__(self) -> int:
        return len(self._found)


class RegionError(Exception):
    """The folder cannot be loaded; ``problems`` says where and why."""

    def __init__(self, problems: Problems) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
