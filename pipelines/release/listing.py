"""`core releases`: a line a release, the newest first, and how `current` came to be."""

from __future__ import annotations

from pathlib import Path

from pipelines.landing.ledger import Ledger
from pipelines.nightly import told_rollback
from pipelines.release.current import current_release
from pipelines.release.find import DamagedError, read_release
from pipelines.settings import Settings

MEGABYTE = 1_000_000
HEAD = f"{'release':<25}{'as of':<12}{'data':<11}{'size':>10}{'rows':>13}  {'checks':<22}{'held':>4}  code"


def releases(settings: Settings) -> list[str]:
    """All releases in plain lines; `core verify` looks closer."""
    folder = settings.published / "releases"
    found = sorted((path for path in folder.iterdir() if path.is_dir()), reverse=True) if folder.is_dir() else []
    if not found:
        return ["no release yet; start with: core run"]
    current = current_release(settings.published)
    name = current.name if current else ""
    lines = [HEAD, *(_line(path) + ("  current" if path.name == name else "") for path in found)]
    if settings.ledger_path.exists():
        with Ledger(settings.ledger_path) as ledger:
            lines += told_rollback(ledger, name)
            lines += [f"restated on {row.decided_on}: {row}" for row in ledger.restatements()]
            lines += [f"withdrawn: {row.release_id}: {row.reason}" for row in ledger.withdrawals()]
    return lines


def _line(folder: Path) -> str:
    try:
        manifest = read_release(folder)
    except DamagedError as error:
        return f"{folder.name:<25}damaged: {error}"
    size = sum(file.bytes for file in manifest.files) / MEGABYTE
    rows = sum(facts.rows for tables in manifest.tables.values() for facts in tables.values())
    warned = sum(check.status != "passed" for check in manifest.checks)
    checks = f"{len(manifest.checks) - warned} of {len(manifest.checks)} passed"
    held = sum(len(state.held) for state in manifest.districts.values())
    data = "synthetic" if manifest.is_synthetic else "real"
    return (
        f"{manifest.release_id:<25}{manifest.as_of!s:<12}{data:<11}{size:>7,.0f} MB{rows:>13,}  {checks:<22}{held:>4}  "
        f"{manifest.code_version}"
    )
