"""`core verify`: is a release what was published, and does it come out again? In lines for a person."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from pipelines.key import has_key
from pipelines.landing.ledger import Ledger
from pipelines.nightly import Ending, Exit
from pipelines.release.find import find_release, read_release
from pipelines.release.integrity import file_differences
from pipelines.release.manifest import Manifest
from pipelines.settings import Settings
from pipelines.verify.causes import causes, made_by
from pipelines.verify.inputs import Inputs, look_at_inputs

SHOWN = 20
MEGABYTE = 1_000_000


def verify(settings: Settings, asked: str, files_only: bool, say: Callable[[str], None]) -> Ending:
    """Files, inputs and (unless `files_only`) a rebuild. Status DONE if all is the same, FAILED if anything differs.

    Raises WrongAskError (no such release) or CannotRunError (its manifest cannot be read, nothing can be rebuilt).
    """
    folder = find_release(settings.published, asked)
    manifest = read_release(folder)
    kind = "synthetic data" if manifest.is_synthetic else "real data"
    say(f"{manifest.release_id} as of {manifest.as_of} ({kind}), made by {made_by(manifest)}")
    lines = []
    damaged = file_differences(folder, manifest)
    size = f"{sum(file.bytes for file in manifest.files) / MEGABYTE:,.0f} MB"
    lines += _section(f"files of the release: {len(manifest.files)}, {size}", damaged)
    with Ledger(settings.ledger_path) as ledger:
        inputs = look_at_inputs(settings, ledger, manifest)
    size = f"{inputs.bytes / MEGABYTE:,.0f} MB"
    lines += _section(
        f"inputs: {len(manifest.inputs):,} files in force; raw: {inputs.raw:,} files, {size}", inputs.broken
    )
    lines += _some("note", inputs.notes) + _some("rewritten", inputs.rewritten)
    failed = bool(damaged or inputs.broken)
    if files_only:
        lines.append("not rebuilt (--files-only)")
        failed = failed or bool(inputs.rewritten)
    elif damaged or inputs.broken:
        lines.append("not rebuilt: what it would be compared with, or made from, is not as it was")
    else:
        differs, told = _rebuild(settings, folder, manifest, inputs, say)
        lines += told
        failed = differs
    verdict = f"DIFFERS: {manifest.release_id} is not what it was" if failed else f"SAME: {manifest.release_id}"
    return Ending(Exit.FAILED if failed else Exit.DONE, [*lines, verdict])


def _rebuild(
    settings: Settings, folder: Path, manifest: Manifest, inputs: Inputs, say: Callable[[str], None]
) -> tuple[bool, list[str]]:
    from pipelines.verify.compare import compare
    from pipelines.verify.rebuild import rebuilt

    say("rebuilding from raw in a temporary home")
    began = time.monotonic()
    same_key = has_key(settings, manifest.key_fingerprint)
    with rebuilt(settings, manifest) as con:
        say("comparing")
        found = compare(con, folder, manifest, same_key)
    seconds = time.monotonic() - began
    lines = _section(
        f"rebuild: {found.tables} tables, {found.rows:,} rows in {seconds:.0f} s",
        [str(difference) for difference in found.differences],
    )
    if found.without_key:
        lines.append(f"  {found.without_key} tables were compared without student_key: the key is another")
    if found.differences or not same_key:
        lines += [f"likely cause: {cause}" for cause in causes(settings, manifest, inputs, same_key)]
    return bool(found.differences), lines


def _section(head: str, faults: list[str]) -> list[str]:
    """A heading with its verdict, then what is wrong."""
    return [f"{head}: {'the same' if not faults else f'{len(faults)} differ'}", *_some("differs", faults)]


def _some(word: str, lines: list[str]) -> list[str]:
    return list(_shortened(word, lines))


def _shortened(word: str, lines: list[str]) -> Iterator[str]:
    for line in lines[:SHOWN]:
        yield f"  {word}: {line}"
    if len(lines) > SHOWN:
        yield f"  and {len(lines) - SHOWN} more"
