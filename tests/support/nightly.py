"""Runs the `core` command as a user would, in homes of its own, and reads what it published."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.reference.facts import District

PROJECT = Path(__file__).resolve().parents[2]
SHARED = PROJECT.parent / "shared"
CORE = Path(sys.executable).parent / "core"
CONTRACTS = PROJECT / "data" / "contracts"


@dataclass
class Home:
    """A state directory with the landing and the contracts it reads."""

    path: Path
    landing: Path
    contracts: Path = CONTRACTS
    environment: dict[str, str] = field(default_factory=dict)

    def core(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`core ...` in a process of its own."""
        settings = {
            "CORE_HOME": str(self.path),
            "CORE_LANDING": str(self.landing),
            "CORE_CONTRACTS": str(self.contracts),
        }
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("CORE_", "DAGSTER_"))}
        return subprocess.run(
            [str(CORE), *arguments],
            cwd=PROJECT,
            env={**inherited, **settings, **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def run(self, as_of: dt.date, expect: int = 0) -> subprocess.CompletedProcess[str]:
        """`core run --as-of`; fails with what it printed if the exit status is another."""
        done = self.core("run", "--as-of", as_of.isoformat())
        assert done.returncode == expect, (
            f"exit {done.returncode}, expected {expect}\n{done.stdout[-6000:]}\n{done.stderr[-6000:]}"
        )
        return done

    @property
    def current(self) -> Path:
        """The current release."""
        return (self.path / "published" / "current").resolve()

    @property
    def releases(self) -> list[str]:
        """Release ids, oldest first."""
        return sorted(p.name for p in (self.path / "published" / "releases").iterdir())

    @property
    def manifest(self) -> dict[str, Any]:
        """manifest.json of the current release."""
        found: dict[str, Any] = json.loads((self.current / "manifest.json").read_text())
        return found

    def hashes(self) -> dict[tuple[str, str], str]:
        """(tier, table) -> content hash of the current release."""
        return {
            (tier, t): x["content_hash"] for tier, tables in self.manifest["tables"].items() for t, x in tables.items()
        }

    @property
    def secret(self) -> str:
        """The key behind student_key."""
        return (self.path / "key").read_text().strip()


def districts(contracts: Path = CONTRACTS) -> dict[str, District]:
    """District code -> the parameters that the reference needs, read from the contracts with plain YAML."""
    out = {}
    for path in sorted(contracts.glob("*.yml")):
        contract = yaml.safe_load(path.read_text())
        if contract["kind"] == "district":
            p = contract["parameters"]
            out[contract["district_code"]] = District(p["period_absent_rule"], p["np_as_f"], p["grad_credits"])
    return out


def synth(out: Path, *arguments: str) -> dt.date:
    """`core synth OUT ...`; returns the as-of date it wrote."""
    done = subprocess.run(
        [str(CORE), "synth", str(out), *arguments], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return dt.date.fromisoformat((out / "AS_OF").read_text().strip())


def contract_check(release: Path) -> list[str]:
    """The lines of differences that ../shared/contract-check finds in a release, or a reason to skip."""
    done = subprocess.run(
        [sys.executable, str(SHARED / "contract-check" / "contract.py"), str(release)],
        capture_output=True,
        text=True,
        check=False,
    )
    return [line.strip() for line in done.stdout.splitlines() if line.strip().startswith("diff")]
