"""The content hash of a table: over its rows, whatever their order, so that two databases can be compared.

The recipe is part of the contract (it stands in the data dictionary): RECIPE says it in words, `content_hash` in SQL.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import duckdb

RECIPE = (
    "Each row becomes one text: its columns in the table's order, cast to VARCHAR by DuckDB, a NULL written as "
    "chr(30), joined with chr(31). The MD5 of that text (UTF-8), in hex, is read as two numbers of 16 digits; "
    "each is summed over all rows. content_hash is the SHA-256 (hex) of the text "
    "'<column names joined by a comma>|<rows>|<sum of the first numbers>|<sum of the second numbers>'."
)


def content_hash(con: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[str]) -> tuple[int, str]:
    """Rows and content hash of `relation` (anything that may follow FROM) over `columns`, in that order.

    Sums of halves rather than a sorted list: one pass, no memory, the same on any number of threads.
    """
    fields = ", ".join(f"""coalesce(cast("{column}" as varchar), chr(30))""" for column in columns)
    first, second = (f"coalesce(sum(('0x' || {half}(digest, 16))::ubigint), 0)" for half in ("left", "right"))
    rows, first_sum, second_sum = con.execute(
        f"select count(*), {first}, {second} from (select md5(concat_ws(chr(31), {fields})) as digest from {relation})"
    ).fetchall()[0]
    return int(rows), hashlib.sha256(f"{','.join(columns)}|{rows}|{first_sum}|{second_sum}".encode()).hexdigest()
