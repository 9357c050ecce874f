"""The warehouse's assets: schema raw (one asset per dbt source table), then the whole dbt project.

dbt runs as a process of its own, so our connection is closed before it starts.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, dbt_assets
from packaging.version import Version

from pipelines.assets.dbt_verdicts import elapsed, read_verdicts
from pipelines.assets.intake import feed_key
from pipelines.dbt_project import dbt_environment, dbt_target
from pipelines.landing.contract import Contract
from pipelines.landing.raw_schema import build_raw_schema
from pipelines.night import Night
from pipelines.phases import DBT_START, measured, split

EVERY_MODELS = 25
# Nightly, dbt asks what a lane or a movement means (dbt_project/tests). Grains, keys and accepted values are asked of
# what is published by Great Expectations, in a tenth of the time, and of every model by `make test` on the sample
LEFT_TO_TESTS = "resource_type:test,test_type:generic"


class Dbt(DbtCliResource):
    """dagster-dbt's resource without two costs of each call: `dbt --version` as a process (4 s) and an adapter (4 s).

    The version is that of the installed package; the adapter would only fetch column types, which are in the yml.
    """

    @property
    def _cli_version(self) -> Version:
        return Version(metadata.version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> Any:
        return None


class Translator(DagsterDbtTranslator):
    """Asset keys are schema and table; groups are the rooms that a row passes through."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """[schema, name in the database]."""
        name = dbt_resource_props.get("alias") or dbt_resource_props.get("identifier") or dbt_resource_props["name"]
        return dg.AssetKey([dbt_resource_props["schema"], name])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """staging_<system>, harmonized, on_track, published_<tier>, rules (seeds)."""
        if dbt_resource_props["resource_type"] == "seed":
            return "rules"
        folders = dbt_resource_props["fqn"][1:-1]
        if not folders:
            return None
        return "_".join(folders[:2]) if folders[0] in ("staging", "published") else str(folders[0])


def raw_assets(manifest: Mapping[str, Any], contracts: Mapping[str, Contract]) -> dg.AssetsDefinition:
    """Schema raw: one asset per table that the dbt project reads, made from the feeds of its system's districts."""
    translator = Translator()
    feeds: dict[str, list[dg.AssetKey]] = {}
    for name, contract in contracts.items():
        for feed in contract.files:
            feeds.setdefault(f"{contract.system}__{feed.feed}", []).append(feed_key(name, feed.feed))
    everything = [feed_key(name, feed.feed) for name, contract in contracts.items() for feed in contract.files]
    specs = [
        dg.AssetSpec(
            translator.get_asset_key(source),
            # small tables of raw (district, delivery, run, ...) come from every delivery
            deps=feeds.get(source["name"], []) if "__" in source["name"] else everything,
            group_name="raw",
            description=source["description"]
            or f"All districts of the system together: {source['name']}, in force when.",
            kinds={"duckdb", "view" if "__" in source["name"] else "table"},
        )
        for source in manifest["sources"].values()
    ]

    @dg.multi_asset(name="raw", specs=specs, required_resource_keys={"night"})
    def raw(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        night: Night = context.resources.night
        night.say(f"raw: views on what was in force on {night.as_of}")
        with measured("raw", night.phases), night.ledger() as ledger:
            build_raw_schema(night.engine, night.settings, night.contracts, ledger, night.as_of)
        night.close_engine()
        for spec in specs:
            yield dg.MaterializeResult(asset_key=spec.key)

    return raw


def dbt_models(manifest: Path) -> dg.AssetsDefinition:
    """The whole dbt project in one build, in dbt's own order; its tests are asset checks. Unit tests belong to CI."""

    @dbt_assets(
        manifest=manifest,
        name="dbt_build",
        exclude=LEFT_TO_TESTS,
        dagster_dbt_translator=Translator(),
        required_resource_keys={"night", "dbt"},
    )
    def dbt_build(context: dg.AssetExecutionContext) -> Iterator[Any]:
        night: Night = context.resources.night
        dbt: Dbt = context.resources.dbt
        night.close_engine()
        os.environ.update(dbt_environment(night.settings))
        invocation = dbt.cli(
            ["build", "--exclude-resource-type", "unit_test", "--indirect-selection", "eager"],
            context=context,
            target_path=dbt_target(night.settings),
            raise_on_error=False,
        )
        models = 0
        with measured("dbt", night.phases):
            for event in invocation.stream():
                if isinstance(event, dg.Output | dg.AssetMaterialization):
                    models += 1
                    if models % EVERY_MODELS == 0:
                        night.say(f"dbt: {models} models and seeds built")
                yield event
        night.phases += split(night.phases.pop(), DBT_START, elapsed(dbt_target(night.settings) / "run_results.json"))
        night.dbt_checks = read_verdicts(dbt_target(night.settings) / "run_results.json")
        night.say(f"dbt: {models} models and seeds built, {len(night.dbt_checks)} tests asked")
        failed = [check for check in night.dbt_checks if check.status != "passed" and check.severity == "error"]
        night.trouble += [f"dbt test {check.name}: {check.failed:,} rows" for check in failed]
        if not invocation.is_successful():
            error = invocation.get_error()
            if not failed:
                night.trouble.append(f"dbt stopped: see {dbt_target(night.settings) / 'dbt.log'}")
            raise error or dg.Failure("dbt did not succeed")

    return dbt_build


def read_manifest_json(path: Path) -> dict[str, Any]:
    """manifest.json as plain types."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def lineage(manifest: Mapping[str, Any]) -> dict[str, list[str]]:
    """Parents of each model, as schema.table."""
    nodes = {**manifest["nodes"], **manifest["sources"]}

    def name(unique_id: str) -> str:
        node = nodes[unique_id]
        return f"{node['schema']}.{node.get('alias') or node['name']}"

    return {
        name(unique_id): sorted({name(parent) for parent in node["depends_on"]["nodes"] if parent in nodes})
        for unique_id, node in nodes.items()
        if node["resource_type"] == "model"
    }
