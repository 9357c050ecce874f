"""From canonical values back to a district's codes, by its contract: the mirror of what staging does.

Holds no code of its own: the codes are those of the contract or of the lookup table that a writer hands in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from pipelines.landing.contract import Contract

# canonical value -> the local codes that mean it, in the order in which they are tried
LocalCodes = dict[str, list[str]]


def local_codes(contract: Contract, map_name: str) -> LocalCodes:
    """The contract's map, reversed: several codes may mean the same. A map that the contract lacks is empty."""
    reverse: LocalCodes = {}
    for row in contract.codes.get(map_name, []):
        reverse.setdefault(row.value, []).append(row.code)
    return reverse


def through_lookup(states: LocalCodes, lookup: Mapping[str, Sequence[str]]) -> LocalCodes:
    """Codes of a lookup table (state code -> local codes), by canonical value.

    A state code that the contract does not map means itself.
    """
    mapped = {state for codes in states.values() for state in codes}
    reverse = {value: [code for state in codes for code in lookup.get(state, [])] for value, codes in states.items()}
    reverse.update({state: list(codes) for state, codes in lookup.items() if state not in mapped})
    return {value: codes for value, codes in reverse.items() if codes}


def map_literal(codes: LocalCodes) -> str:
    """The codes as a DuckDB MAP, for `local_code`."""
    entries = (f"{text_literal(value)}: [{', '.join(map(text_literal, local))}]" for value, local in codes.items())
    return f"map {{{', '.join(entries)}}}" if codes else "map([]::varchar[], []::varchar[][])"


def text_literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def create_macros(con: duckdb.DuckDBPyConnection, *, month_first: bool) -> None:
    """Temporary macros that writers use in their queries.

    `local_code(codes, value, salt)`: a local code of a value, the same for the same salt; an error where there is none.
    `sent_date(day)`: a date as the district writes it (M/D/YYYY without zeros if `month_first`, else ISO).
    `plain(number)`: a decimal without trailing zeros.
    """
    con.execute("""
        create or replace temp macro local_code(codes, value, salt) as case
            when value is null then null
            when codes[value] is null then error('the contract has no code for ' || value)
            when len(codes[value]) = 1 then codes[value][1]
            else codes[value][1 + cast(hash(salt) % len(codes[value]) as integer)]
        end
    """)
    date = "month(day) || '/' || day(day) || '/' || year(day)" if month_first else "strftime(day, '%Y-%m-%d')"
    con.execute(f"create or replace temp macro sent_date(day) as {date}")
    con.execute("""
        create or replace temp macro plain(number) as
        case when contains(cast(number as varchar), '.')
            then rtrim(rtrim(cast(number as varchar), '0'), '.') else cast(number as varchar) end
    """)


def unit_share(contract: Contract) -> str:
    """What a California credit is in the district's units, as an exact decimal literal.

    Raises ValueError if the contract's multiplier has no exact inverse.
    """
    multiplier = contract.parameters.credit_multiplier if contract.parameters else Decimal(1)
    share = Decimal(1) / multiplier
    if share * multiplier != 1:
        raise ValueError(f"credit_multiplier {multiplier} cannot be undone exactly")
    return str(share)
