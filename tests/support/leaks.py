"""Ten leaks planted into the public tier of a warehouse: in each, figures stand that together give a small count away.

The count itself is shown by none of them. The warehouse is put back after each; who plants brings a copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.privacy.certificate import Certificate, certify
from pipelines.privacy.kept import KeptRelease

KEYS = "metric_code cohort_year snapshot_code basis level entity_code group_type group_code".split()
SAME = " and ".join(f"shown.{key} is not distinct from figure.{key}" for key in KEYS)
#: by what gives the count away: which equations, by kind and code, and what the small count in them is
EQUATIONS = {
    "a sum of parts": "kind = 'outcome' and equation_code similar to '(lanes|attendance bands|up, same, down|reasons).*'",
    "a nested group": "kind = 'group'",
    "lanes against a share of the low ones": "kind = 'outcome' and equation_code in ('two lowest lanes', 'end low', "
    "'start on track or low', 'with a lane on pace')",
    "movement and its variant": "kind = 'outcome' and equation_code similar to '(below the top|both lanes).*' and small_id < 0",
    "the remainder of the schools": "kind = 'entity' and equation_code = 'district' and small_id < 0",
    "a network cohort less its schools": "kind = 'entity' and equation_code = 'btsc_cohort'",
    "a bound against a total": "kind in ('entity', 'group') and small_id in (from coded)",
}
NAMES = ("one shown complement", *EQUATIONS, "two releases", "a restatement")
# Equations whose members can all be shown, but for one small count, by figures that show no small count
CANDIDATES = """
with small as (select count_id from privacy.public_count where n between 1 and 10),
coded as (
    select case extreme when 'low' then numerator_id else without_id end as small_id
    from privacy.public_primary where extreme is not null
),
clean as (
    select count_id, min(figure_id) as figure_id from privacy.public_link
    where figure_id not in (select figure_id from privacy.public_link semi join small using (count_id))
    group by count_id
),
equations as (
    select member.equation_id, term.kind, term.equation_code,
        min(member.count_id) filter (member.n between 1 and 10) as small_id,
        count(*) filter (member.n between 1 and 10) as n_small, count(*) as n_members,
        count(*) filter (member.n not between 1 and 10 and clean.figure_id is null) as n_unseen,
        list(distinct clean.figure_id) filter (member.n not between 1 and 10) as figures
    from privacy.public_member as member
    inner join (select distinct equation_id, kind, equation_code from privacy.public_term) as term using (equation_id)
    left join clean using (count_id)
    group by all
)
select equation_id, equation_code, figures from equations
where n_small = 1 and n_unseen = 0 and n_members > 2 and {which}
order by equation_id limit 1
"""


@dataclass(frozen=True)
class Planted:
    """What came of a leak: figures that were shown, and the audit's answer. No figures: nothing to plant it on."""

    name: str
    figures: int
    certificate: Certificate | None

    @property
    def is_found(self) -> bool:
        """Whether the audit says that small counts are open."""
        return self.certificate is not None and self.certificate.open_counts + self.certificate.open_with_kept > 0


def plant(con: duckdb.DuckDBPyConnection, name: str, folder: Path) -> Planted:
    """Plant a leak, ask the audit, and take it out again. `folder` takes what is written on the way."""
    if name == "a restatement":
        return _restated(con, name)
    figures = _figures(con, "the remainder of the schools" if name == "two releases" else name)
    if not figures:
        return Planted(name, 0, None)
    with _put_back(con, "public.metric"):
        _show(con, figures)
        if name != "two releases":
            return Planted(name, len(figures), certify(con))
        earlier = folder / "earlier.duckdb"
        earlier.unlink(missing_ok=True)
        con.execute(f"attach '{earlier}' as earlier")
        con.execute("create table earlier.metric as from public.metric")
        con.execute("detach earlier")
    certificate = certify(con, [KeptRelease("earlier", earlier, frozenset())])
    assert certificate.open_counts == 0, "tonight's release leaks by itself"
    return Planted(name, len(figures), certificate)


def _figures(con: duckdb.DuckDBPyConnection, name: str) -> list[int]:
    """Figures that stand where the leak is."""
    if name == "one shown complement":
        found = con.execute(
            """select [figure_id] from privacy.public_primary
            where numerator > 10 and denominator - numerator between 1 and 10 and extreme is null
            order by figure_id limit 1"""
        ).fetchall()
    else:
        found = [row[2:] for row in con.execute(CANDIDATES.format(which=EQUATIONS[name])).fetchall()]
    return list(found[0][0]) if found else []


def _show(con: duckdb.DuckDBPyConnection, figures: list[int]) -> None:
    con.execute(
        f"""update public.metric as shown
        set suppression = case when figure.extreme is null then 'none' else 'coded' end,
            numerator = case when figure.extreme is null then figure.numerator end,
            denominator = figure.denominator,
            display = case figure.extreme
                when 'low' then '<=' || figure.bound_percent || '%'
                when 'high' then '>=' || (100 - figure.bound_percent) || '%'
                else figure.display
            end
        from (
            select * replace (nullif(basis, '') as basis) from privacy.public_primary
            where list_contains(?, figure_id)
        ) as figure
        where {SAME}""",
        [figures],
    )


def _restated(con: duckdb.DuckDBPyConnection, name: str) -> Planted:
    """The first count that is shown was less by 3 in the release before a restatement, and was shown there too."""
    with _put_back(con, "privacy.restated_count"), _put_back(con, "privacy.restated_term"):
        for table in ("restated_count", "restated_term"):
            con.execute(f"delete from privacy.{table}")
        con.execute(
            """insert into privacy.restated_count by name
            select 1 as restatement_id, count_id, cohort_year, snapshot_code, level, entity_code, count_id as today_id,
                n - 3 as n, n as n_today, n - 3 as low, n - 3 as high, true as is_shown, false as is_unmoved
            from privacy.public_known where low = high and n > 20 order by count_id limit 1"""
        )
        return Planted(name, 1, certify(con))


@contextmanager
def _put_back(con: duckdb.DuckDBPyConnection, table: str) -> Iterator[None]:
    honest = table.replace(".", "_")
    con.execute(f"create or replace temp table {honest} as from {table}")
    try:
        yield
    finally:
        con.execute(f"delete from {table}")
        con.execute(f"insert into {table} from {honest}")
