"""`core status` in plain lines: what is in force, held and late, the last run, the current release, targets."""

from __future__ import annotations

from pipelines.districts import Standing, any_held, standings
from pipelines.landing.ledger import Ledger
from pipelines.landing.ledger_home import TargetRow
from pipelines.news import district_names
from pipelines.nightly import Ending, Exit, told_rollback
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
        current = settings.published / "current"
        release = current.readlink().name if current.is_symlink() else "none"
        rolled_back = told_rollback(ledger, release)
        targets = [_target(target, release) for target in ledger.targets()]
    lines = [f"as of {as_of}", f"{'district':<22}{'in force':<20}{'days old':>8}  held"]
    lines += [_line(standing, standing.age_days(as_of)) for standing in found.values()]
    lines += [f"held: {name} {held.delivery}: {held.reason}" for name, each in found.items() for held in each.held]
    if runs:
        run = runs[0]
        ended = f"ended {run.ended_at}" if run.ended_at else "has not ended"
        lines.append(f"last run: {run.status}, started {run.started_at}, {ended} {run.message}".rstrip())
    lines += [f"current release: {release}", *rolled_back, *targets]
    return Ending(Exit.HELD if any_held(found) else Exit.DONE, lines)


def _target(target: TargetRow, current: str) -> str:
    if target.status == "failed":
        return f"FAILED: {target.message}"
    stale = "" if target.release_id == current else ", which is not the current release: core load"
    return f"target {target.name}: {target.release_id} since {target.recorded_at}{stale}"


def _line(standing: Standing, age: int | None) -> str:
    in_force = standing.in_force.delivery if standing.in_force else "none yet"
    late = " (late)" if age is not None and age > LATE_DAYS else ""
    days = "" if age is None else str(age)
    return f"{standing.district:<22}{in_force:<20}{days:>8}  {len(standing.held) or 'none'}{late}"
