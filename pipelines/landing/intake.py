"""Intake: the deliveries of a district, in the order of their dates, are read, measured, judged, accepted or held.

A held delivery changes nothing and stops nobody. Content that is already in raw is not read again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pipelines.landing.container import top_folder
from pipelines.landing.contract import Contract, Feed
from pipelines.landing.delivery import (
    SYNTHETIC,
    Delivery,
    Listing,
    Member,
    NoCache,
    find_deliveries,
    list_delivery,
    parse_name,
)
from pipelines.landing.ledger import DeliveryState, Ledger
from pipelines.landing.measures import Before, CheckMeasure, FileOutcome, Judge, Measuring, judge_by_limit
from pipelines.landing.readers.base import FileRead
from pipelines.landing.readers.read import EntrySource, Unreadable, path_scope, read_file
from pipelines.settings import Settings

if TYPE_CHECKING:
    import duckdb

__all__ = ["CheckMeasure", "IntakeReport", "accept", "check", "hold", "intake_district"]


@dataclass
class DeliveryReport:
    """What became of a delivery. `is_new`: it was read or judged in this run."""

    district: str
    delivery: str
    date: dt.date | None
    status: str
    reason: str
    is_new: bool
    files: list[FileOutcome] = field(default_factory=list)
    failures: list[CheckMeasure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        rows = sum(file.read.account.records for file in self.files if file.read)
        rejected = sum(file.read.account.rejected for file in self.files if file.read)
        counts = f": {len(self.files)} files, {rows:,} rows, {rejected:,} rejected" if self.files else ""
        reason = f" ({self.reason})" if self.reason else ""
        return f"{self.district} {self.delivery} {self.status}{counts}{reason}"


@dataclass
class IntakeReport:
    """What became of a district's deliveries dated on or before as-of, in their order."""

    district: str
    deliveries: list[DeliveryReport] = field(default_factory=list)

    @property
    def held(self) -> list[DeliveryReport]:
        """Deliveries that are held."""
        return [delivery for delivery in self.deliveries if delivery.status == "held"]

    @property
    def new(self) -> list[DeliveryReport]:
        """Deliveries read or judged in this run."""
        return [delivery for delivery in self.deliveries if delivery.is_new]


def intake_district(settings: Settings, contract: Contract, as_of: dt.date, judge: Judge | None = None) -> IntakeReport:
    """Take in the deliveries of one district dated on or before as-of.

    `judge` gets all measures of a delivery and returns those that failed; by default those above their limits. Held
    and changed deliveries are judged again only when their bytes or the contract have changed.
    """
    clear_leftovers(settings, contract.district)
    with Ledger(settings.ledger_path) as ledger:
        found = find_deliveries(settings.landing, contract.district)
        found = [delivery for delivery in found if delivery.date is None or delivery.date <= as_of]
        return _Intake(settings, contract, ledger, judge or judge_by_limit, as_of).run(found)


def clear_leftovers(settings: Settings, district: str) -> None:
    """Remove what a killed run left half written; one run at a time."""
    for path in (settings.raw / district).glob("*/.*.tmp"):
        path.unlink()


def connect(settings: Settings) -> duckdb.DuckDBPyConnection:
    """An engine in memory for reading files."""
    import duckdb

    con = duckdb.connect()
    con.execute("set temp_directory = ?", [str(settings.home / "tmp")])
    con.execute("set preserve_insertion_order = true")
    if settings.threads:
        con.execute(f"set threads = {int(settings.threads)}")
    return con


