"""Target: Parquet in a folder or in a bucket that speaks S3. A pointer is written last, so readers see whole releases.

    <prefix>/current.json                                      which release to read, and its manifests
    <prefix>/<release_id>/<tier>/manifest.json and <table>.parquet

A manifest stands beside the tables of its tier and speaks of that tier alone: who may read `*/public/` learns nothing
of the others.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from pyarrow import fs

from pipelines.digest import BLOCK
from pipelines.settings import OpenTier, Settings
from pipelines.targets.errors import TargetError, without_secrets
from pipelines.targets.source import OpenRelease

POINTER, MANIFEST = "current.json", "manifest.json"
RELEASE_ID = re.compile(r"\d{8}T\d{6}\.\d{6}Z")
S3 = "s3://"
CONNECT_S, REQUEST_S = 10, 60


def load(settings: Settings, release: OpenRelease) -> str:
    """Write a release's open tiers below CORE_PARQUET_TARGET and point at it; returns what to say.

    Raises TargetError; the pointer then still names what it named before.
    """
    target = str(settings.parquet_target)
    secrets = [value.get_secret_value() for value in (settings.s3_access_key, settings.s3_secret_key) if value]
    try:
        store = _Store(*_place(settings, target))
        written = {tier: _write_tier(store, release, tier) for tier in settings.parquet_tiers}
        store.replace(POINTER, _json(_pointer(release, written)))
        gone = _remove_old(store, settings.keep_releases)
    except OSError as error:
        raise TargetError(
            f"{target}: {without_secrets(str(error), *secrets)}. What current.json named before is untouched; look at "
            "CORE_PARQUET_TARGET, CORE_S3_* and the rights there"
        ) from None
    tables = sum(len(manifest["files"]) for manifest in written.values())
    size = sum(file["bytes"] for manifest in written.values() for file in manifest["files"])
    removed = f", {len(gone)} old removed" if gone else ""
    return f"{target}: {tables} tables, {size:,} bytes, read back{removed}"


class _Store:
    """A prefix in a file system of pyarrow."""

    def __init__(self, files: fs.FileSystem, prefix: str) -> None:
        self._files, self._prefix = files, prefix
        self._is_local = isinstance(files, fs.LocalFileSystem)

    def put(self, path: str, content: IO[bytes]) -> None:
        """Write a file; its folder is made."""
        self._make_folder(path)
        with self._files.open_output_stream(self._full(path)) as out:
            while block := content.read(BLOCK):
                out.write(block)

    def replace(self, path: str, content: bytes) -> None:
        """Write a file in one step: a reader sees the old or the new one. An object of S3 is such a step by itself."""
        place = f"{path}.new" if self._is_local else path
        self._make_folder(path)
        with self._files.open_output_stream(self._full(place)) as out:
            out.write(content)
        if self._is_local:
            Path(self._full(place)).replace(self._full(path))

    def sha256(self, path: str) -> tuple[int, str]:
        """Size and SHA-256 of what stands there, read from the target itself."""
        digest, size = hashlib.sha256(), 0
        with self._files.open_input_stream(self._full(path)) as stored:
            while block := stored.read(BLOCK):
                digest.update(block)
                size += len(block)
        return size, digest.hexdigest()

    def read(self, path: str) -> bytes | None:
        """What stands there, or None."""
        if self._files.get_file_info(self._full(path)).type != fs.FileType.File:
            return None
        with self._files.open_input_stream(self._full(path)) as stored:
            return bytes(stored.read())

    def folders(self) -> Iterator[str]:
        """Names of the folders of releases; what else stands below the prefix is not ours."""
        for found in self._files.get_file_info(fs.FileSelector(self._prefix, allow_not_found=True)):
            if found.type == fs.FileType.Directory and RELEASE_ID.fullmatch(found.base_name):
                yield found.base_name

    def remove(self, folder: str) -> None:
        """Remove a folder with all in it."""
        self._files.delete_dir(self._full(folder))

    def _make_folder(self, path: str) -> None:
        # buckets have no folders: a marker would only be an empty object more
        if self._is_local:
            Path(self._full(path)).parent.mkdir(parents=True, exist_ok=True)

    def _full(self, path: str) -> str:
        return f"{self._prefix}/{path}"


def _place(settings: Settings, target: str) -> tuple[fs.FileSystem, str]:
    if not target.startswith(S3):
        return fs.LocalFileSystem(), str(Path(target).absolute())
    prefix = target.removeprefix(S3).strip("/")
    if not prefix:
        raise TargetError("CORE_PARQUET_TARGET names no bucket; expected s3://bucket/prefix")
    # what is not given here comes from the usual AWS variables, files and roles
    options: dict[str, Any] = {"connect_timeout": CONNECT_S, "request_timeout": REQUEST_S}
    if settings.s3_endpoint:
        scheme, _, host = settings.s3_endpoint.rpartition("://")
        options |= {"endpoint_override": host.rstrip("/"), "scheme": scheme or "https"}
    if settings.s3_region:
        options["region"] = settings.s3_region
    if bool(settings.s3_access_key) != bool(settings.s3_secret_key):
        raise TargetError("CORE_S3_ACCESS_KEY and CORE_S3_SECRET_KEY belong together; one of them is missing")
    if settings.s3_access_key and settings.s3_secret_key:
        options["access_key"] = settings.s3_access_key.get_secret_value()
        options["secret_key"] = settings.s3_secret_key.get_secret_value()
    return fs.S3FileSystem(**options), prefix


def _write_tier(store: _Store, release: OpenRelease, tier: OpenTier) -> dict[str, Any]:
    """Write a tier's tables and its manifest, each read back and compared; returns the manifest."""
    listed = {file.path: file for file in release.manifest.files}
    files = []
    for table in sorted(release.manifest.tables[tier]):
        source = f"{tier}/parquet/{table}.parquet"
        release.check_file(source)
        path = f"{release.release_id}/{tier}/{table}.parquet"
        with release.parquet(tier, table).open("rb") as content:
            store.put(path, content)
        if store.sha256(path) != (listed[source].bytes, listed[source].sha256):
            raise TargetError(f"{path} does not read back as it was written; current.json is untouched: core load")
        files.append({"path": f"{table}.parquet", "sha256": listed[source].sha256, "bytes": listed[source].bytes})
    told = release.manifest.model_dump(mode="json")
    kept = ("release_id", "created_at", "as_of", "contract_version", "rule_set", "code_version", "is_synthetic")
    manifest = {name: told[name] for name in kept}
    manifest |= {"tier": tier, "files": files, "tables": told["tables"][tier]}
    store.replace(f"{release.release_id}/{tier}/{MANIFEST}", _json(manifest))
    return manifest


def _pointer(release: OpenRelease, written: dict[OpenTier, dict[str, Any]]) -> dict[str, Any]:
    return {
        "release_id": release.release_id,
        "as_of": release.manifest.as_of.isoformat(),
        "contract_version": release.manifest.contract_version,
        "is_synthetic": release.manifest.is_synthetic,
        "manifests": {
            tier: {
                "path": f"{release.release_id}/{tier}/{MANIFEST}",
                "sha256": hashlib.sha256(_json(manifest)).hexdigest(),
            }
            for tier, manifest in written.items()
        },
    }


def _remove_old(store: _Store, keep: int) -> list[str]:
    """Remove releases beyond the newest `keep`; never the one that is pointed at."""
    pointed = json.loads(store.read(POINTER) or b"{}").get("release_id")
    old = [name for name in sorted(store.folders())[: -max(keep, 1)] if name != pointed]
    for name in old:
        store.remove(name)
    return old


def _json(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()
