"""Target: PostgreSQL, a schema a tier. A new schema is filled and compared beside the old one; two names are swapped.

Whoever reads meets the old release or the new one. The order: shadow schema, tables by COPY, keys, comments, rights,
comparison; then, in one transaction, the live schemas are renamed away and the shadows take their names; then the old
ones are dropped. What broke off before the swap has changed nothing that readers see; the next load clears it away.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql

from pipelines.settings import OpenTier, Settings
from pipelines.targets.errors import TargetError, without_secrets
from pipelines.targets.postgres_schema import MARK, Schema, fill, release_of
from pipelines.targets.source import OpenRelease

CONNECT_S = 10
# below PostgreSQL's deadlock_timeout of a second: who waits for us and holds what we want is never the one to be ended
LOCK_MS = 500
SWAP_TRIES, DROP_TRIES = 600, 60


@dataclass(frozen=True)
class _Names:
    """A tier's schema, the one being filled, and the one on its way out."""

    tier: OpenTier
    live: str
    reader: str

    @property
    def shadow(self) -> str:
        return f"{self.live}__next"

    @property
    def old(self) -> str:
        return f"{self.live}__old"


def load(settings: Settings, release: OpenRelease) -> str:
    """Load a release's open tiers into the schemas of CORE_POSTGRES_SCHEMAS; returns what to say.

    Raises TargetError; the schemas then hold what they held before.
    """
    tiers = [_names(settings, tier) for tier in settings.postgres_schemas]
    if len({tier.live for tier in tiers}) < len(tiers):
        raise TargetError("CORE_POSTGRES_SCHEMAS gives two tiers one schema")
    with _connected(settings) as con:
        _alone(con)
        for tier in tiers:
            _clear(con, tier)
        loaded = {tier: _prepare(con, release, tier) for tier in tiers}
        before = _swap(con, tiers)
        left = [tier.old for tier in tiers if tier.tier in before and not _drop(con, tier.old)]
    tables, rows = sum(each[0] for each in loaded.values()), sum(each[1] for each in loaded.values())
    still = f"; {', '.join(left)} still read by somebody, dropped by the next load" if left else ""
    schemas = ", ".join(tier.live for tier in tiers)
    return f"schemas {schemas}: {tables} tables, {rows:,} rows, compared, swapped{still}"


def _names(settings: Settings, tier: OpenTier) -> _Names:
    if tier not in settings.postgres_readers:
        raise TargetError(f"CORE_POSTGRES_READERS names no role for the tier {tier}")
    return _Names(tier, settings.postgres_schemas[tier], settings.postgres_readers[tier])


@contextmanager
def _connected(settings: Settings) -> Iterator[psycopg.Connection]:
    """A connection that commits each statement; what PostgreSQL says against us becomes a TargetError."""
    dsn = settings.postgres_dsn.get_secret_value() if settings.postgres_dsn else ""
    try:
        parts = psycopg.conninfo.conninfo_to_dict(dsn)
    except psycopg.ProgrammingError:
        # the text of the error repeats what it could not read
        raise TargetError("CORE_POSTGRES_DSN is no connection string of PostgreSQL (postgresql://...)") from None
    password = str(parts.get("password") or "")
    parts = {"connect_timeout": CONNECT_S, "application_name": "core load", **parts}
    try:
        with psycopg.connect(**parts, autocommit=True) as con:  # type: ignore[arg-type]
            encoding = con.info.parameter_status("server_encoding")
            if encoding != "UTF8":
                raise TargetError(f"the database is encoded as {encoding}; UTF8 is needed")
            yield con
    except psycopg.Error as error:
        said = error.diag.message_primary or str(error)
        raise TargetError(
            f"PostgreSQL says: {without_secrets(said, dsn, password)}. Readers still have what they had; look at "
            "CORE_POSTGRES_DSN, the server and the rights of its user"
        ) from None


def _alone(con: psycopg.Connection) -> None:
    """One load at a time in a database, from whatever home; ends with the connection."""
    if not con.execute("select pg_try_advisory_lock(hashtext('core load'))").fetchall()[0][0]:
        raise TargetError("another load works on this database; wait until it ends")


def _clear(con: psycopg.Connection, tier: _Names) -> None:
    """Refuse what is not ours or what others build on; drop what an earlier load left behind."""
    for schema in (tier.live, tier.shadow, tier.old):
        found = con.execute(
            "select coalesce(obj_description(oid, 'pg_namespace'), '') from pg_namespace where nspname = %s", [schema]
        ).fetchone()
        if found and not found[0].startswith(MARK):
            raise TargetError(
                f"there is a schema {schema} that no load has made; it is left alone: name another in "
                "CORE_POSTGRES_SCHEMAS, or rename it"
            )
    built_on = con.execute(_DEPENDENTS, [[tier.live, tier.shadow, tier.old]]).fetchall()
    if built_on:
        raise TargetError(
            f"{', '.join(name for (name,) in built_on)} would keep to the old tables of {tier.live} and go with them: "
            "drop it and query by name, or keep it in the tool that asks"
        )
    for schema in (tier.shadow, tier.old):
        if not _drop(con, schema):
            raise TargetError(f"{schema} of an earlier load is still read by somebody; end that, then load again")