class _Intake:
    """One district's intake."""

    def __init__(self, settings: Settings, contract: Contract, ledger: Ledger, judge: Judge, as_of: dt.date) -> None:
        self._settings = settings
        self._contract = contract
        self._ledger = ledger
        self._judge = judge
        self._as_of = as_of
        self._fingerprint = contract.fingerprint()
        self._recipes = {feed.feed: feed.recipe() for feed in contract.files}
        self._contents = ledger.contents(contract.district)
        rows = ledger.files(contract.district)
        # The same bytes as the same feed were read before: no need to unpack them again
        self._read_before = {
            (row.feed, row.sha256, row.scope, row.recipe): row.file_id for row in rows if row.file_id is not None
        }
        self._paths: dict[str, list[FileOutcome]] = {}
        for row in rows:
            read = self._contents.get((row.file_id or "", row.recipe))
            outcome = FileOutcome(
                row.path, row.feed, row.sha256, row.size, row.scope, read, row.problem, row.problem_line
            )
            self._paths.setdefault(row.delivery, []).append(outcome)
        self._con: duckdb.DuckDBPyConnection | None = None

    def run(self, deliveries: list[Delivery]) -> IntakeReport:
        """Take in the deliveries in order; from the first news on, each is judged again."""
        report = IntakeReport(self._contract.district)
        states = {s.delivery: s for s in self._ledger.states(self._as_of, self._contract.district)}
        before = Before()
        news = False
        seen: dict[str, str] = {}
        frozen = self._ledger.last_freeze()
        names = [delivery.name for delivery in deliveries]
        for delivery in deliveries:
            listing = list_delivery(delivery, self._ledger)
            state = states.get(delivery.name)
            double = names.count(delivery.name) > 1
            settled = state is not None and frozen is not None and delivery.date is not None and delivery.date <= frozen
            is_new = self._is_new(state, listing) or (news and not settled) or double
            if is_new:
                news = True
                result = self._take(delivery, listing, state, before, seen, double)
                current = self._state_now(delivery)
            else:
                result = DeliveryReport(
                    delivery.district, delivery.name, delivery.date, "", "", False,
                    self._paths.get(delivery.name, []), self._ledger.failures(delivery.district, delivery.name),
                    list(state.notes) if state else [],
                )  # fmt: skip
                current = state
            if state is not None and state.status == "accepted" and state.digest != listing.digest:
                result.notes.append("its files have changed since it was accepted: what was accepted stays in force")
            if current is not None:
                result.status, result.reason = current.status, current.reason
            if result.status == "accepted":
                before.take(self._contract, result.files)
                seen.setdefault(listing.digest, delivery.name)
            report.deliveries.append(result)
        if self._con is not None:
            self._con.close()
        return report

    def _is_new(self, state: DeliveryState | None, listing: Listing) -> bool:
        """Never seen; held and changed; or the contract has changed since."""
        if state is None:
            return True
        if state.contract != self._fingerprint:
            return True
        return state.status == "held" and state.digest != listing.digest

    def _state_now(self, delivery: Delivery) -> DeliveryState | None:
        states = self._ledger.states(self._as_of, self._contract.district)
        return next((state for state in states if state.delivery == delivery.name), None)

    def _take(
        self, delivery: Delivery, listing: Listing, state: DeliveryState | None, before: Before, seen: dict[str, str],
        double: bool,
    ) -> DeliveryReport:  # fmt: skip
        """Read, measure, judge and record one delivery."""
        if double and listing.problem is None:
            listing = Listing([], "a folder and a zip of the same name: which one counts?", listing.digest)
        if state is not None and state.status == "accepted" and state.digest != listing.digest:
            # Raw has what was accepted; the changed bytes are no delivery
            return DeliveryReport(
                delivery.district, delivery.name, delivery.date, "accepted", "", False, self._paths[delivery.name]
            )
        frozen = self._ledger.last_freeze()
        is_open = state is None or state.status == "held"
        is_late = bool(is_open and frozen and delivery.date and delivery.date <= frozen)
        members, notes = self._members(listing)
        files, unexpected = self._files(delivery, members)
        measures = Measuring(self._contract, delivery, before).all(listing, files, unexpected, is_late)
        failures = self._judge(measures)
        notes += [*_notes(files), *self._quirks(files)]
        resent_of = seen.get(listing.digest)
        if resent_of is not None:
            notes.append(f"the same bytes as {resent_of}")
        self._ledger.record(
            delivery, listing, files, failures, self._recipes, self._fingerprint, is_late, resent_of, notes
        )
        return DeliveryReport(
            delivery.district, delivery.name, delivery.date, "held" if failures else "accepted", "", True, files,
            failures, notes,
        )  # fmt: skip

    def _members(self, listing: Listing) -> tuple[list[Member], list[str]]:
        """The files; a folder around all of them is taken off if the contract knows none of them with it."""
        top = top_folder([member.entry for member in listing.members])
        known = any(
            matches(member.entry.name, feed.pattern) for member in listing.members for feed in self._contract.files
        )
        if top is None or known:
            return listing.members, []
        inside = [
            replace(member, entry=replace(member.entry, name=member.entry.name.removeprefix(f"{top}/")))
            for member in listing.members
        ]
        return inside, [f"the files lie in a folder {top!r} of their own"]

    def _files(self, delivery: Delivery, members: list[Member]) -> tuple[list[FileOutcome], list[str]]:
        """Read every file for each feed that it matches; names of those that match none."""
        outcomes, unexpected = [], []
        for member in members:
            name = member.entry.name
            feeds = [feed for feed in self._contract.files if matches(name, feed.pattern)]
            for feed in feeds:
                outcomes.append(self._file(delivery, member, feed))
            if not feeds and not is_ignored(name, self._contract.ignore):
                unexpected.append(name)
        return outcomes, unexpected

    def _file(self, delivery: Delivery, member: Member, feed: Feed) -> FileOutcome:
        entry = member.entry
        outcome = FileOutcome(entry.name, feed.feed, member.sha256, entry.size)
        recipe = self._recipes[feed.feed]
        try:
            outcome.scope = path_scope(feed, entry.name)
            key = (feed.feed, member.sha256, outcome.scope, recipe)
            known = self._contents.get((self._read_before.get(key, ""), recipe))
            outcome.read = known or self._read(delivery, member, feed, recipe)
            self._read_before[key] = outcome.read.file_id
        except Unreadable as error:
            outcome.problem, outcome.line = error.reason, error.line
        return outcome

    def _read(self, delivery: Delivery, member: Member, feed: Feed, recipe: str) -> FileRead:
        raw = self._settings.raw
        if self._con is None:
            self._con = connect(self._settings)
        source = EntrySource(delivery.path, delivery.is_zip, member.entry)
        known = {file_id for file_id, kept in self._contents if kept == recipe}
        read = read_file(self._con, self._contract, feed, source, raw, known)
        return self._contents.setdefault((read.file_id, recipe), read)

    def _quirks(self, files: list[FileOutcome]) -> list[str]:
        """Quirks of the contract that were not seen in a file of their feed."""
        notes = []
        for quirk in self._contract.quirks:
            if quirk.expect is None:
                continue
            for file in files:
                if file.feed != quirk.expect.feed or file.read is None:
                    continue
                found = quirk_measure(file.read, quirk.expect.measure)
                if found != quirk.expect.equals:
                    notes.append(
                        f"quirk {quirk.id} ({quirk.what}) is no longer true in {file.path}: "
                        f"{quirk.expect.measure} is {found}, expected {quirk.expect.equals}"
                    )
        return notes


