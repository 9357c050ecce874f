"""YAML with line marks: data for pydantic and, beside it, the line on which each key stands.

Knows nothing of contracts: `contract.py` gives the meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Loc = tuple[int | str, ...]


@dataclass(frozen=True)
class ContractProblem:
    """One thing that is wrong in a contract: where, what was expected, what was found."""

    file: str
    line: int
    key: str
    expected: str
    found: str

    def __str__(self) -> str:
        where = f" {self.key}:" if self.key else ""
        return f"{self.file}, line {self.line}:{where} expected {self.expected}, found {self.found}"


class ContractError(ValueError):
    """A contract that cannot be used; `problems` has one entry per thing to repair."""

    def __init__(self, problems: list[ContractProblem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


def key_text(loc: Loc) -> str:
    """`('files', 0, 'mode')` as `files[0].mode`."""
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


class Marked:
    """Data of one YAML document and the line of each key in it."""

    def __init__(self, path: Path) -> None:
        self.file = path.name
        self.lines: dict[Loc, int] = {}
        self.problems: list[ContractProblem] = []
        loader = yaml.SafeLoader(path.read_text(encoding="utf-8-sig"))
        loader.name = path.name
        try:
            node = loader.get_single_node()
            self.data = self._build(loader, node, ()) if node is not None else None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            raise ContractError(
                [ContractProblem(self.file, line, "", "readable YAML", str(error.problem or error.context))]
            ) from error
        finally:
            loader.dispose()

    def _build(self, loader: yaml.SafeLoader, node: yaml.Node, loc: Loc) -> Any:
        self.lines.setdefault(loc, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            loader.flatten_mapping(node)
            result: dict[Any, Any] = {}
            for key_node, value_node in node.value:
                key = loader.construct_object(key_node, deep=True)
                line = key_node.start_mark.line + 1
                if not isinstance(key, str):
                    self._problem(line, (*loc, str(key)), "a key that is text (put it in quotes)", repr(key))
                    key = str(key)
                if key in result:
                    self._problem(line, (*loc, key), "each key once", "a second one")
                self.lines[(*loc, key)] = line
                result[key] = self._build(loader, value_node, (*loc, key))
            return result
        if isinstance(node, yaml.SequenceNode):
            return [self._build(loader, item, (*loc, index)) for index, item in enumerate(node.value)]
        return loader.construct_object(node, deep=True)

    def _problem(self, line: int, loc: Loc, expected: str, found: str) -> None:
        self.problems.append(ContractProblem(self.file, line, key_text(loc), expected, found))

    def add(self, loc: Loc, expected: str, found: str) -> None:
        """Note a problem at a key; the line is that of the key or of the nearest one around it."""
        known = loc
        while known and known not in self.lines:
            known = known[:-1]
        self._problem(self.lines.get(known, 1), loc, expected, found)

    def raise_if_wrong(self) -> None:
        """Raise ContractError with all problems noted so far, by line."""
        if self.problems:
            raise ContractError(sorted(self.problems, key=lambda problem: problem.line))
