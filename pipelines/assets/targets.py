"""After the release: an asset for each optional target that the settings ask for; none by default."""

from typing import Any

import dagster as dg

from pipelines.assets.release import KEY
from pipelines.night import Night
from pipelines.phases import measured
from pipelines.settings import Settings
from pipelines.targets.errors import TargetError
from pipelines.targets.load import configured, load_target
from pipelines.targets.source import open_release

WHAT = {
    "postgres": (
        "postgresql",
        "Public and partner tables in PostgreSQL: a schema a tier, compared, swapped in one step.",
    ),
    "parquet": ("parquet", "Public and partner Parquet in a folder or bucket; `current.json` is written last."),
}


def target_assets(settings: Settings) -> list[dg.AssetsDefinition]:
    """One asset a target; one that fails stops neither the others nor the release, which is current before."""
    return [_target(name) for name in configured(settings)]


def _target(name: str) -> dg.AssetsDefinition:
    kind, what = WHAT[name]

    @dg.asset(
        key=dg.AssetKey(["target", name]),
        deps=[KEY],
        group_name="targets",
        required_resource_keys={"night"},
        description=f"{what} Tried again by `core load --to {name}`.",
        kinds={kind},
    )
    def target(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
        night: Night = context.resources.night
        if night.published is None:
            raise TargetError("nothing was published in this run; load a release that is there with: core load")
        night.say(f"target {name}: loading")
        try:
            with measured(f"target {name}", night.phases):
                release = open_release(night.settings.published, night.published.release_id)
                said = load_target(night.settings, name, release)
        except TargetError as error:
            night.unloaded.append(str(error))
            # only the words: the stack of calls below holds the connection and what it was made of
            raise dg.Failure(str(error)) from None
        except Exception as error:
            night.unloaded.append(
                f"target {name} broke off ({type(error).__name__}; details: logs/nightly.log). "
                f"Again: core load --to {name}"
            )
            raise
        night.loaded.append(said)
        return dg.MaterializeResult(metadata={"release": release.release_id, "told": said})

    return target
