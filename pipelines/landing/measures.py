"""What a delivery is judged by: one measure per thing that can be wrong, with its number, limit, place and remedy.

Counts only; limits stand here as defaults and in a contract's `checks`. Judging is the business of `expectations/`;
`judge_by_limit` is the plain rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pipelines.landing.contract import Contract, Feed
from pipelines.landing.delivery import Delivery, Listing
from pipelines.landing.readers.base import FileRead, name_list

LIMITS = {
    "max_rejected_share": 0.02,
    "max_duplicate_key_share": 0.01,
    "max_unknown_code_share": 0.02,
    "max_row_drop_share": 0.2,
    "max_school_row_drop_share": 0.5,
    "max_null_share_increase": 0.5,
}
# Below this many rows a change is chance
MIN_ROWS = 50


@dataclass(frozen=True)
class CheckMeasure:
    """One measure of a delivery; it fails when `n` is above `limit`. `where` is file and line, never a value."""

    name: str
    district: str
    delivery: str
    feed: str
    n: float
    limit: float
    where: str
    what_to_do: str
    what: str = ""

    def __str__(self) -> str:
        """What, where, how many, and what to do: one sentence for the steward, one remedy."""
        is_count = self.n == int(self.n) and self.limit == int(self.limit)
        number = "" if is_count and self.n <= 1 else f": {self.n:g}" if is_count else f": {self.n:.1%}"
        allowed = f", allowed {self.limit:.1%}" if not is_count else ""
        return f"{self.what} ({self.where}){number}{allowed}. {self.what_to_do}"


Judge = Callable[[list[CheckMeasure]], list[CheckMeasure]]


def judge_by_limit(measures: list[CheckMeasure]) -> list[CheckMeasure]:
    """The measures above their limits."""
    return [measure for measure in measures if measure.n > measure.limit]


@dataclass
class FileOutcome:
    """A file of a delivery as one feed: read, or with the problem for which it could not be read."""

    path: str
    feed: str
    sha256: str
    size: int
    scope: str = ""
    read: FileRead | None = None
    problem: str | None = None
    line: int | None = None


@dataclass
class Before:
    """What the last accepted deliveries held, for like to be compared with like.

    Rows per (feed, scope); rows per school and filled values per column for each (feed, set of scopes sent together):
    a whole year says nothing about the first weeks of the next.
    """

    rows: dict[tuple[str, str], int] = field(default_factory=dict)
    schools: dict[tuple[str, tuple[str, ...]], dict[str, int]] = field(default_factory=dict)
    filled: dict[tuple[str, tuple[str, ...]], tuple[int, dict[str, int]]] = field(default_factory=dict)

    def take(self, contract: Contract, files: list[FileOutcome]) -> None:
        """An accepted delivery becomes what the next one is compared with."""
        for feed in contract.files:
            reads = [file.read for file in files if file.feed == feed.feed and file.read is not None]
            if not reads or feed.mode != "replace":
                continue
            self.rows |= {(feed.feed, scope): n for scope, n in _sum(read.scopes for read in reads).items()}
            for scopes, alike in _by_scopes(reads).items():
                self.schools[(feed.feed, scopes)] = _sum(read.schools for read in alike)
                records = sum(read.account.records for read in alike)
                self.filled[(feed.feed, scopes)] = (records, _sum(read.filled for read in alike))


def _by_scopes(reads: list[FileRead]) -> dict[tuple[str, ...], list[FileRead]]:
    """Files that cover the same scopes, together."""
    out: dict[tuple[str, ...], list[FileRead]] = {}
    for read in reads:
        out.setdefault(tuple(sorted(read.scopes)), []).append(read)
    return out


def _sum(counts: Iterator[dict[str, int]] | list[dict[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for count in counts:
        for key, n in count.items():
            total[key] = total.get(key, 0) + n
    return total


class Measuring:
    """Makes the measures of one delivery."""

    def __init__(self, contract: Contract, delivery: Delivery, before: Before) -> None:
        self._contract = contract
        self._delivery = delivery
        self._before = before

    def _limit(self, name: str) -> float:
        return float(self._contract.checks.get(name, LIMITS[name]))

    def _one(self, name: str, what: str, where: str, what_to_do: str, **numbers: float | str) -> CheckMeasure:
        n, limit = float(numbers.get("n", 1)), float(numbers.get("limit", 0))
        feed = str(numbers.get("feed", ""))
        return CheckMeasure(
            name, self._contract.district, self._delivery.name, feed, n, limit, where, what_to_do, what
        )  # fmt: skip

    def all(
        self, listing: Listing, files: list[FileOutcome], unexpected: list[str], is_late: bool
    ) -> list[CheckMeasure]:
        """Every measure of the delivery, those within their limits too."""
        return list(self._all(listing, files, unexpected, is_late))

    def _all(
        self, listing: Listing, files: list[FileOutcome], unexpected: list[str], is_late: bool
    ) -> Iterator[CheckMeasure]:
        name = self._delivery.path.name
        if self._delivery.date is None:
            yield self._one(
                "delivery_name",
                "the name does not begin with a date",
                name,
                "Name it YYYY-MM-DD with an optional suffix.",
            )
        if listing.problem is not None:
            yield self._one("unreadable_delivery", listing.problem, name, "Send the delivery again under a new name.")
            return
        if is_late:
            yield self._one(
                "late_for_freeze",
                "dated on or before a freeze that was published without it",
                name,
                "Accept it with a reason if it shall count from now on.",
            )
        for path in unexpected:
            is_zip = path.lower().endswith(".zip")
            yield self._one(
                "unexpected_file",
                "a zip inside the delivery: pack the files themselves"
                if is_zip
                else "a file that the contract does not know",
                path,
                "Correct its name, or add it to `files` or `ignore` of the contract.",
            )
        for feed in self._contract.files:
            of_feed = [file for file in files if file.feed == feed.feed]
            yield from self._of_feed(feed, of_feed)

    def _of_feed(self, feed: Feed, files: list[FileOutcome]) -> Iterator[CheckMeasure]:
        name = feed.feed
        if feed.required:
            yield self._one(
                "missing_required_file",
                "a required file is missing",
                feed.pattern,
                "Send the delivery again with this file.",
                n=float(not files),
                feed=name,
            )
        for file in files:
            if file.problem is not None:
                where = file.path if file.line is None else f"{file.path}, line {file.line}"
                yield self._one(
                    "unreadable_file", file.problem, where, "Send the file again as the contract says.", feed=name
                )
        reads = [(file, file.read) for file in files if file.read is not None]
        for file, read in reads:
            yield from self._of_file(feed, file, read)
        if reads and feed.mode == "replace":
            yield from self._changes(feed, [read for _, read in reads], reads[0][0].path)
        if feed.required and reads and not any(read.account.records for _, read in reads):
            yield self._one(
                "required_file_without_rows",
                "a required file has no row",
                reads[0][0].path,
                "Send it again.",
                feed=name,
            )

    def _of_file(self, feed: Feed, file: FileOutcome, read: FileRead) -> Iterator[CheckMeasure]:
        name, path, rows = feed.feed, file.path, read.account.records
        yield self._one(
            "unknown_column",
            f"columns that the contract does not know: {name_list(read.unknown)}"
            if read.unknown
            else "unknown columns",
            f"{path}, line 1",
            "Add them to the contract, or send the file without them.",
            n=len(read.unknown),
            feed=name,
        )
        yield self._one(
            "missing_column",
            f"columns that are missing: {name_list(read.missing) or 'none'}",
            f"{path}, line 1",
            "Send the file with them, or mark them `required: false` in the contract.",
            n=len(read.missing),
            feed=name,
        )
        judged = rows + read.account.rejected
        first = f"{path}, first line {read.first_reject}" if read.first_reject else path
        yield self._one(
            "rejected_share",
            f"lines that cannot be read: {read.account.rejected} of {judged}",
            first,
            "See the reject table for the reasons; repair and send again.",
            n=read.account.rejected / judged if judged else 0.0,
            limit=self._limit("max_rejected_share"),
            feed=name,
        )
        if feed.key and feed.mode == "replace" and rows:
            yield self._one(
                "duplicate_key_share",
                f"rows that repeat the key {name_list(feed.key)}: {read.duplicate_keys} of {rows}",
                path,
                "Send each key once, or correct the key in the contract.",
                n=read.duplicate_keys / rows,
                limit=self._limit("max_duplicate_key_share"),
                feed=name,
            )
        for column, unknown in read.unknown_codes.items():
            filled = read.filled.get(column, 0)
            yield self._one(
                "unknown_code_share",
                f"values of {column} that its code map does not have: {unknown} of {filled}",
                path,
                "Add the codes to `codes` of the contract.",
                n=unknown / filled if filled else 0.0,
                limit=self._limit("max_unknown_code_share"),
                feed=name,
            )

    def _changes(self, feed: Feed, reads: list[FileRead], path: str) -> Iterator[CheckMeasure]:
        """Against the district's last accepted delivery of the same feed and scope."""
        rows = _sum(read.scopes for read in reads)
        before = {scope: self._before.rows.get((feed.feed, scope), 0) for scope in rows}
        yield from self._drops(feed, ("row_drop_share", "max_row_drop_share"), rows, before, f"{path}, scope")
        for scopes, alike in sorted(_by_scopes(reads).items()):
            schools = self._before.schools.get((feed.feed, scopes), {})
            # A school that is gone has no row now
            now = dict.fromkeys(schools, 0) | _sum(read.schools for read in alike)
            yield from self._drops(
                feed, ("school_row_drop_share", "max_school_row_drop_share"), now, schools, f"{path}, school"
            )
            yield from self._nulls(feed, scopes, alike, path)

    def _drops(
        self, feed: Feed, names: tuple[str, str], now: dict[str, int], before: dict[str, int], where: str
    ) -> Iterator[CheckMeasure]:
        for key, rows in sorted(now.items()):
            previous = before.get(key, 0)
            if previous >= MIN_ROWS:
                yield self._one(
                    names[0],
                    f"{rows} rows where the last accepted delivery had {previous}",
                    f"{where} {key or 'all'}",
                    "Check whether the extract is complete; if it is, accept it with a reason.",
                    n=max(0.0, 1 - rows / previous),
                    limit=self._limit(names[1]),
                    feed=feed.feed,
                )

    def _nulls(self, feed: Feed, scopes: tuple[str, ...], reads: list[FileRead], path: str) -> Iterator[CheckMeasure]:
        records = sum(read.account.records for read in reads)
        before_records, before_filled = self._before.filled.get((feed.feed, scopes), (0, {}))
        if min(records, before_records) < MIN_ROWS:
            return
        filled = _sum(read.filled for read in reads)
        for column in sorted(before_filled):
            yield self._one(
                "null_share_increase",
                f"column {column} is empty more often than in the last accepted delivery",
                path,
                "Check whether the extract still fills it; if it is right, accept it with a reason.",
                n=max(0.0, before_filled[column] / before_records - filled.get(column, 0) / records),
                limit=self._limit("max_null_share_increase"),
                feed=feed.feed,
            )
