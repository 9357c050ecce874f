"""The semantic layer and the exposures: valid for MetricFlow, and the same figures and tables as everywhere else."""

from __future__ import annotations

import csv
import json
import re
from typing import Any

import duckdb
import pytest
from dbt_semantic_interfaces.implementations.semantic_manifest import PydanticSemanticManifest
from dbt_semantic_interfaces.validations.semantic_manifest_validator import SemanticManifestValidator

from examples.questions import load
from pipelines.dbt_project import PREPARED, prepare
from pipelines.settings import PROJECT

#: columns that tell an entity of the level that `metric` calls it
LEVELS = {"collaborative": "'CORE'", "district": "district_code", "school": "school_code"}


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    prepare()
    found: dict[str, Any] = json.loads((PREPARED / "manifest.json").read_text())
    return found


@pytest.fixture(scope="module")
def metrics(project) -> dict[str, dict[str, Any]]:
    return {metric["name"]: metric for metric in project["metrics"].values()}


class Definition:
    """A ratio of the semantic layer as SQL over its model, taken from what dbt made of the yml and nothing else."""

    def __init__(self, project: dict[str, Any], metric: dict[str, Any]) -> None:
        params = metric["type_params"]
        by_name = {each["name"]: each for each in project["metrics"].values()}
        models = {
            measure["name"]: (model, measure)
            for model in project["semantic_models"].values()
            for measure in model["measures"]
        }
        self.parts = []
        for side in ("numerator", "denominator"):
            simple = by_name[params[side]["name"]]
            model, measure = models[simple["type_params"]["measure"]["name"]]
            self.parts.append(f"{measure['agg']}({measure['expr'] or measure['name']})")
            self.relation = model["node_relation"]["relation_name"].split(".", 1)[1]
            self.expressions = {d["name"]: d["expr"] or d["name"] for d in model["dimensions"]}
        (where,) = metric["filter"]["where_filters"]
        self.filter = re.sub(
            r"\{\{\s*Dimension\('\w+?__(\w+)'\)\s*\}\}",
            lambda match: self.expressions[match[1]],
            where["where_sql_template"],
        )

    def sql(self, by: str) -> str:
        return (
            f"select {by}, {', '.join(self.parts)} from {self.relation} where {self.filter} group by all "
            f"having {self.parts[1]} > 0"
        )


def test_semantic_manifest_is_valid_for_metricflow():
    prepare()
    manifest = PydanticSemanticManifest.parse_raw((PREPARED / "semantic_manifest.json").read_text())
    found = SemanticManifestValidator[PydanticSemanticManifest]().validate_semantic_manifest(manifest)
    assert not found.all_issues, [issue.as_readable_str() for issue in found.all_issues]
    assert len(manifest.semantic_models) >= 3 and manifest.project_configuration.time_spines


def test_definitions_name_the_default_rule_set(metrics):
    with (PROJECT / "dbt_project" / "seeds" / "rule_set.csv").open(newline="") as file:
        (default,) = (row["rule_set"] for row in csv.DictReader(file) if row["is_default"] == "true")
    named = {
        name: set(re.findall(r"rule_set'\) \}\} = '(\w+)'", metric["filter"]["where_filters"][0]["where_sql_template"]))
        for name, metric in metrics.items()
        if metric["type"] == "ratio" and not name.startswith("chronic")
    }
    assert named and set().union(*named.values()) == {default} and all(named.values())


@pytest.mark.pipeline
@pytest.mark.parametrize("name", ["vulnerable_rate", "movement_rate", "coverage", "off_track_rate_9_10"])
def test_a_metric_is_the_published_figure(sample, project, metrics, name):
    """Sums over all rows, for every cohort of the collaborative, each district and school: those before hiding, and those shown."""
    definition = Definition(project, metrics[name])
    basis = {"vulnerable_rate": None, "off_track_rate_9_10": "G9_EOY"}.get(name, "G8_EOY")
    end = "G10_EOY" if basis == "G9_EOY" else "G9_EOY"
    compared = 0
    with duckdb.connect() as con:
        con.execute(f"attach '{sample.path / 'warehouse' / 'core.duckdb'}' as core (read_only)")
        con.execute(f"attach '{sample.current / 'partner' / 'core.duckdb'}' as released (read_only)")
        con.execute("use core")
        for level, entity in LEVELS.items():
            summed = {
                (code, cohort): (part, whole)
                for code, cohort, part, whole in con.execute(
                    definition.sql(f"{entity} as code, cohort_year")
                ).fetchall()
                if code is not None
            }
            for relation, hidden in (
                ("core.on_track.metric_cell", ""),
                ("released.main.metric", "and suppression = 'none'"),
            ):
                published = con.execute(
                    f"select entity_code, cohort_year, numerator, denominator from {relation} where metric_code = ? "
                    "and basis is not distinct from ? and snapshot_code = ? and level = ? and group_code = 'ALL' "
                    f"and rule_set = 'core5_v1' {hidden}",
                    [name, basis, end, level],
                ).fetchall()
                assert published, (relation, level)
                if not hidden and name != "coverage":
                    assert {row[:2] for row in published} == summed.keys()
                for code, cohort, part, whole in published:
                    assert summed[code, cohort] == (part, whole), (relation, level, code, cohort)
                    compared += 1
    assert compared > 60


@pytest.mark.pipeline
@pytest.mark.parametrize(
    ("name", "level"),
    [("chronic_absenteeism_rate", "collaborative"), ("chronic_absenteeism_rate_of_districts", "district")],
)
def test_chronic_absence_is_the_published_figure(sample, project, metrics, name, level):
    definition = Definition(project, metrics[name])
    with duckdb.connect() as con:
        con.execute(f"attach '{sample.path / 'warehouse' / 'core.duckdb'}' as core (read_only)")
        con.execute(f"attach '{sample.current / 'partner' / 'core.duckdb'}' as released (read_only)")
        con.execute("use core")
        summed = {
            (code, year): counts
            for code, year, *counts in con.execute(definition.sql("entity_code, school_year")).fetchall()
        }
        published = con.execute(
            "select entity_code, school_year, numerator, denominator from released.main.metric "
            "where metric_code = 'chronic_absenteeism_rate' and level = ? and group_code = 'ALL' "
            "and rule_set = 'core5_v1' and suppression = 'none'",
            [level],
        ).fetchall()
    assert len(published) >= 4
    assert all(summed[code, year] == counts for code, year, *counts in published)


def exposed(project: dict[str, Any]) -> dict[str, set[str]]:
    return {
        exposure["name"]: {node.split(".")[-1] for node in exposure["depends_on"]["nodes"]}
        for exposure in project["exposures"].values()
    }


def test_questions_are_exposed_with_the_tables_that_they_read(project):
    tiers: dict[str, set[str]] = {}
    with duckdb.connect() as con:
        for question in load():
            found = tiers.setdefault(question.tier, set())
            found |= {f"{question.tier}__{table}" for table in con.get_table_names(question.sql)}
    found = exposed(project)
    for tier, tables in tiers.items():
        assert found[f"questions_{tier}"] == tables, f"models/published/_exposures.yml: questions_{tier}"


def test_every_published_table_is_read_somewhere(project):
    published = {
        node["name"]
        for node in project["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] in ("public", "partner", "restricted")
    }
    found = exposed(project)
    assert set().union(*found.values()) == published, "models/published/_exposures.yml"
    assert found["bi_tools"] == {name for name in published if not name.startswith("restricted__")}
