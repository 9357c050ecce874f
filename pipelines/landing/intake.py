"""Intake: the deliveries of a district, in the order of their dates, are read, measured, judged, accepted or held.

A held delivery changes nothing and stops nobody. Content that is already in raw is not read again.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.landing.contract import Contract
from pipelines.landing.delivery import (
    Delivery,
    NoCache,
    find_deliveries,
    list_delivery,
    parse_name,
)
from pipelines.landing.intake_report import DeliveryReport, IntakeReport
from pipelines.landing.ledger import DeliveryState, Ledger
from pipelines.landing.measures import Before, CheckMeasure, FileOutcome, Judge, judge_by_limit
from pipelines.landing.taking import Taking
from pipelines.settings import Settings

__all__ = ["CheckMeasure", "DeliveryReport", "IntakeReport", "accept", "check", "hold", "intake_district"]


def intake_district(settings: Settings, contract: Contract, as_of: dt.date, judge: Judge | None = None) -> IntakeReport:
    """Take in the deliveries of one district dated on or before as-of.

    `judge` gets all measures of a delivery and returns those that failed; by default those above their limits. Held
    and changed deliveries are judged again only when their bytes or the contract have changed.
    """
    clear_leftovers(settings, contract.district)
    with Ledger(settings.ledger_path) as ledger:
        found = find_deliveries(settings.landing, contract.district)
        found = [delivery for delivery in found if delivery.date is None or delivery.date <= as_of]
        return Taking(settings, contract, ledger, judge or judge_by_limit, as_of).run(found)


def clear_leftovers(settings: Settings, district: str) -> None:
    """Remove what a killed run left half written; one run at a time."""
    for path in (settings.raw / district).glob("*/.*.tmp"):
        path.unlink()


def accept(settings: Settings, contract: Contract, delivery: str, reason: str, decided_on: dt.date) -> dt.date:
    """A steward accepts a delivery; returns the day from which it is known.

    Raises ValueError with a text for the steward if it is not known, or has a file that could not be read: such a
    delivery has to be sent again.
    """
    with Ledger(settings.ledger_path) as ledger:
        state = _known(ledger, contract.district, delivery)
        unreadable = [file for file in ledger.files(contract.district) if file.delivery == delivery and file.problem]
        names = {failure.name for failure in ledger.failures(contract.district, delivery)}
        if unreadable or "unreadable_delivery" in names:
            what = ", ".join(sorted({file.path for file in unreadable})) or "the delivery itself"
            raise ValueError(f"{delivery} cannot be accepted: {what} could not be read ({state.reason})")
        return ledger.decide(contract.district, delivery, "accept", reason, decided_on)


def hold(settings: Settings, contract: Contract, delivery: str, reason: str, decided_on: dt.date) -> None:
    """A steward holds a delivery from that day on. Raises ValueError if it is not known."""
    with Ledger(settings.ledger_path) as ledger:
        _known(ledger, contract.district, delivery)
        ledger.decide(contract.district, delivery, "hold", reason, decided_on)


def _known(ledger: Ledger, district: str, delivery: str) -> DeliveryState:
    states = ledger.states(dt.date.max, district)
    for state in states:
        if state.delivery == delivery:
            return state
    names = ", ".join(state.delivery for state in states) or "none"
    raise ValueError(f"no delivery {delivery!r} of {district}; there are {names}")


def check(settings: Settings, contract: Contract, path: Path, judge: Judge | None = None) -> DeliveryReport:
    """What would happen to the delivery at `path` (a folder or zip), without touching anything.

    It is compared with what the home has accepted, if there is a ledger. Raises ValueError if nothing is at `path`.
    """
    is_zip = path.is_file() and path.suffix.lower() == ".zip"
    if not is_zip and not path.is_dir():
        raise ValueError(f"{path} is neither a folder nor a zip")
    name = path.name[:-4] if is_zip else path.name
    delivery = Delivery(contract.district, name, parse_name(name), path, is_zip)
    with TemporaryDirectory(prefix="core-check-") as scratch:
        dry = settings.model_copy(update={"home": Path(scratch)})
        with Ledger(dry.ledger_path) as empty:
            intake = Taking(dry, contract, empty, judge or judge_by_limit, delivery.date or dt.date.max)
            before = accepted_before(settings, contract, delivery) if settings.ledger_path.exists() else Before()
            report = intake.take(delivery, list_delivery(delivery, NoCache()), None, before, {}, False)
            if report.failures:
                report.reason = "; ".join(str(failure) for failure in report.failures)
            return report


def accepted_before(settings: Settings, contract: Contract, delivery: Delivery) -> Before:
    """What the district's accepted deliveries before this one held."""
    before = Before()
    with Ledger(settings.ledger_path) as ledger:
        contents = ledger.contents(contract.district)
        files = ledger.files(contract.district)
        for state in ledger.states(delivery.date or dt.date.max, contract.district):
            if state.status == "accepted" and state.order < delivery.order[:2]:
                outcomes = [
                    FileOutcome(f.path, f.feed, f.sha256, f.size, f.scope, contents.get((f.file_id or "", f.recipe)))
                    for f in files
                    if f.delivery == state.delivery
                ]
                before.take(contract, outcomes)
    return before
