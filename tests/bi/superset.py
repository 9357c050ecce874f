"""A Superset of its own: made in a temporary folder, started on loopback, asked over REST, and ended."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.servers import free_ports

PATIENCE_S = 240
ADMIN = "admin"


class Superset:
    """REST of a running Superset."""

    def __init__(self, url: str, password: str) -> None:
        self.url, self.password = url, password
        self._token = ""

    def log_in(self) -> None:
        """Get a token."""
        self._token = self.post(
            "security/login", {"username": ADMIN, "password": self.password, "provider": "db", "refresh": False}
        )["access_token"]

    def get(self, path: str) -> Any:
        """GET below /api/v1."""
        return self._ask(path, None)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """POST below /api/v1."""
        return self._ask(path, body)

    def _ask(self, path: str, body: dict[str, Any] | None) -> Any:
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {self._token}"} if self._token else {}
        )
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", data, headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.code} {error.read().decode()[:2000]}") from error


@contextmanager
def superset(environment: Path, home: Path) -> Iterator[Superset]:
    """Superset from the virtual environment, with its own database in `home`."""
    password = secrets.token_hex(8)
    program = environment / "bin" / "superset"
    variables = {
        **os.environ,
        "SUPERSET_HOME": str(home),
        "SUPERSET_CONFIG_PATH": str(Path(__file__).with_name("superset_config.py")),
        "BI_CHECK_SECRET": secrets.token_hex(32),
        "FLASK_APP": "superset",
        "SCARF_ANALYTICS": "false",
    }
    log = home / "superset.log"
    with log.open("w") as out:
        for command in (
            ["db", "upgrade"],
            ["fab", "create-admin", "--username", ADMIN, "--firstname", "a", "--lastname", "b", "--email", "a@b.invalid",
             "--password", password],
            ["init"],
        ):  # fmt: skip
            done = subprocess.run([program, *command], env=variables, stdout=out, stderr=out, cwd=home, check=False)
            assert done.returncode == 0, f"superset {command[0]}: {log.read_text()[-3000:]}"
        (port,) = free_ports(1)
        server = subprocess.Popen(
            [program, "run", "--host", "127.0.0.1", "--port", str(port), "--with-threads"],
            env=variables, stdout=out, stderr=out, cwd=home,
        )  # fmt: skip
        try:
            _until_healthy(server, f"http://127.0.0.1:{port}/health", log)
            yield Superset(f"http://127.0.0.1:{port}", password)
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _until_healthy(server: subprocess.Popen, url: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        assert server.poll() is None, f"Superset ended: {log.read_text()[-3000:]}"
        try:
            with urllib.request.urlopen(url, timeout=10):
                return
        except OSError as error:
            if time.monotonic() > deadline:
                raise TimeoutError(log.read_text()[-3000:]) from error
            time.sleep(0.5)
