"""What a release was made from: raw to the byte, and the deliveries that were in force."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from pipelines.digest import file_sha256
from pipelines.landing.ledger import Ledger
from pipelines.release.basis import standings
from pipelines.release.manifest import Manifest, ReleaseFile
from pipelines.settings import Settings


@dataclass
class Inputs:
    """`broken` are faults, a line each; `rewritten` raw files that the ledger knows in another form by now.

    `missing`: some raw file is not there, so nothing can be rebuilt. `notes` are decisions and arrivals since, which
    explain themselves and change nothing in a rebuild.
    """

    broken: list[str] = field(default_factory=list)
    rewritten: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    missing: bool = False
    raw: int = 0
    bytes: int = 0


def look_at_inputs(settings: Settings, ledger: Ledger, manifest: Manifest) -> Inputs:
    """Hold raw and ledger to the manifest."""
    found = Inputs(raw=len(manifest.basis.raw), bytes=sum(file.bytes for file in manifest.basis.raw))
    _raw(settings, ledger, manifest, found)
    _deliveries(ledger, manifest, found)
    _restatements(settings, ledger, manifest, found)
    return found


def _restatements(settings: Settings, ledger: Ledger, manifest: Manifest, found: Inputs) -> None:
    """The counts kept with each restatement are those of then; what was restated since is left out."""
    for each in manifest.basis.restatements:
        for name, sha256 in each.sha256.items():
            path = settings.restated / each.counts / name
            what = f"restated/{each.counts}/{name} (kept with the restatement of {each})"
            if not path.is_file():
                found.missing = True
                found.broken.append(f"{what} is gone; take it from a backup")
            elif file_sha256(path) != sha256:
                found.broken.append(f"{what} is not what was written: its SHA-256 differs; take it from a backup")
    then = {(each.district, each.window_code, each.school_year, each.known_on) for each in manifest.basis.restatements}
    for row in ledger.restatements():
        if (row.district, row.window_code, row.school_year, row.known_on) not in then:
            found.notes.append(f"{row.district} {row.snapshot_code} of {row.school_year} was restated since; left out")


def _raw(settings: Settings, ledger: Ledger, manifest: Manifest, found: Inputs) -> None:
    origins: dict[str, str] = {}
    for row in ledger.files():
        origins.setdefault(f"{row.district}/{row.feed}/{row.file_id}.parquet", f"{row.delivery}, {row.path}")
    now = {
        f"{read.file_id}.parquet": read.raw_sha256
        for name in {file.path.split("/")[0] for file in manifest.basis.raw}
        for read in ledger.contents(name).values()
    }

    def look(file: ReleaseFile) -> tuple[str, str] | None:
        path = settings.raw / file.path
        what = f"raw/{file.path} (of {origins.get(file.path, 'a delivery that the ledger does not know')})"
        if not path.is_file():
            return "missing", f"{what} is gone"
        sha256 = file_sha256(path)
        if sha256 == file.sha256:
            return None
        if sha256 == now.get(path.name):
            return "rewritten", f"{what} was written anew since, under a changed contract or by an erasure"
        return "broken", f"{what} is not what was written: its SHA-256 differs; take it from a backup"

    with ThreadPoolExecutor() as pool:
        for told in pool.map(look, manifest.basis.raw):
            if told is None:
                continue
            kind, line = told
            found.missing = found.missing or kind == "missing"
            (found.rewritten if kind == "rewritten" else found.broken).append(line)


def _deliveries(ledger: Ledger, manifest: Manifest, found: Inputs) -> None:
    known = {(row.district, row.delivery, row.path): row.sha256 for row in ledger.files()}
    for file in manifest.inputs:
        sha256 = known.get((file.district, file.delivery, file.path))
        if sha256 != file.sha256:
            what = "is not in the ledger" if sha256 is None else "has other bytes in the ledger"
            found.broken.append(f"{file.district} {file.delivery}: {file.path} {what}")
    before = {(each.district, each.delivery): each for each in manifest.basis.deliveries}
    after = {(each.district, each.delivery): each for each in standings(ledger, manifest.as_of)}
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        name = " ".join(key)
        if old is None and new is not None:
            found.notes.append(f"{name} was recorded since ({new.status}) and is left out")
        elif old is not None and new is None:
            found.broken.append(f"{name} is not in the ledger")
        elif old is not None and new is not None and (old.status, old.known_from) != (new.status, new.known_from):
            found.notes.append(f"{name} was {old.status} then and is {new.status} now; taken as it was then")
