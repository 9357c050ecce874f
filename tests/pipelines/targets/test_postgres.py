"""Public and partner tables in a real PostgreSQL: same rows, types, words and keys; swapped under readers; no student."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import psycopg
import pytest

from pipelines.settings import Settings
from pipelines.targets import postgres_schema
from pipelines.targets.errors import TargetError
from pipelines.targets.load import configured, load_target
from pipelines.targets.source import OpenRelease
from tests.support.crowd import crowd
from tests.support.postgres_reader import SCHEMA, read_postgres_until
from tests.support.servers import Postgres
from tests.support.small_warehouse import KEY, RESTRICTED

READERS = 4


@pytest.fixture(autouse=True)
def clean(postgres: Postgres) -> None:
    """Each test begins with a database that no load has seen."""
    for (schema,) in postgres.rows("select nspname from pg_namespace where nspname like 'core%'"):
        postgres.run(f"drop schema {schema} cascade")
    for (role,) in postgres.rows("select rolname from pg_roles where rolname like 'core\\_%reader'"):
        postgres.run(f"drop role {role}")


@pytest.fixture()
def settings(postgres: Postgres, tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", postgres_dsn=postgres.dsn())


def load(settings: Settings, release: OpenRelease) -> str:
    return load_target(settings, "postgres", release)


def test_every_row_type_and_word_arrives(settings: Settings, postgres: Postgres, releases: list[OpenRelease]) -> None:
    assert configured(settings) == ["postgres"]
    said = load(settings, releases[0])
    assert "compared, swapped" in said and postgres.password not in said
    for tier, schema in SCHEMA.items():
        own = duckdb.connect(str(releases[0].folder / tier / "core.duckdb"), read_only=True)
        tables = dict(own.execute("select table_name, comment from duckdb_tables()").fetchall())
        words = "select relname, obj_description(oid, 'pg_class') from pg_class where relkind = 'r' and relnamespace = '{}'::regnamespace"
        there = dict(postgres.rows(words.format(schema)))
        assert there.pop("release").startswith("One row")
        assert there == tables
        for table in tables:
            mine, theirs = own.execute(f"select * from {table}"), postgres.rows(f"select * from {schema}.{table}")
            assert theirs == mine.fetchall(), f"{table}: other rows, or another order"
            columns = own.execute(
                "select column_name, comment from duckdb_columns() where table_name = ? order by column_index", [table]
            ).fetchall()
            assert columns == postgres.rows(
                "select attname::text, coalesce(col_description(attrelid, attnum), '') from pg_attribute "
                f"where attrelid = '{schema}.{table}'::regclass and attnum > 0 order by attnum"
            )
        assert postgres.rows(f"select release_id, tier, is_synthetic from {schema}.release") == [
            (releases[0].release_id, tier, True)
        ]
    kinds = dict(
        postgres.rows(
            "select column_name, data_type from information_schema.columns where table_schema = 'core_public' "
            "and table_name in ('metric', 'odd')"
        )
    )
    assert {kinds[name] for name in ("numerator", "value", "is_provisional", "list", "wide", "cohort_year", "text")} == {
        "bigint", "double precision", "boolean", "ARRAY", "numeric", "integer", "text",
    }  # fmt: skip


def test_the_grain_is_the_key(settings: Settings, postgres: Postgres, releases: list[OpenRelease]) -> None:
    load(settings, releases[0])
    keys = {
        (table, tuple(re.search(r"\((.*?)\)", definition)[1].split(", "))): "NULLS NOT DISTINCT" in definition
        for table, definition in postgres.rows(
            "select tablename::text, indexdef from pg_indexes where schemaname = 'core_partner' and indexdef like '%UNIQUE%'"
        )
    }
    assert keys[("dim_district", ("district_code",))] is False
    assert keys[("data_quality", ("district_code", "school_year", "measure"))] is False
    assert {
        "metric", "dim_district", "dim_school", "metric_definition", "rule_set", "student_group", "delivery_status",
        "data_quality", "lane_validity", "metric_quality",
    } <= {table for table, _ in keys}  # fmt: skip


def test_only_the_role_of_a_tier_reads_it_and_nobody_writes(
    settings: Settings, postgres: Postgres, releases: list[OpenRelease]
) -> None:
    load(settings, releases[0])
    dsn = {}
    for tier in SCHEMA:
        user = f"core_{tier}_tool"
        postgres.run(
            f"drop role if exists {user}", f"create role {user} login password 'x{tier}' in role core_{tier}_reader"
        )
        dsn[tier] = postgres.dsn(user, f"x{tier}")
    # the swap keeps the rights: asked after a second load
    load(settings, releases[1])
    for tier, other in (("public", "partner"), ("partner", "public")):
        assert postgres.rows(f"select release_id from core_{tier}.release", dsn[tier]) == [(releases[1].release_id,)]
        for denied in (
            f"select * from core_{other}.metric",
            f"delete from core_{tier}.metric",
            f"create table core_{tier}.mine (n int)",
            f"drop table core_{tier}.metric",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                postgres.rows(denied, dsn[tier])
    postgres.run(*(f"drop role core_{tier}_tool" for tier in SCHEMA))


def test_no_student_reaches_it(settings: Settings, postgres: Postgres, releases: list[OpenRelease]) -> None:
    load(settings, releases[0])
    tables = postgres.rows(
        "select schemaname::text, tablename::text from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
    )
    assert {schema for schema, _ in tables} == set(SCHEMA.values())
    assert not {table for _, table in tables} & set(RESTRICTED)
    for schema, table in tables:
        assert not any(
            key in str(row) for row in postgres.rows(f"select * from {schema}.{table}") for key in KEY.values()
        )
    for wrong in ({"postgres_schemas": {"restricted": "core_students"}}, {"postgres_readers": {"restricted": "x"}}):
        with pytest.raises(ValueError, match="'public' or 'partner'"):
            Settings(**wrong)


def test_readers_in_a_loop_see_no_error_and_no_mixture(
    settings: Settings, postgres: Postgres, releases: list[OpenRelease]
) -> None:
    load(settings, releases[0])
    with crowd(read_postgres_until, READERS, postgres.dsn()) as readers:
        readers.wait_until_all_saw(releases[0].release_id)
        for release in (releases[1], releases[2], releases[0]):
            load(settings, release)
            readers.wait_until_all_saw(release.release_id)
        laps = readers.end()
    assert {lap.release_id for lap in laps} == {release.release_id for release in releases}
    assert not postgres.rows("select 1 from pg_namespace where nspname like 'core%\\_\\_%'"), "a schema was left behind"


def test_an_open_transaction_keeps_its_release(
    settings: Settings, postgres: Postgres, releases: list[OpenRelease], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The swap waits for who has read `release`, and says so if that takes too long; what was there stays."""
    load(settings, releases[0])
    monkeypatch.setattr("pipelines.targets.postgres.SWAP_TRIES", 2)
    with psycopg.connect(postgres.dsn()) as reader:
        before = reader.execute("select release_id from core_public.release").fetchone()
        pid = reader.info.backend_pid
        with pytest.raises(TargetError, match=f"has been open .*server processes {pid}"):
            load(settings, releases[1])
        assert reader.execute("select release_id from core_partner.release").fetchone() == before
        assert reader.execute("select distinct numerator from core_public.metric").fetchall() == [(1,)]
    load(settings, releases[1])
    assert postgres.rows("select numerator from core_partner.metric") == [(2,)]


