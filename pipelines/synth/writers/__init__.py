"""Writers: one module a system turns `facts` into the files of a district that runs it.

A module `pipelines.synth.writers.<system>` has a function `write` of type `WriteDelivery`. It writes into the folder
`out` the files of `contract` for `delivery`, rows in a fixed order, and nothing else: SYNTHETIC.txt, the zip and the
names of deliveries are the driver's. Everything comes from `facts` and the contract. No district's name stands in a
writer; what differs between districts of one system stands in the contract (dialect, code maps, quirks).

What a writer must know of `facts`
- `sent_rows`, `changed_rows` and `ended_rows` below know what the delivery knows.
- Feeds of mode replace: `sent_rows`. Feeds of mode upsert: `changed_rows` where `delivery.is_delta`, else `sent_rows`;
  and, in every delivery with a `previous`, the keys of `ended_rows` as deletes: what is left out of an upsert stays.
- student and student_program have no school year and are always whole (all students of the district ever sent).
- A row with lost_reason 'bad_row' (course_mark, final marks only) is written so that the reader must reject it: a
  column too many, broken JSON. Every other row must come back from staging exactly.
- student.ssid_sent, birth_date_sent: where not NULL, the text to write instead of the value ('' = nothing).
- Sections and courses are the distinct section and course columns of course_mark; there is no other list of them.
- A transcript mark without a section has section_id 'T-' || course_code || '-' || term_code.
- Credits are California credits: divide by parameters.credit_multiplier, and write what reads back the same.
- A school whose code ends in 0000001 (non-public school) is the only kind with is_reporting false.
- EL_STATUS spans end the day before the next begins; PARENT_ED has neither start nor end date.
- Columns that a system's files have no place for are NULL in facts (`systems` in world.yml).
"""

from __future__ import annotations

import importlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import duckdb

from pipelines.synth.plan import DeliveryPlan
from pipelines.synth.schema import KEYS, canonical_columns

if TYPE_CHECKING:
    from pipelines.landing.contract import Contract


class SynthError(Exception):
    """Something that `core synth` cannot do, in words for the person who asked for it."""


@dataclass
class DirtLog:
    """Harmless dirt, counted: what a reader must survive without losing a fact. Ends in _truth/dirt.json."""

    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, delivery: DeliveryPlan, what: str, n: int = 1) -> None:
        """Count `n` cases of dirt `what` (a short fixed phrase, such as 'blank line') in a delivery."""
        if n:
            self.counts[(delivery.district, delivery.name, what)] += n

    def rows(self) -> list[dict[str, str | int]]:
        """Sorted rows: district, delivery, what, n."""
        return [
            {"district": district, "delivery": delivery, "what": what, "n": n}
            for (district, delivery, what), n in sorted(self.counts.items())
        ]


class WriteDelivery(Protocol):
    """Writes the files of one delivery into the existing, empty folder `out`."""

    def __call__(
        self,
        con: duckdb.DuckDBPyConnection,
        contract: Contract,
        delivery: DeliveryPlan,
        out: Path,
        log: DirtLog,
    ) -> None:
        """Write the files; SynthError where facts hold what the contract has no form for."""
        ...


def writer_for(system: str) -> WriteDelivery:
    """The writer of a system, found by its module's name. Raises SynthError where there is none."""
    name = f"{__name__}.{system}"
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise SynthError(
            f"no writer for system '{system}': pipelines/synth/writers/{system}.py does not exist"
        ) from error
    writer: WriteDelivery = module.write
    return writer


def sent_rows(entity: str, delivery: DeliveryPlan) -> str:
    """SQL (a parenthesized select of facts.<entity>) of all rows that the delivery holds when it is whole."""
    return _select(entity, delivery, _alive(delivery.date.isoformat()))


def changed_rows(entity: str, delivery: DeliveryPlan) -> str:
    """SQL of the rows that are new or have a new version since the delivery before (all, in a first delivery)."""
    since = f" and known_from > date '{delivery.previous}'" if delivery.previous else ""
    return _select(entity, delivery, _alive(delivery.date.isoformat()) + since)


def ended_rows(entity: str, delivery: DeliveryPlan) -> str:
    """SQL of the rows that the delivery before still held and whose key (schema.KEYS) this one no longer knows."""
    if delivery.previous is None:
        return _select(entity, delivery, "false")
    ended = f"known_from <= date '{delivery.previous}' and known_to > date '{delivery.previous}'"
    same_key = " and ".join(f"now.{column} is not distinct from facts.{entity}.{column}" for column in KEYS[entity])
    return _select(
        entity,
        delivery,
        f"{ended} and known_to <= date '{delivery.date}' and not exists (from facts.{entity} as now"
        f" where now.district_code = facts.{entity}.district_code and {same_key}"
        f" and now.known_from <= date '{delivery.date}'"
        f" and (now.known_to is null or now.known_to > date '{delivery.date}'))",
    )


def _alive(date: str) -> str:
    return f"known_from <= date '{date}' and (known_to is null or known_to > date '{date}')"


def _select(entity: str, delivery: DeliveryPlan, condition: str) -> str:
    years = ""
    if any(name == "school_year" for name, _ in canonical_columns()[entity]):
        years = f" and school_year in ({', '.join(str(year) for year in delivery.school_years)})"
    return f"(from facts.{entity} where district_code = '{delivery.district_code}'{years} and {condition})"
