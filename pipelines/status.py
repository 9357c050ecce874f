"""`core status` and `core releases` in plain lines: what is in force, held and late, the last run, the releases."""

from __future__ import annotations

from pipelines.districts import Standing, any_held, standings
from pipelines.landing.ledger import Ledger
from pipelines.news import district_names
from pipelines.nightly import Ending, Exit
from pipelines.release.manifest import Manifest, read_manifest
from pipelines.settings import Settings

LATE_DAYS = 3


def status(settings: Settings) -> Ending:
    """A line a district, the last run, the current release. Status HELD if a delivery is held."""
    if not settings.ledger_path.exists():
        return Ending(Exit.DONE, [f"nothing has run yet in {settings.home}; start with: core run"])
    with Ledger(settings.ledger_path) as ledger:
        runs = ledger.runs(1)
        # the status speaks of the day of the last run, unless another is asked for
        as_of = settings.as_of or (runs[0].as_of if runs else settings.effective_as_of())
        found = standings(ledger, as_of, district_names(settings))
    lines = [f"as of {as_of}", f"{'district':<22}{'in force':<20}{'days old':>8}  held"]
    lines += [_line(standing, standing.age_days(as_of)) for standing in found.values()]
    lines += [f"held: {name} {held.delivery}: {held.reason}" for name, each in found.items() for held in each.held]
    if runs:
        run = runs[0]
        ended = f"ended {run.ended_at}" if run.ended_at else "has not ended"
        lines.append(f"last run: {run.status}, started {run.started_at}, {ended} {run.message}".rstrip())
    current = settings.published / "current"
    lines.append(f"current release: {current.readlink().name if current.is_symlink() else 'none'}")
    return Ending(Exit.HELD if any_held(found) else Exit.DONE, lines)


def _line(standing: Standing, age: int | None) -> str:
    in_force = standing.in_force.delivery if standing.in_force else "none yet"
    late = " (late)" if age is not None and age > LATE_DAYS else ""
    days = "" if age is None else str(age)
    return f"{standing.district:<22}{in_force:<20}{days:>8}  {len(standing.held) or 'none'}{late}"


def releases(settings: Settings) -> list[str]:
    """A line a release, the newest first."""
    folder = settings.published / "releases"
    if not folder.is_dir():
        return ["no release yet; start with: core run"]
    current = settings.published / "current"
    name = current.readlink().name if current.is_symlink() else ""
    return [_release(read_manifest(path), path.name == name) for path in sorted(folder.iterdir(), reverse=True)]


def _release(manifest: Manifest, is_current: bool) -> str:
    rows = sum(facts.rows for tables in manifest.tables.values() for facts in tables.values())
    failed = sum(check.status != "passed" for check in manifest.checks)
    held = sum(len(state.held) for state in manifest.districts.values())
    mark = "  current" if is_current else ""
    return (
        f"{manifest.release_id}  as of {manifest.as_of}  {rows:,} rows  {failed} warnings  {held} held  "
        f"code {manifest.code_version}{mark}"
    )
