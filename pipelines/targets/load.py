"""Load a release into the targets that are configured. A failure never harms the release, and can be tried again."""

from __future__ import annotations

from collections.abc import Callable

from pipelines.landing.ledger import Ledger
from pipelines.settings import Settings
from pipelines.targets.errors import TargetError
from pipelines.targets.source import OpenRelease


def _postgres(settings: Settings, release: OpenRelease) -> str:
    from pipelines.targets.postgres import load

    return load(settings, release)


def _parquet(settings: Settings, release: OpenRelease) -> str:
    from pipelines.targets.parquet import load

    return load(settings, release)


LOADERS: dict[str, Callable[[Settings, OpenRelease], str]] = {"postgres": _postgres, "parquet": _parquet}


def configured(settings: Settings) -> list[str]:
    """Names of the targets that the settings ask for; none by default."""
    asked = {"postgres": settings.postgres_dsn, "parquet": settings.parquet_target}
    return [name for name in LOADERS if asked[name]]


def load_target(settings: Settings, name: str, release: OpenRelease) -> str:
    """Load a release into one target and note in the ledger what came of it; returns what to say.

    Raises TargetError: says what is wrong and how to try again; noted too.
    """
    try:
        said = LOADERS[name](settings, release)
    except TargetError as error:
        failure = TargetError(f"target {name} was not loaded: {error}. Again: core load --to {name}")
        with Ledger(settings.ledger_path) as ledger:
            ledger.note_target(name, release.release_id, "failed", str(failure))
        raise failure from None
    with Ledger(settings.ledger_path) as ledger:
        ledger.note_target(name, release.release_id, "loaded", said)
    return f"target {name}: {release.release_id} loaded; {said}"
