"""What a release is made of, besides the tables of the warehouse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.release.manifest import Basis, Check, DistrictState, InputFile


@dataclass(frozen=True)
class Candidate:
    """Facts about a run that its release tells.

    `districts` by contract name; a restricted database is written for each of `restricted`, even if it is empty.
    `privacy` is the certificate of the public tier's audit, `quality` holds the verdicts of the checks as plain types,
    `lineage` the parents of each model ("schema.table"), `project` dbt's manifest, from which the data dictionary tells
    keys, references and origin.
    """

    as_of: dt.date
    rule_set: str
    code_version: str
    key_fingerprint: str
    is_synthetic: bool
    districts: dict[str, DistrictState]
    restricted: list[str]
    inputs: list[InputFile]
    checks: list[Check]
    privacy: dict[str, int | float | None] = field(default_factory=dict)
    basis: Basis = field(default_factory=Basis)
    quality: list[dict[str, Any]] = field(default_factory=list)
    lineage: dict[str, list[str]] = field(default_factory=dict)
    project: Mapping[str, Any] = field(default_factory=dict)
