"""Is a release still what its manifest says, to the byte?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pipelines.digest import file_sha256
from pipelines.release.manifest import Manifest, ReleaseFile


def file_differences(release: Path, manifest: Manifest) -> list[str]:
    """What is missing, changed or too many among the files of a release, a line a file; empty if nothing."""
    found = {path.relative_to(release).as_posix(): path for path in release.rglob("*") if path.is_file()}
    found.pop("manifest.json", None)
    listed = {file.path for file in manifest.files}

    def compare(file: ReleaseFile) -> str | None:
        path = found.get(file.path)
        if path is None:
            return f"{file.path} is missing"
        size = path.stat().st_size
        if size != file.bytes:
            return f"{file.path} has {size:,} bytes; {file.bytes:,} were published"
        return (
            None if file_sha256(path) == file.sha256 else f"{file.path} is not what was published (its SHA-256 differs)"
        )

    # hashing waits for the disk and leaves Python alone: as many at a time as the pool likes
    with ThreadPoolExecutor() as pool:
        differing = [line for line in pool.map(compare, manifest.files) if line is not None]
    return differing + [f"{path} was not published" for path in sorted(found.keys() - listed)]