def test_what_arrives_otherwise_is_not_swapped_in(
    settings: Settings, postgres: Postgres, releases: list[OpenRelease], monkeypatch: pytest.MonkeyPatch
) -> None:
    load(settings, releases[0])
    copy = postgres_schema._copy

    for harm, expected in (
        ("delete from {} where number = 3", "8 rows arrived, 9 were published"),
        ("update {} set text = 'other' where number = 0", "not those that were published"),
        ("update {} set list = list || null::text where number = 99", "not those that were published"),
    ):

        def harmed(schema: postgres_schema.Schema, table: postgres_schema.OpenTable, harm: str = harm) -> None:
            copy(schema, table)
            if table.name == "odd":
                schema.con.execute(harm.format("core_public__next.odd"))

        monkeypatch.setattr(postgres_schema, "_copy", harmed)
        with pytest.raises(TargetError, match=f"odd: .*{expected}.*core load --to postgres"):
            load(settings, releases[1])
        assert postgres.rows("select release_id from core_public.release") == [(releases[0].release_id,)]
    monkeypatch.undo()
    load(settings, releases[1])
    assert postgres.rows("select release_id from core_public.release") == [(releases[1].release_id,)]


def test_what_no_load_has_made_is_left_alone(
    settings: Settings, postgres: Postgres, releases: list[OpenRelease]
) -> None:
    postgres.run("create schema core_partner", "create table core_partner.mine (n int)")
    with pytest.raises(TargetError, match="schema core_partner that no load has made"):
        load(settings, releases[0])
    assert postgres.rows("select count(*) from core_partner.mine") == [(0,)]
    postgres.run("drop schema core_partner cascade")
    load(settings, releases[0])
    postgres.run("create schema core_mine", "create view core_mine.v as select * from core_public.metric")
    with pytest.raises(TargetError, match=r"view core_mine\.v would keep to the old tables of core_public"):
        load(settings, releases[1])
    assert postgres.rows("select count(*) from core_mine.v") == [(1,)]


