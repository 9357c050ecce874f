"""A schema of PostgreSQL filled from a tier of a release: tables by COPY, keys, comments; compared with the release."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb
import psycopg
import yaml
from psycopg import sql
from pyarrow import csv

from expectations.contract import DIMENSION_GRAIN
from pipelines.dbt_project import DBT_PROJECT
from pipelines.release.manifest import TableFacts
from pipelines.settings import OpenTier
from pipelines.targets.errors import TargetError
from pipelines.targets.source import Column, OpenRelease, OpenTable

# The comment by which a schema is known to be ours
MARK = "CORE Districts data warehouse"
RELEASE = "release"
ROWS_A_BATCH = 100_000
TYPES = {
    "BOOLEAN": "boolean",
    "SMALLINT": "smallint",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "DOUBLE": "double precision",
    "VARCHAR": "text",
    "VARCHAR[]": "text[]",
    "DATE": "date",
}
DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
NO_NULLS_DISTINCT_FROM = 150_000


@dataclass(frozen=True)
class Schema:
    """A schema being filled from an open database; `facts` is what the manifest says of its tables."""

    con: psycopg.Connection
    source: duckdb.DuckDBPyConnection
    name: str
    facts: dict[str, TableFacts]

    def of(self, table: str) -> sql.Identifier:
        """A table of the schema."""
        return sql.Identifier(self.name, table)


def fill(schema: Schema, release: OpenRelease, tier: OpenTier) -> tuple[int, int]:
    """Make and fill the schema, compare each table with the release; returns tables and rows. Raises TargetError."""
    con = schema.con
    con.execute(sql.SQL("create schema {}").format(sql.Identifier(schema.name)))
    mark = f"{MARK}: {tier} tables of release {release.release_id}; replaced as a whole by the next load"
    con.execute(sql.SQL("comment on schema {} is {}").format(sql.Identifier(schema.name), sql.Literal(mark)))
    tables = release.tables(tier)
    if RELEASE in {table.name for table in tables}:
        raise TargetError(f"a published table is called {RELEASE}, which is the name of the table about the release")
    for table in tables:
        with con.transaction():
            _create(schema, table)
            _copy(schema, table)
            _key(schema, table, grains(tier).get(table.name))
        _compare(schema, table)
        con.execute(sql.SQL("analyze {}").format(schema.of(table.name)))
    _describe_release(schema, release, tier)
    return len(tables), sum(facts.rows for facts in schema.facts.values())


def release_of(con: psycopg.Connection, schema: str) -> str | None:
    """Id of the release that stands in a schema of ours; None if there is no such schema."""
    if con.execute("select to_regclass(format('%%I.%%I', %s::text, %s::text))", [schema, RELEASE]).fetchall() == [
        (None,)
    ]:
        return None
    found = con.execute(sql.SQL("select release_id from {}").format(sql.Identifier(schema, RELEASE))).fetchone()
    return str(found[0]) if found else None


@cache
def grains(tier: OpenTier) -> dict[str, list[str]]:
    """Grain of the tables of a tier, as declared: by the contract, or the dbt test of the published model."""
    found = {name: list(grain) for name, grain in DIMENSION_GRAIN.items()}
    for path in sorted((DBT_PROJECT / "models" / "published" / tier).glob("*.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            for test in model.get("data_tests", []):
                if isinstance(test, dict) and "unique_rows" in test:
                    found[model["name"].removeprefix(f"{tier}__")] = list(test["unique_rows"]["arguments"]["grain"])
    return found


def _create(schema: Schema, table: OpenTable) -> None:
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column.name), sql.SQL(_type(table, column))) for column in table.columns
    )
    made = sql.SQL("create table {} ({})").format(schema.of(table.name), columns)
    words = _comments(schema, table.name, table.comment, {column.name: column.comment for column in table.columns})
    schema.con.execute(sql.SQL("; ").join([made, *words]))


def _comments(schema: Schema, table: str, comment: str, columns: dict[str, str]) -> list[sql.Composed]:
    """Statements; sent together, since there are hundreds of them in a release."""
    return [
        sql.SQL("comment on table {} is {}").format(schema.of(table), sql.Literal(comment)),
        *(
            sql.SQL("comment on column {} is {}").format(sql.Identifier(schema.name, table, name), sql.Literal(words))
            for name, words in columns.items()
        ),
    ]


def _type(table: OpenTable, column: Column) -> str:
    if decimal := DECIMAL.fullmatch(column.kind):
        return f"numeric({decimal[1]}, {decimal[2]})"
    if column.kind not in TYPES:
        raise TargetError(f"{table.name}.{column.name} is {column.kind}, for which PostgreSQL gets no type here")
    return TYPES[column.kind]


def _copy(schema: Schema, table: OpenTable) -> None:
    """All rows, in their order, as a stream of CSV from Arrow: NULL is an empty field, text always stands in quotes."""
    listed = ", ".join(_as_text(column) for column in table.columns)
    # a table made in this transaction may be frozen: no vacuum has to visit the rows again
    copy = sql.SQL("copy {} from stdin (format csv, freeze true)").format(schema.of(table.name))
    options = csv.WriteOptions(include_header=False)
    with schema.con.cursor() as cursor, cursor.copy(copy) as out:
        for batch in schema.source.sql(f'select {listed} from "{table.name}"').to_arrow_reader(ROWS_A_BATCH):
            sink = io.BytesIO()
            csv.write_csv(batch, sink, options)
            out.write(sink.getvalue())


def _as_text(column: Column) -> str:
    name = f'"{column.name}"'
    if not column.kind.endswith("[]"):
        return name
    # a list is written as PostgreSQL writes an array: {"a","b",NULL}
    escaped = "replace(replace(x, chr(92), chr(92) || chr(92)), chr(34), chr(92) || chr(34))"
    items = f"list_transform({name}, lambda x: coalesce(chr(34) || {escaped} || chr(34), 'NULL'))"
    return f"'{{' || array_to_string({items}, ',') || '}}' as {name}"


def _key(schema: Schema, table: OpenTable, grain: list[str] | None) -> None:
    """The table's grain as its primary key; as a unique index where a part of it may be unknown (NULL)."""
    if not grain or not set(grain) <= {column.name for column in table.columns}:
        return
    listed = sql.SQL(", ").join(sql.Identifier(name) for name in grain)
    unknown = " or ".join(f'"{name}" is null' for name in grain)
    has_nulls = schema.source.execute(f'select count(*) from "{table.name}" where {unknown}').fetchall()[0][0] > 0
    if not has_nulls:
        statement = "alter table {} add primary key ({})"
    elif schema.con.info.server_version >= NO_NULLS_DISTINCT_FROM:
        statement = "create unique index on {} ({}) nulls not distinct"
    else:
        statement = "create index on {} ({})"
    try:
        with schema.con.transaction():
            schema.con.execute(sql.SQL(statement).format(schema.of(table.name), listed))
    except psycopg.errors.UniqueViolation:
        raise TargetError(f"{table.name} has two rows of one grain ({', '.join(grain)})") from None


