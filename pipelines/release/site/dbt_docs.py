"""dbt's own documentation as one static page, of the project alone: no path, user, host or time of the machine in it.

It is the page that comes with dbt (its `docs generate --static` does the same), filled from the manifest at hand
instead of by a run of dbt. Fields are picked one by one, so that nothing of the machine gets in by being new.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

# fields of nodes, sources, macros, exposures, metrics and semantic models that the page shows or searches
SHOWN = frozenset(
    """
    access alias arguments attached_node column_name columns config constraints depends_on description
    dimensions docs entities file_key_name filter fqn group identifier label language loader macro_sql
    maturity measures meta metrics model name node_relation original_file_path owner package_name path
    primary_entity raw_code refs relation_name resource_type schema source_description source_name sources
    tags test_metadata type type_params unique_id url version
    """.split()
)
CONFIG = frozenset({"enabled", "materialized", "meta", "severity", "tags"})
PARTS = ("nodes", "sources", "macros", "exposures", "metrics", "semantic_models")
EMPTY_PARTS = ("disabled", "groups", "selectors", "saved_queries", "unit_tests", "functions", "group_map")


def page(project: Mapping[str, Any]) -> str:
    """The page of dbt's manifest `project`; the same for the same project."""
    own = str(project["metadata"]["project_name"])
    kept: dict[str, Any] = {
        part: {
            unique_id: _shown(node)
            for unique_id, node in sorted(project.get(part, {}).items())
            if node["package_name"] == own
        }
        for part in PARTS
    }
    known = set().union(*(kept[part] for part in PARTS))
    for node in (node for part in PARTS for node in kept[part].values()):
        _only_known(node, known)
    manifest = {
        **kept,
        **{key: {} for key in EMPTY_PARTS},
        "docs": {key: doc for key, doc in sorted(project["docs"].items()) if key.endswith("__overview__")},
        "parent_map": _map(project["parent_map"], known),
        "child_map": _map(project["child_map"], known),
        "metadata": {
            key: project["metadata"][key]
            for key in ("dbt_schema_version", "dbt_version", "project_name", "adapter_type")
        },
    }
    template = _template().read_text(encoding="utf-8")
    return template.replace('"MANIFEST.JSON INLINE DATA"', _script(manifest)).replace(
        '"CATALOG.JSON INLINE DATA"', _script(_catalog(kept))
    )


def _template() -> Path:
    return Path(str(metadata.distribution("dbt-core").locate_file("dbt/task/docs/index.html")))


def _script(value: Any) -> str:
    """JSON that may stand inside a script element."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).replace("</", "<\\/")


def _shown(node: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: value for key, value in node.items() if key in SHOWN}
    found["config"] = {key: value for key, value in node.get("config", {}).items() if key in CONFIG}
    if "columns" in node:
        found["columns"] = {
            name: {key: column[key] for key in ("name", "description", "data_type", "meta", "tags") if key in column}
            for name, column in node["columns"].items()
        }
    return found


def _only_known(node: dict[str, Any], known: set[str]) -> None:
    """dbt's own macros are left out, and with them what points at them."""
    if depends := node.get("depends_on"):
        node["depends_on"] = {
            kind: [each for each in names if each in known]
            for kind, names in depends.items()
            if isinstance(names, list)
        }


def _map(edges: Mapping[str, list[str]], known: set[str]) -> dict[str, list[str]]:
    return {
        node: sorted(other for other in others if other in known)
        for node, others in sorted(edges.items())
        if node in known
    }


def _catalog(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Types of columns as the project declares them: the page takes them from a catalog of the database."""

    def entry(node: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "metadata": {
                "type": str(node["config"].get("materialized", "source")),
                "schema": node["schema"],
                "name": node.get("alias") or node.get("identifier") or node["name"],
                "comment": None,
                "owner": None,
            },
            "columns": {
                name: {"type": column.get("data_type") or "", "index": place, "name": name, "comment": None}
                for place, (name, column) in enumerate(node["columns"].items(), start=1)
            },
            "stats": {},
            "unique_id": node["unique_id"],
        }

    return {
        "metadata": {},
        "errors": None,
        "nodes": {
            unique_id: entry(node)
            for unique_id, node in kept["nodes"].items()
            if node["resource_type"] in ("model", "seed")
        },
        "sources": {unique_id: entry(node) for unique_id, node in kept["sources"].items()},
    }