def test_a_changed_release_and_one_load_at_a_time(
    settings: Settings, postgres: Postgres, releases: list[OpenRelease], tmp_path: Path
) -> None:
    changed = replace(releases[0], folder=shutil.copytree(releases[0].folder, tmp_path / "copy"))
    with (changed.folder / "public" / "core.duckdb").open("ab") as file:
        file.write(b"x")
    with pytest.raises(TargetError, match=r"public/core\.duckdb is not what was published"):
        load(settings, changed)
    with psycopg.connect(postgres.dsn(), autocommit=True) as other:
        other.execute("select pg_advisory_lock(hashtext('core load'))")
        with pytest.raises(TargetError, match="another load works on this database"):
            load(settings, releases[0])


@pytest.mark.parametrize(
    ("dsn", "expected"),
    [
        ("postgresql://core_owner:hush@127.0.0.1:{port}/postgres", "authentication failed"),
        ("postgresql://core_owner:hush@127.0.0.1:9/postgres", "refused"),
        ("hush this is none", "no connection string"),
        ("postgresql://core_owner:hush@127.0.0.1:{port}/postgres?nonsense=hush", "no connection string"),
    ],
)
def test_no_secret_in_what_is_told(
    dsn: str, expected: str, postgres: Postgres, releases: list[OpenRelease], tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path / "home", postgres_dsn=dsn.format(port=postgres.port))
    with pytest.raises(TargetError, match=expected) as told:
        load(settings, releases[0])
    assert "hush" not in str(told.value) and "hush" not in repr(settings) and "\n" not in str(told.value)
    error: BaseException | None = told.value
    while error is not None:
        assert "hush" not in str(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def test_a_user_who_may_not_make_roles_is_told_what_to_ask_for(
    postgres: Postgres, releases: list[OpenRelease], tmp_path: Path
) -> None:
    postgres.run(
        "drop role if exists loader",
        "create role loader login password 'p'",
        "grant create on database postgres to loader",
    )
    settings = Settings(home=tmp_path / "home", postgres_dsn=postgres.dsn("loader", "p"))
    with pytest.raises(TargetError, match="create role core_public_reader nologin"):
        load(settings, releases[0])
    postgres.run("create role core_public_reader nologin", "create role core_partner_reader nologin")
    load(settings, releases[0])
    load(settings, releases[1])
    assert postgres.rows("select distinct tableowner::text from pg_tables where schemaname = 'core_public'") == [
        ("loader",)
    ]
    postgres.run("drop owned by loader", "drop role loader")