def _compare(schema: Schema, table: OpenTable) -> None:
    """Rows, and sums over a hash of each, are asked of both databases."""
    here = schema.source.execute(_duckdb_sums(table)).fetchall()[0]
    there = schema.con.execute(_postgres_sums(schema, table)).fetchall()[0]
    expected = schema.facts[table.name].rows
    if not (int(here[0]) == int(there[0]) == expected):
        raise TargetError(f"{table.name}: {there[0]:,} rows arrived, {expected:,} were published")
    if [int(value) for value in here] != [int(value) for value in there]:
        raise TargetError(f"{table.name}: the rows that arrived are not those that were published")


def _duckdb_sums(table: OpenTable) -> str:
    def text(column: Column) -> str:
        name = f'"{column.name}"'
        if column.kind == "DOUBLE":
            # both write the shortest digits that give the number back; DuckDB adds .0 to a whole one
            name = f"regexp_replace(cast({name} as varchar), '\\.0$', '')"
        elif column.kind.endswith("[]"):
            name = f"array_to_string(list_transform({name}, lambda x: coalesce(x, chr(28))), chr(29))"
        return f"coalesce(cast({name} as varchar), chr(30))"

    digest = f"md5(concat_ws(chr(31), {', '.join(text(column) for column in table.columns)}))"
    sums = ", ".join(f"coalesce(sum(('0x' || {part}(d, 15))::bigint), 0)" for part in ("left", "right"))
    return f'select count(*), {sums} from (select {digest} as d from "{table.name}")'


def _postgres_sums(schema: Schema, table: OpenTable) -> sql.Composed:
    def text(column: Column) -> sql.Composed:
        how = "array_to_string({}, chr(29), chr(28))" if column.kind.endswith("[]") else "{}::text"
        return sql.SQL(how).format(sql.Identifier(column.name))

    fields = sql.SQL(", ").join(text(column) for column in table.columns)
    sums = sql.SQL(", ").join(
        sql.SQL(f"coalesce(sum(('x' || {part}(d, 15))::bit(60)::bigint), 0)") for part in ("left", "right")
    )
    return sql.SQL(
        "select count(*), {} from (select md5(array_to_string(array[{}], chr(31), chr(30))) as d from {}) as t"
    ).format(sums, fields, schema.of(table.name))


def _describe_release(schema: Schema, release: OpenRelease, tier: OpenTier) -> None:
    """Table `release`: one row, by which a reader knows what the schema holds."""
    manifest = release.manifest
    row: dict[str, tuple[str, Any, str]] = {
        "release_id": ("text", manifest.release_id, "The release that this schema holds; ids sort by time"),
        "as_of": ("date", manifest.as_of, "What was known on that day is in the tables"),
        "created_at": ("timestamptz", manifest.created_at, "When the release was made"),
        "tier": ("text", tier, "public: anyone; partner: named staff of the collaborative"),
        "contract_version": ("text", manifest.contract_version, "Version of the names and types"),
        "rule_set": ("text", manifest.rule_set, "The default rule set"),
        "code_version": ("text", manifest.code_version, "The code that made the release"),
        "is_synthetic": ("boolean", manifest.is_synthetic, "True: no student, school or figure is real"),
    }
    with schema.con.transaction():
        columns = sql.SQL(", ").join(sql.SQL(f"{name} {kind} not null") for name, (kind, _, _) in row.items())
        schema.con.execute(sql.SQL("create table {} ({})").format(schema.of(RELEASE), columns))
        values = [value for _, value, _ in row.values()]
        places = sql.SQL(", ").join(sql.Placeholder() for _ in values)
        schema.con.execute(sql.SQL("insert into {} values ({})").format(schema.of(RELEASE), places), values)
        words = "One row: the release in this schema. Read in a transaction first, it holds this release to its end"
        comments = _comments(schema, RELEASE, words, {name: comment for name, (_, _, comment) in row.items()})
        schema.con.execute(sql.SQL("; ").join(comments))
