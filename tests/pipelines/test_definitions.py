"""The real load: every contract, every dbt model, every check, one job; and a failing check stops the release."""

from __future__ import annotations

import json
from pathlib import Path

import dagster as dg
import pytest

from pipelines.assets.dbt_verdicts import read_verdicts
from pipelines.assets.warehouse import Translator
from pipelines.dbt_project import Parsing
from pipelines.definitions import JOB, build_definitions
from pipelines.landing.contract import load_contracts
from pipelines.settings import Settings


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def definitions(settings: Settings) -> dg.Definitions:
    return build_definitions(settings)


@pytest.fixture(scope="module")
def manifest(settings: Settings) -> dict:
    return json.loads(Parsing(settings).finished().read_text())


def test_each_district_has_its_delivery_and_its_feeds(definitions: dg.Definitions, settings: Settings) -> None:
    keys = {key.to_user_string() for key in definitions.resolve_all_asset_keys()}
    for name, contract in load_contracts(settings.contracts).items():
        assert {f"{name}/delivery", *(f"{name}/{feed.feed}" for feed in contract.files)} <= keys


def test_each_dbt_model_seed_and_source_is_an_asset(definitions: dg.Definitions, manifest: dict) -> None:
    keys = set(definitions.resolve_all_asset_keys())
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] in ("model", "seed")]
    expected = {Translator().get_asset_key(node) for node in [*nodes, *manifest["sources"].values()]}
    assert expected <= keys
    assert len(expected) == len(nodes) + len(manifest["sources"]), "two models share a schema and a name"


def test_everything_flows_from_deliveries_to_the_release(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    upstream = graph.get_ancestor_asset_keys(dg.AssetKey(["release"]))
    assert upstream, "the release depends on nothing"
    roots = {key for key in upstream if not graph.get(key).parent_keys}
    # seeds are rules: they come from the project, not from a delivery
    assert {key.path[-1] for key in roots if graph.get(key).group_name != "rules"} == {"delivery"}


def test_every_asset_says_what_it_is_and_where_it_belongs(definitions: dg.Definitions) -> None:
    for spec in definitions.resolve_all_asset_specs():
        assert spec.description, spec.key
        assert spec.group_name and spec.group_name != "default", spec.key


def test_one_job_one_schedule_one_sensor_in_process(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def(JOB)
    assert job.executor_def is dg.in_process_executor
    repository = definitions.get_repository_def()
    (schedule,) = repository.schedule_defs
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 2 * * *", "America/Los_Angeles")
    assert [sensor.name for sensor in repository.sensor_defs] == ["new_delivery"]


def test_the_checks_of_the_suites_block(definitions: dg.Definitions) -> None:
    specs = [spec for check in definitions.asset_checks or [] for spec in check.check_specs]
    assert len(specs) > 20
    assert all(spec.blocking for spec in specs)
    assert {spec.name for spec in specs} == {"marts", "published", "privacy"}


def test_dbt_verdicts_are_names_and_counts(tmp_path: Path) -> None:
    results = [
        {"unique_id": "model.core.student", "status": "success", "failures": None},
        {"unique_id": "test.core.unique_x.1a", "status": "pass", "failures": 0},
        {"unique_id": "test.core.accepted_x.2b", "status": "fail", "failures": 7},
        {"unique_id": "test.core.odd_x.3c", "status": "warn", "failures": 2},
        {"unique_id": "test.core.broken_x.4d", "status": "error", "failures": None},
        {"unique_id": "test.core.skipped_x.5e", "status": "skipped", "failures": None},
    ]
    (tmp_path / "run_results.json").write_text(json.dumps({"results": results}))
    found = {
        check.name: (check.severity, check.status, check.failed)
        for check in read_verdicts(tmp_path / "run_results.json")
    }
    assert found == {
        "dbt: unique_x.1a": ("error", "passed", 0),
        "dbt: accepted_x.2b": ("error", "failed", 7),
        "dbt: odd_x.3c": ("warning", "failed", 2),
        "dbt: broken_x.4d": ("error", "failed", 1),
    }
    assert read_verdicts(tmp_path / "none.json") == []
