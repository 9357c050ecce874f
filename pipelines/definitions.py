"""All that Dagster loads, on one page: districts, raw, dbt, checks, release, targets; one job, schedule, sensor."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import dagster as dg

from pipelines.assets.checks import suite_checks
from pipelines.assets.intake import district_assets
from pipelines.assets.release import release_asset
from pipelines.assets.schedule import delivery_sensor, nightly_schedule
from pipelines.assets.targets import target_assets
from pipelines.assets.warehouse import Dbt, dbt_models, raw_assets, read_manifest_json
from pipelines.dagster_home import hasten_history
from pipelines.dbt_project import DBT, DBT_PROJECT, Parsing
from pipelines.landing.contract import load_contracts
from pipelines.night import Night, open_night
from pipelines.settings import Settings

JOB = "nightly"


def build_definitions(
    settings: Settings,
    say: Callable[[str], None] | None = None,
    seen: Callable[[Night], None] | None = None,
    parsing: Parsing | None = None,
) -> dg.Definitions:
    """Everything for these settings; `say` gets progress lines (else Dagster's log), `seen` the run's state.

    `parsing`: the dbt project's, if it was begun before. Raises CannotRunError if it cannot be parsed, ContractError if
    a contract is wrong.
    """
    contracts = load_contracts(settings.contracts)
    path = (parsing or Parsing(settings)).finished()
    manifest = read_manifest_json(path)
    job = dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.all(),
        description="From what districts delivered to a checked, published release. `core run` runs this very job.",
        # DuckDB lets one process write: all steps run in this one, one after another
        executor_def=dg.in_process_executor,
    )
    return dg.Definitions(
        assets=[
            *(district_assets(contract) for contract in contracts.values()),
            raw_assets(manifest, contracts),
            dbt_models(path),
            release_asset(manifest),
            *target_assets(settings),
        ],
        asset_checks=suite_checks(),
        jobs=[job],
        schedules=[nightly_schedule(JOB, settings)],
        sensors=[delivery_sensor(JOB, settings)],
        resources={
            "night": _night(settings, say, seen),
            "dbt": Dbt(project_dir=str(DBT_PROJECT), profiles_dir=str(DBT_PROJECT), dbt_executable=str(DBT)),
        },
        executor=dg.in_process_executor,
    )


def _night(
    settings: Settings, say: Callable[[str], None] | None, seen: Callable[[Night], None] | None
) -> dg.ResourceDefinition:
    @dg.resource(
        config_schema={
            "as_of": dg.Field(str, default_value="", description="YYYY-MM-DD; today in Los Angeles if empty"),
            "districts": dg.Field(
                [str], default_value=[], description="look for deliveries of these alone; all if empty"
            ),
        },
        description="What the steps of a run share; takes the home's lock, so that two runs never meet.",
    )
    def night(context: dg.InitResourceContext) -> Iterator[Night]:
        config: dict[str, Any] = context.resource_config
        as_of = dt.date.fromisoformat(config["as_of"]) if config["as_of"] else settings.effective_as_of()
        tell = say or (context.log.info if context.log else print)
        with open_night(settings, as_of, config["districts"], context.run_id or "", tell) as opened:
            if seen:
                seen(opened)
            yield opened

    return night


def __getattr__(name: str) -> dg.Definitions:
    """`defs` for Dagster's code server, made from the environment when it is asked for, not when `core run` imports."""
    if name == "defs":
        hasten_history()
        return build_definitions(Settings())
    raise AttributeError(name)
