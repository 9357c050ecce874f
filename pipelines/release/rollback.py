"""`core rollback`: an old release is current again. One link is swapped; nothing is computed, and nothing is lost.

The next night without news leaves it so; a night with news publishes a new release, which is current from then on: the
cause has to be mended first (`core hold`, a contract, code).
"""

from __future__ import annotations

from pipelines.landing.ledger import Ledger
from pipelines.lock import home_lock
from pipelines.release.current import current_release, make_current
from pipelines.release.find import DamagedError, find_release, read_release
from pipelines.release.integrity import file_differences
from pipelines.settings import Settings

SHOWN = 5
THEN = (
    "a night without news leaves it so; the next news (a delivery, a decision, a contract, code) publish a new "
    "release: mend the cause first, such as with core hold"
)


def rollback(settings: Settings, asked: str, reason: str) -> list[str]:
    """Make the release `asked` current, and note it in the ledger; returns what to say.

    Raises:
        WrongAskError: no such release, or several.
        DamagedError: the release is not what its manifest says; `current` stays.
        HomeBusyError: a run works on the home.
    """
    with home_lock(settings.home):
        folder = find_release(settings.published, asked)
        manifest = read_release(folder)
        current = current_release(settings.published)
        before = current.name if current else "none"
        if before == folder.name:
            return [f"{folder.name} is current already"]
        if differing := file_differences(folder, manifest):
            more = f" and {len(differing) - SHOWN} more" if len(differing) > SHOWN else ""
            raise DamagedError(
                f"{folder.name} is damaged, {before} stays current: {'; '.join(differing[:SHOWN])}{more}. "
                "Take its folder from a backup, or choose another release (core releases)"
            )
        with Ledger(settings.ledger_path) as ledger, ledger.transaction():
            ledger.add_rollback(before, folder.name, reason)
            make_current(settings.published, folder.name)
    return [f"current: {folder.name} as of {manifest.as_of} (before: {before})", THEN]
