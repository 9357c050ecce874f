"""`core withdraw`: a kept release is taken back. Its folder goes; its manifest stays in the home, to tell what it was.

Who has copied it has it still: what it showed can be taken from the audit, not out of the world.
"""

from __future__ import annotations

import shutil

from pipelines.errors import WrongAskError
from pipelines.landing.ledger import Ledger
from pipelines.lock import home_lock
from pipelines.release.current import current_release
from pipelines.release.find import find_release
from pipelines.settings import Settings

PRIVATE = 0o700


def withdraw(settings: Settings, asked: str, reason: str) -> list[str]:
    """Remove a kept release, and note it in the ledger; returns what to say.

    Raises:
        WrongAskError: no such release, or several, or the current one.
        HomeBusyError: a run works on the home.
    """
    with home_lock(settings.home):
        folder = find_release(settings.published, asked)
        if folder.resolve() == current_release(settings.published):
            raise WrongAskError(
                f"{folder.name} is current: make another one current first (core rollback, or core run with news)"
            )
        kept = settings.home / "withdrawn"
        kept.mkdir(mode=PRIVATE, exist_ok=True)
        with Ledger(settings.ledger_path) as ledger, ledger.transaction():
            ledger.add_withdrawal(folder.name, reason)
            manifest = folder / "manifest.json"
            if manifest.is_file():
                shutil.copyfile(manifest, kept / f"{folder.name}.json")
            shutil.rmtree(folder)
    return [
        f"withdrawn: {folder.name}; its manifest is kept in {kept.name}/{folder.name}.json",
        "who has copied it has it still",
    ]