def quirk_measure(read: FileRead, name: str) -> bool | int | str:
    """A measure of a file that a quirk may name in `expect`.

    Raises ValueError for a name that is none.
    """
    measures: dict[str, bool | int | str] = {
        "has_bom": read.has_bom,
        "line_end": read.line_end,
        "n_rows": read.account.records,
        "n_rejected": read.account.rejected,
        "n_blank": read.account.blank,
        "n_continuation": read.account.continuation,
        "has_rejects": read.account.rejected > 0,
        "has_blanks": read.account.blank > 0,
        "has_refused": bool(read.refused or read.refused_values),
        "has_duplicate_keys": read.duplicate_keys > 0,
        "n_refused": len(read.refused),
        "n_duplicate_keys": read.duplicate_keys,
    }
    if name not in measures:
        raise ValueError(f"no measure {name!r}; there are {', '.join(measures)}")
    return measures[name]


def matches(name: str, pattern: str) -> bool:
    """Whether a path inside a delivery matches a pattern of the contract, with or without `.gz`, capitals aside."""
    lowered, wanted = name.lower(), pattern.lower()
    return fnmatchcase(lowered, wanted) or (lowered.endswith(".gz") and fnmatchcase(lowered[:-3], wanted))


def is_ignored(name: str, ignore: list[str]) -> bool:
    """Whether a file is no feed by the contract (or says that the delivery is synthetic)."""
    return Path(name).name == SYNTHETIC or any(matches(name, pattern) for pattern in ignore)


def _notes(files: list[FileOutcome]) -> list[str]:
    """What a steward should know of the files, without a student's value."""
    notes = []
    for file in files:
        if file.read is None:
            continue
        notes += [f"{file.path}: {note}" for note in file.read.notes]
        for column in file.read.refused:
            notes.append(f"{file.path}: column {column} looks like social security numbers and was refused")
        for column, n in file.read.refused_values.items():
            notes.append(f"{file.path}: {n} values of {column} look like social security numbers and were refused")
    return notes


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
            intake = _Intake(dry, contract, empty, judge or judge_by_limit, delivery.date or dt.date.max)
            before = accepted_before(settings, contract, delivery) if settings.ledger_path.exists() else Before()
            report = intake._take(delivery, list_delivery(delivery, NoCache()), None, before, {}, False)
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
