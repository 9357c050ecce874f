"""What went into two releases, side by side: deliveries, code, contracts, key, as-of date, freezes, rules, ..."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import duckdb

from pipelines.release.manifest import Manifest

# Rules as rows: table, and what names a row
RULES = {
    "rule_set": ("rule_set",),
    "lane_rule": ("version", "grade", "gate", "measure", "op"),
    "metric_definition": ("metric_code",),
}


@dataclass(frozen=True)
class RuleChange:
    """A row of rules that is new, gone, or has other values (`columns`: before and after)."""

    table: str
    key: str
    change: str
    columns: dict[str, list[Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Deliveries:
    """What is in force in one district: in B and not in A, in A and not in B, and held in B."""

    new: list[str]
    gone: list[str]
    held: list[str]


@dataclass(frozen=True)
class Causes:
    """Everything that may have changed figures. Pairs are A's and B's."""

    as_of: tuple[str, str]
    code: tuple[str, str]
    commit: tuple[str, str]
    key: tuple[str, str]
    contracts: list[str]
    deliveries: dict[str, Deliveries]
    freezes: list[str]
    rules: list[RuleChange]
    restatements: list[str] = field(default_factory=list)

    def touches(self, metric_code: str, rule_set: str, lane_rule_version: str | None) -> list[str]:
        """Which of them bear on a metric under a rule set, in words."""
        found = []
        if any(rule.table == "metric_definition" and rule.key == metric_code for rule in self.rules):
            found.append("its definition")
        parameters = any(rule.table == "rule_set" and rule.key == rule_set for rule in self.rules)
        cuts = any(
            rule.table == "lane_rule" and rule.key.split(" ")[0] == str(lane_rule_version) for rule in self.rules
        )
        found += ["restatement"] if self.restatements else []
        found += ["rules"] if parameters or cuts else []
        found += ["code"] if self.code[0] != self.code[1] else []
        found += ["contracts"] if self.contracts else []
        found += ["as-of date"] if self.as_of[0] != self.as_of[1] else []
        found += ["deliveries"] if any(each.new or each.gone for each in self.deliveries.values()) else []
        return found


def find_causes(con: duckdb.DuckDBPyConnection, a: Manifest, b: Manifest) -> Causes:
    """Compare manifests, and the rules in the databases that are attached as `a` and `b`."""
    before, after = a.basis, b.basis
    names = before.contracts.keys() | after.contracts.keys() if before.contracts and after.contracts else set()
    frozen = {freeze.vantage for freeze in before.freezes}
    newly = [freeze for freeze in after.freezes if freeze.vantage not in frozen]
    return Causes(
        as_of=(a.as_of.isoformat(), b.as_of.isoformat()),
        code=(a.code_version, b.code_version),
        commit=(before.commit, after.commit),
        key=(a.key_fingerprint, b.key_fingerprint),
        contracts=sorted(name for name in names if before.contracts.get(name) != after.contracts.get(name)),
        deliveries=_deliveries(a, b),
        freezes=[f"{freeze.vantage} on {freeze.freeze_date}" for freeze in newly],
        restatements=[str(each) for each in after.restatements if each not in before.restatements],
        rules=[change for table in RULES for change in _rules(con, table)],
    )


def _deliveries(a: Manifest, b: Manifest) -> dict[str, Deliveries]:
    def in_force(manifest: Manifest) -> dict[str, dict[str, frozenset[tuple[str, str]]]]:
        found: dict[str, dict[str, set[tuple[str, str]]]] = {}
        for file in manifest.inputs:
            found.setdefault(file.district, {}).setdefault(file.delivery, set()).add((file.path, file.sha256))
        return {name: {key: frozenset(files) for key, files in sent.items()} for name, sent in found.items()}

    old, new = in_force(a), in_force(b)
    found = {}
    for name in sorted(old.keys() | new.keys() | b.districts.keys()):
        before, after = old.get(name, {}), new.get(name, {})
        state = b.districts.get(name)
        each = Deliveries(
            new=sorted(key for key, files in after.items() if before.get(key) != files),
            gone=sorted(key for key, files in before.items() if after.get(key) != files),
            held=[f"{held.delivery}: {held.reason}" for held in state.held] if state else [],
        )
        if each.new or each.gone or each.held:
            found[name] = each
    return found


def _rules(con: duckdb.DuckDBPyConnection, table: str) -> list[RuleChange]:
    rows = {}
    for side in ("a", "b"):
        found = con.execute(f"from {side}.main.{table}")
        columns = [column[0] for column in found.description or []]
        listed = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
        rows[side] = {" ".join(str(row[name]) for name in RULES[table]): row for row in listed}
    changes = []
    for key in sorted(rows["a"].keys() | rows["b"].keys()):
        old, new = rows["a"].get(key), rows["b"].get(key)
        if old is None or new is None:
            changes.append(RuleChange(table, key, "new" if old is None else "gone"))
        elif old != new:
            names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
            changes.append(RuleChange(table, key, "changed", {name: [old.get(name), new.get(name)] for name in names}))
    return changes