# views and the like outside a schema that are built on its tables
_DEPENDENTS = """
    select distinct format('%%s %%I.%%I', case v.relkind when 'm' then 'materialized view' else 'view' end,
        vn.nspname, v.relname)
    from pg_depend as d
    join pg_rewrite as r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass
    join pg_class as v on v.oid = r.ev_class
    join pg_namespace as vn on vn.oid = v.relnamespace
    join pg_class as t on t.oid = d.refobjid and d.refclassid = 'pg_class'::regclass
    join pg_namespace as tn on tn.oid = t.relnamespace
    where tn.nspname = any(%s) and vn.oid <> tn.oid
    order by 1
"""


def _prepare(con: psycopg.Connection, release: OpenRelease, tier: _Names) -> tuple[int, int]:
    """Fill the shadow schema and compare it with the release; returns tables and rows."""
    release.check_file(f"{tier.tier}/core.duckdb")
    _role(con, tier.reader)
    with release.connected(tier.tier) as source:
        schema = Schema(con, source, tier.shadow, release.manifest.tables[tier.tier])
        found = fill(schema, release, tier.tier)
    reader, name = sql.Identifier(tier.reader), sql.Identifier(tier.shadow)
    con.execute(sql.SQL("grant usage on schema {} to {}").format(name, reader))
    con.execute(sql.SQL("grant select on all tables in schema {} to {}").format(name, reader))
    return found


def _role(con: psycopg.Connection, role: str) -> None:
    """The role that may read; people and tools are made members of it."""
    if con.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone():
        return
    try:
        con.execute(sql.SQL("create role {} nologin").format(sql.Identifier(role)))
    except psycopg.errors.InsufficientPrivilege:
        raise TargetError(
            f"there is no role {role}, and this user may not make it; once, by an administrator: "
            f"create role {role} nologin"
        ) from None


def _swap(con: psycopg.Connection, tiers: list[_Names]) -> set[OpenTier]:
    """Give the shadow schemas the live names, all in one transaction; returns the tiers that had a live one.

    The old `release` tables are locked first: a transaction that has read one of them sees its release to the end.
    """
    live = {tier.tier for tier in tiers if release_of(con, tier.live) is not None}
    for _ in range(SWAP_TRIES):
        try:
            with con.transaction():
                con.execute(sql.SQL("set local lock_timeout = {}").format(sql.Literal(LOCK_MS)))
                for tier in tiers:
                    if tier.tier in live:
                        con.execute(
                            sql.SQL("lock table {} in access exclusive mode").format(
                                sql.Identifier(tier.live, "release")
                            )
                        )
                        con.execute(_rename(tier.live, tier.old))
                    con.execute(_rename(tier.shadow, tier.live))
            return live
        except psycopg.errors.LockNotAvailable:
            # readers that queued behind us go first, then we ask again
            continue
    raise TargetError(
        f"a transaction that reads the old release has been open for {SWAP_TRIES * LOCK_MS // 60_000} minutes "
        f"({_holders(con, tiers)}); end it, then load again"
    )


def _rename(before: str, after: str) -> sql.Composed:
    return sql.SQL("alter schema {} rename to {}").format(sql.Identifier(before), sql.Identifier(after))


def _holders(con: psycopg.Connection, tiers: list[_Names]) -> str:
    pids = con.execute(
        "select distinct l.pid from pg_locks as l join pg_class as c on c.oid = l.relation "
        "join pg_namespace as n on n.oid = c.relnamespace where n.nspname = any(%s) and l.pid <> pg_backend_pid() "
        "order by 1",
        [[tier.live for tier in tiers]],
    ).fetchall()
    return "server processes " + (", ".join(str(pid) for (pid,) in pids) or "unknown")


def _drop(con: psycopg.Connection, schema: str) -> bool:
    """Drop a schema of ours once nobody reads it any more; False if somebody goes on reading."""
    for _ in range(DROP_TRIES):
        try:
            with con.transaction():
                con.execute(sql.SQL("set local lock_timeout = {}").format(sql.Literal(LOCK_MS)))
                con.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(schema)))
            return True
        except psycopg.errors.LockNotAvailable:
            continue
    return False
