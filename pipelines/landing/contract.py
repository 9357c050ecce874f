"""Contracts (`data/contracts/<district>.yml`): what a district sends, as data (docs/architecture.md, section 2).

Knows layouts, code maps and quirks; opens no delivery. A wrong contract raises ContractError, which says
file, line, what was expected and what was found.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipelines.landing.contract_check import cross_check
from pipelines.landing.contract_model import (
    Absent,
    CodeRow,
    Column,
    Contract,
    DeleteWhen,
    Dialect,
    Feed,
    MarkRange,
    MarkScale,
    Parameters,
    Quirk,
    QuirkExpectation,
    Scope,
)
from pipelines.landing.contract_yaml import ContractError, ContractProblem, Marked

__all__ = ["Column", "Contract", "ContractError", "ContractProblem", "Feed", "load_contract", "load_contracts"]

_WORDS = {
    "missing": ("this key", "none"),
    "string_type": ("text (put it in quotes)", None),
    "bool_type": ("true or false", None),
    "list_type": ("a list", None),
    "dict_type": ("keys and values", None),
    "model_type": ("keys and values", None),
    "model_attributes_type": ("keys and values", None),
    "date_type": ("a date YYYY-MM-DD (without quotes) or null", None),
    "is_instance_of": ("a number", None),
    "decimal_type": ("a number", None),
    "too_short": ("at least one entry", "none"),
    "string_too_short": ("one character at least", None),
    "string_too_long": ("one character", None),
}


def _expected_found(error: ErrorDetails, known_keys: str) -> tuple[str, str]:
    context = error.get("ctx", {})
    found = repr(error.get("input"))
    found = found if len(found) <= 60 else found[:57] + "..."
    if error["type"] == "extra_forbidden":
        return f"one of the keys {known_keys}", repr(error["loc"][-1])
    if error["type"] == "literal_error":
        return str(context["expected"]), found
    if error["type"] == "string_pattern_mismatch":
        return f"text like {context['pattern']}", found
    expected, fixed = _WORDS.get(error["type"], (error["msg"], None))
    return expected, fixed or found


_MODELS: dict[str, type[BaseModel]] = {
    "": Contract,
    "parameters": Parameters,
    "defaults": Dialect,
    "files": Feed,
    "columns": Column,
    "scope": Scope,
    "delete_when": DeleteWhen,
    "absent": Absent,
    "codes": CodeRow,
    "mark_scales": MarkScale,
    "ranges": MarkRange,
    "quirks": Quirk,
    "expect": QuirkExpectation,
}


def _known_keys(loc: tuple[int | str, ...]) -> str:
    names = [part for part in loc[:-1] if isinstance(part, str) and part in _MODELS]
    return ", ".join(_MODELS[names[-1] if names else ""].model_fields)


def load_contract(path: Path) -> Contract:
    """Read and validate one contract.

    Raises ContractError with one problem (file, line, expected, found) per thing to repair.
    """
    marked = Marked(path)
    marked.raise_if_wrong()
    try:
        contract = Contract.model_validate(marked.data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            expected, found = _expected_found(detail, _known_keys(detail["loc"]))
            marked.add(tuple(detail["loc"]), expected, found)
        marked.raise_if_wrong()
        raise
    if contract.district != path.stem:
        marked.add(("district",), f"the name of the file ({path.stem!r})", repr(contract.district))
    for loc, expected, found in cross_check(contract):
        marked.add(loc, expected, found)
    marked.raise_if_wrong()
    return contract


def load_contracts(directory: Path) -> dict[str, Contract]:
    """All contracts of a folder by district name, in order of name.

    Raises ContractError with the problems of all files; two districts with one code are a problem too.
    """
    contracts: dict[str, Contract] = {}
    problems: list[ContractProblem] = []
    codes: dict[str, str] = {}
    for path in sorted(directory.glob("*.yml")):
        try:
            contract = load_contract(path)
        except ContractError as error:
            problems += error.problems
            continue
        first = codes.setdefault(contract.district_code, path.name) if contract.kind == "district" else path.name
        if first != path.name:
            problems.append(ContractProblem(path.name, 1, "district_code", "a code of its own", f"that of {first}"))
        contracts[contract.district] = contract
    if problems:
        raise ContractError(problems)
    return contracts
