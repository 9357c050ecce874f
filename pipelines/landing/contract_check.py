"""Cross checks of a contract: what no single key can tell (columns that exist, validity, regular expressions)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from pipelines.landing.contract_yaml import Loc

if TYPE_CHECKING:
    from pipelines.landing.contract_model import Contract, Feed, MarkScale

Problem = tuple[Loc, str, str]
# What a quirk may expect of a file (intake_report.py measures it)
QUIRK_MEASURES = (
    "has_bom", "line_end", "n_rows", "n_rejected", "n_blank", "n_continuation", "has_rejects", "has_blanks",
    "has_refused", "has_duplicate_keys", "n_refused", "n_duplicate_keys",
)  # fmt: skip
MARK = re.compile(r"^([ABCDF][+-]?|P|NP|I|W)$")


def cross_check(contract: Contract) -> Iterator[Problem]:
    """Yield (key, expected, found) for each thing that does not fit together."""
    if contract.kind == "district" and contract.parameters is None:
        yield ("parameters",), "parameters (kind: district needs them)", "none"
    yield from _unique((("files", i, "feed"), feed.feed) for i, feed in enumerate(contract.files))
    feeds = {feed.feed: feed for feed in contract.files}
    for index, feed in enumerate(contract.files):
        yield from _check_feed(feed, ("files", index), feeds, contract)
    for index, absent in enumerate(contract.absent):
        if absent.feed in feeds:
            yield ("absent", index, "feed"), "a feed that is not in `files`", repr(absent.feed)
    for name, rows in contract.codes.items():
        spans = [(row.code, row.valid_from, row.valid_to, ("codes", name, i)) for i, row in enumerate(rows)]
        yield from _check_spans(spans)
    yield from _check_spans(
        [(s.scale, s.valid_from, s.valid_to, ("mark_scales", i)) for i, s in enumerate(contract.mark_scales)]
    )
    for index, scale in enumerate(contract.mark_scales):
        yield from _check_scale(scale, ("mark_scales", index))
    for index, quirk in enumerate(contract.quirks):
        if quirk.expect is not None and quirk.expect.feed not in feeds:
            yield ("quirks", index, "expect", "feed"), f"one of {', '.join(feeds)}", repr(quirk.expect.feed)
        if quirk.expect is not None and quirk.expect.measure not in QUIRK_MEASURES:
            expected = f"one of {', '.join(QUIRK_MEASURES)}"
            yield ("quirks", index, "expect", "measure"), expected, repr(quirk.expect.measure)


def _unique(named: Iterable[tuple[Loc, str]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for loc, name in named:
        if name.lower() in seen:
            yield loc, "each name once (capitals do not count)", f"a second {name!r}"
        seen.add(name.lower())


def _check_feed(feed: Feed, loc: Loc, feeds: dict[str, Feed], contract: Contract) -> Iterator[Problem]:
    names = set(feed.column_names)
    listing = "a column of the feed"
    yield from _unique(((*loc, "columns", i, "name"), column.name) for i, column in enumerate(feed.columns))
    for i, column in enumerate(feed.columns):
        if column.codes is not None and column.codes not in contract.codes:
            yield (*loc, "columns", i, "codes"), "a map of `codes`", repr(column.codes)
        if feed.format == "delimited" and not feed.header and not column.required:
            yield (*loc, "columns", i, "required"), "true (without a header every column is sent)", "false"
        if feed.format == "delimited" and column.path is not None:
            yield (*loc, "columns", i, "path"), "no `path` (a delimited file has `header`)", repr(column.path)
    for i, name in enumerate(feed.key):
        if name not in names:
            yield (*loc, "key", i), listing, repr(name)
    named: list[tuple[str, str | None]] = [
        ("scope", feed.scope.column if feed.scope else None),
        ("delete_when", feed.delete_when.column if feed.delete_when else None),
        ("school", feed.school),
    ]
    for key, column_name in named:
        if column_name is not None and column_name not in names:
            yield (*loc, key), listing, repr(column_name)
    if feed.scope is not None:
        yield from _check_scope(feed, loc)
    if feed.mode == "upsert" and not feed.key:
        yield (*loc, "key"), "the key of a row (mode: upsert needs it)", "none"
    yield from _check_deletes(feed, loc, feeds)
    if feed.format == "edfi_xml" and not feed.record:
        yield (*loc, "record"), "the element that makes one row (format: edfi_xml needs it)", "none"
    if feed.format == "delimited" and feed.quote == feed.delimiter:
        yield (*loc, "quote"), "another character than the delimiter", repr(feed.quote)


def _check_scope(feed: Feed, loc: Loc) -> Iterator[Problem]:
    scope = feed.scope
    if scope is None or (scope.column is None) == (scope.path is None):
        yield (*loc, "scope"), "either `column` or `path`", "both" if scope and scope.column else "neither"
        return
    if feed.mode != "replace":
        yield (*loc, "scope"), "no scope (mode: upsert works by key)", "one"
    if scope.path is not None:
        try:
            groups = re.compile(scope.path).groups
        except re.error as error:
            yield (*loc, "scope", "path"), f"a regular expression ({error})", repr(scope.path)
            return
        if groups != 1:
            yield (*loc, "scope", "path"), "a regular expression with one group", f"{groups} groups"


def _check_deletes(feed: Feed, loc: Loc, feeds: dict[str, Feed]) -> Iterator[Problem]:
    if not feed.deletes:
        if feed.of_feed is not None:
            yield (*loc, "of_feed"), "`deletes: true` beside it", "false"
        return
    target = feeds.get(feed.of_feed or "")
    if target is None or target.mode != "upsert":
        yield (*loc, "of_feed"), "a feed of `mode: upsert` of this contract", repr(feed.of_feed)
    elif len(feed.key) != len(target.key):
        yield (*loc, "key"), f"as many columns as the key of {target.feed} ({len(target.key)})", str(len(feed.key))


def _check_spans(spans: Sequence[tuple[str, dt.date | None, dt.date | None, Loc]]) -> Iterator[Problem]:
    """Spans of one name must not overlap; both ends are inclusive, None is open."""
    for name, start, end, loc in spans:
        if start and end and end < start:
            yield loc, f"valid_to of {name!r} on or after valid_from", f"{end} before {start}"
    for one, two in pairwise(sorted(spans, key=lambda span: (span[0], span[1] or dt.date.min))):
        if one[0] == two[0] and (one[2] is None or two[1] is None or one[2] >= two[1]):
            yield two[3], f"one row for {one[0]!r} on any day", f"two (from {one[1]} and from {two[1]})"


def _check_scale(scale: MarkScale, loc: Loc) -> Iterator[Problem]:
    expected = "A B C D F with or without sign, P, NP, I or W"
    for raw, mark in scale.marks.items():
        if not MARK.match(mark):
            yield (*loc, "marks", raw), expected, repr(mark)
    for index, span in enumerate(scale.ranges):
        if not MARK.match(span.mark):
            yield (*loc, "ranges", index, "mark"), expected, repr(span.mark)
        if span.high < span.low:
            yield (*loc, "ranges", index), "high not below low", f"{span.low} to {span.high}"
    ordered = sorted(enumerate(scale.ranges), key=lambda item: (item[1].low, item[1].high))
    for (_, one), (index, two) in pairwise(ordered):
        if two.low <= one.high:
            yield (*loc, "ranges", index), "ranges that do not overlap", f"{two.low} within {one.low} to {one.high}"
    if not scale.marks and not scale.ranges:
        yield loc, "`marks` or `ranges`", "neither"
