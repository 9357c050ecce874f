"""`core load`: a release into its targets, by hand: after a target has failed, was added, or a release rolled back."""

from __future__ import annotations

from pipelines.errors import WrongAskError
from pipelines.lock import home_lock
from pipelines.settings import Settings
from pipelines.targets.errors import TargetError
from pipelines.targets.load import LOADERS, configured, load_target
from pipelines.targets.source import open_release

HOW = "CORE_POSTGRES_DSN or CORE_PARQUET_TARGET asks for one (docs/bi.md)"


def load(settings: Settings, asked: str, only: str | None) -> tuple[list[str], bool]:
    """Load the release `asked` into every target, or into one; returns what to say, and whether all succeeded.

    Raises:
        WrongAskError: no such release, or no such target, or it is not configured.
        DamagedError: the release cannot be read.
        HomeBusyError: a run works on the home.
    """
    names = configured(settings)
    if only is not None and only not in LOADERS:
        raise WrongAskError(f"no target {only!r}; there are {', '.join(LOADERS)}")
    if not names or (only and only not in names):
        raise WrongAskError(f"{f'target {only}' if only else 'a target'} is not configured: {HOW}")
    lines, all_well = [], True
    # a run would remove old releases, and load its own
    with home_lock(settings.home):
        release = open_release(settings.published, asked)
        for name in [only] if only else names:
            try:
                lines.append(load_target(settings, name, release))
            except TargetError as error:
                lines.append(f"FAILED: {error}")
                all_well = False
    return lines, all_well
