"""One district's deliveries, taken in order: read, measured, judged, recorded. `intake.py` is the door."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.landing.container import top_folder
from pipelines.landing.contract import Contract, Feed
from pipelines.landing.delivery import Delivery, Listing, Member, list_delivery
from pipelines.landing.intake_report import DeliveryReport, IntakeReport, is_ignored, matches, notes_of, quirk_measure
from pipelines.landing.ledger import DeliveryState, Ledger
from pipelines.landing.measures import Before, FileOutcome, Judge, Measuring
from pipelines.landing.readers.base import FileRead, Unreadable
from pipelines.landing.readers.read import EntrySource, path_scope, read_file
from pipelines.settings import Settings

if TYPE_CHECKING:
    import duckdb


# feed, sha256, scope, recipe: what makes the rows of a file what they are
ContentKey = tuple[str, str, str, str]


def connect(settings: Settings) -> duckdb.DuckDBPyConnection:
    """An engine in memory for reading files."""
    import duckdb

    con = duckdb.connect()
    con.execute("set temp_directory = ?", [str(settings.home / "tmp")])
    con.execute("set preserve_insertion_order = true")
    if settings.threads:
        con.execute(f"set threads = {int(settings.threads)}")
    return con


class Taking:
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
                result = self.take(delivery, listing, state, before, seen, double)
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

    def take(
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
        notes += [*notes_of(files), *self._quirks(files)]
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
        wanted: list[tuple[Member, Feed, FileOutcome]] = []
        unexpected = []
        for member in members:
            entry = member.entry
            feeds = [feed for feed in self._contract.files if matches(entry.name, feed.pattern)]
            wanted += [(member, feed, FileOutcome(entry.name, feed.feed, member.sha256, entry.size)) for feed in feeds]
            if not feeds and not is_ignored(entry.name, self._contract.ignore):
                unexpected.append(entry.name)
        contents: dict[ContentKey, list[FileOutcome]] = {}
        unread: dict[ContentKey, tuple[Member, Feed]] = {}
        for member, feed, outcome in wanted:
            recipe = self._recipes[feed.feed]
            try:
                outcome.scope = path_scope(feed, outcome.path)
            except Unreadable as error:
                outcome.problem, outcome.line = error.reason, error.line
                continue
            key = (feed.feed, member.sha256, outcome.scope, recipe)
            outcome.read = self._contents.get((self._read_before.get(key, ""), recipe))
            if outcome.read is None:
                # the same bytes twice in one delivery are read once
                contents.setdefault(key, []).append(outcome)
                unread.setdefault(key, (member, feed))
        for key, found in self._read_all(delivery, unread):
            for outcome in contents[key]:
                if isinstance(found, Unreadable):
                    outcome.problem, outcome.line = found.reason, found.line
                else:
                    outcome.read = self._contents.setdefault((found.file_id, key[3]), found)
                    self._read_before[key] = found.file_id
        return [outcome for _, _, outcome in wanted], unexpected

    def _read_all(
        self, delivery: Delivery, unread: dict[ContentKey, tuple[Member, Feed]]
    ) -> Iterator[tuple[ContentKey, FileRead | Unreadable]]:
        """Read contents, as many at a time as there are cores: half of reading is the engine's, beside Python.

        Each file is read by one worker into a file of its own; what comes back is in the order asked.
        """
        if not unread:
            return
        if self._con is None:
            self._con = connect(self._settings)
        engine = self._con
        known: dict[str, set[str]] = {}
        for file_id, recipe in self._contents:
            known.setdefault(recipe, set()).add(file_id)

        def read(key: ContentKey) -> FileRead | Unreadable:
            member, feed = unread[key]
            source = EntrySource(delivery.path, delivery.is_zip, member.entry)
            with engine.cursor() as con:
                try:
                    return read_file(con, self._contract, feed, source, self._settings.raw, known.get(key[3], set()))
                except Unreadable as error:
                    return error

        with ThreadPoolExecutor(self._settings.threads or os.cpu_count() or 1) as workers:
            yield from zip(unread, workers.map(read, unread), strict=True)

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
