"""What dbt's tests found, read from its run_results.json: names and counts."""

from __future__ import annotations

import json
from pathlib import Path

from pipelines.release.manifest import Check

FAILED = {"fail": "error", "error": "error", "runtime error": "error", "warn": "warning"}


def elapsed(run_results: Path) -> float | None:
    """Seconds from dbt's first node to its last, without its start; None if it did not come that far."""
    if not run_results.exists():
        return None
    return float(json.loads(run_results.read_text(encoding="utf-8"))["elapsed_time"])


def read_verdicts(run_results: Path) -> list[Check]:
    """One check per test that was asked; a test that dbt skipped was not asked and is left out."""
    if not run_results.exists():
        return []
    found = []
    for result in json.loads(run_results.read_text(encoding="utf-8"))["results"]:
        kind, _, name = result["unique_id"].split(".", 2)
        if kind != "test" or result["status"] == "skipped":
            continue
        severity = FAILED.get(result["status"])
        found.append(
            Check(
                name=f"dbt: {name}",
                severity=severity or "error",
                status="failed" if severity else "passed",
                failed=int(result["failures"] or 0) or int(severity is not None),
            )
        )
    return sorted(found, key=lambda check: check.name)
