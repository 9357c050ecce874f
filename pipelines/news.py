"""Is there anything new? Decided from bytes, the ledger and the calendar, before any engine is imported.

Nothing new means: the same deliveries, decisions, restatements, contracts, code, settings and key as the last published
run, and no freeze or month that fell due between its as-of date and this one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines.code_version import code_version, tree_hash
from pipelines.landing.delivery import landing_state
from pipelines.landing.ledger import Ledger, RunRow
from pipelines.settings import Settings

RUNS_LOOKED_AT = 1000


@dataclass(frozen=True)
class News:
    """What differs from the last published run; empty means nothing new."""

    what: list[str]
    fingerprint: str

    def __bool__(self) -> bool:
        return bool(self.what)


def district_names(settings: Settings) -> list[str]:
    """Names of all contracts, without reading them."""
    return sorted(path.stem for path in settings.contracts.glob("*.yml"))


def find_news(settings: Settings, as_of: dt.date, ledger: Ledger, districts: list[str] | None = None) -> News:
    """Compare what would go into a run now with what went into the last published one.

    `districts`: look only at these; the others count as they did then.
    """
    last = last_published(ledger)
    before: dict[str, str] = json.loads(last.fingerprint) if last else {}
    parts = {
        "contracts": tree_hash(settings.contracts, sorted(path.name for path in settings.contracts.glob("*.yml"))),
        "decisions": _hash(json.dumps(ledger.decisions())),
        "restatements": _hash(json.dumps([asdict(each) for each in ledger.restatements(as_of)], default=str)),
        "code": code_version(),
        "settings": _hash(json.dumps({"keep_releases": settings.keep_releases})),
        "key": key_fingerprint(settings.key_path),
    }
    for name in district_names(settings):
        part = f"deliveries of {name}"
        if districts and name not in districts and part in before:
            parts[part] = before[part]
        else:
            parts[part] = landing_state(settings.landing, [name], as_of, ledger)
    fingerprint = json.dumps(parts, sort_keys=True)
    if last is None or not (settings.published / "current").exists():
        return News(["nothing is published yet"], fingerprint)
    what = sorted(part for part in parts.keys() | before.keys() if parts.get(part) != before.get(part))
    return News(what + due_between(read_due_dates(settings.home), last.as_of, as_of), fingerprint)


def last_published(ledger: Ledger) -> RunRow | None:
    """The last run that published."""
    return next((run for run in ledger.runs(RUNS_LOOKED_AT) if run.status == "published"), None)


def due_between(due: list[tuple[dt.date, str]], before: dt.date, as_of: dt.date) -> list[str]:
    """What fell due after one as-of date and up to another (or the other way, if the date went back)."""
    first, last = sorted((before, as_of))
    return [f"{what} on {day}" for day, what in due if first < day <= last]


def read_due_dates(home: Path) -> list[tuple[dt.date, str]]:
    """Days on which a release changes without anything new being sent, as the last run knew them, and what happens."""
    path = home / "due_dates.json"
    kept: dict[str, list[str]] = json.loads(path.read_text()) if path.exists() else {}
    return sorted((dt.date.fromisoformat(day), what) for what, days in kept.items() for day in days)


def write_due_dates(home: Path, due: dict[str, list[dt.date]]) -> None:
    """Keep them for the next decision, by what happens; swapped in one step."""
    fresh = home / ".due_dates.json"
    fresh.write_text(json.dumps({what: [day.isoformat() for day in sorted(days)] for what, days in due.items()}))
    fresh.replace(home / "due_dates.json")


def key_fingerprint(path: Path) -> str:
    """What the manifest may tell of the secret behind student_key; empty if there is none yet."""
    return hashlib.sha256(path.read_bytes().strip()).hexdigest()[:16] if path.exists() else ""


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
