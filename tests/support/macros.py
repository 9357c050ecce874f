"""Macros of the dbt project called without dbt: for tests that need what they say and no warehouse."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from jinja2 import Environment

from pipelines.settings import PROJECT

MACRO = re.compile(r"\{%-?\s*macro (\w+)\(.*?\{%-?\s*endmacro\s*-?%\}", re.DOTALL)


class _Returned(Exception):
    """How dbt's `return` leaves a macro."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


def _return(value: Any) -> None:
    raise _Returned(value)


def macros(*files: str) -> dict[str, Callable[..., Any]]:
    """The macros of files below dbt_project/macros by name; each may call the others."""
    environment = Environment(extensions=["jinja2.ext.do"])
    environment.globals.update({"return": _return, "none": None})
    found: dict[str, Callable[..., Any]] = {}
    for file in files:
        for match in MACRO.finditer((PROJECT / "dbt_project" / "macros" / file).read_text(encoding="utf-8")):
            found[match[1]] = _callable(environment, match[1], match[0])
    environment.globals.update(found)
    return found


def _callable(environment: Environment, name: str, text: str) -> Callable[..., Any]:
    def call(*values: Any, **named: Any) -> Any:
        macro = getattr(environment.from_string(text).module, name)
        try:
            return macro(*values, **named)
        except _Returned as returned:
            return returned.value

    return call
