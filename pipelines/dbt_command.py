"""`core-dbt`: dbt's command line, with the project as it was parsed before instead of parsing it again.

dbt parses anew when the path of the warehouse is another; nothing in the project depends on that path, and parsing
takes longer than anything else before the first model. Used by the nightly run alone; `dbt` itself works as ever.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt.parser.manifest import extended_mashumuro_decoder

from pipelines.dbt_project import PARSED, VERSION, project_version

RESULTS = "run_results.json"


def _parsed(arguments: list[str]) -> Manifest | None:
    """What is kept at the target path that the command names, if it is of the project as it stands."""
    if "parse" in arguments or "--target-path" not in arguments:
        return None
    target = Path(arguments[arguments.index("--target-path") + 1])
    kept = target / VERSION
    if not kept.exists() or kept.read_text() != project_version():
        return None
    manifest = Manifest.from_msgpack((target / PARSED[1]).read_bytes(), decoder=extended_mashumuro_decoder)
    manifest.build_flat_graph()  # type: ignore[no-untyped-call]
    return manifest


def main() -> None:
    """Run dbt with the arguments of the command line, and its exit status."""
    arguments = sys.argv[1:]
    # dagster-dbt names the target path in the environment
    if "--target-path" not in arguments and (target := os.environ.get("DBT_TARGET_PATH")):
        arguments = [*arguments, "--target-path", target]
    manifest = _parsed(arguments)
    if manifest is not None:
        # what is kept need not be written again, twice, with a drawing of the graph that nobody reads
        arguments.append("--no-write-json")
    result = dbtRunner(manifest=manifest).invoke(arguments)
    if manifest is not None and isinstance(result.result, RunExecutionResult):
        result.result.write(str(Path(arguments[arguments.index("--target-path") + 1]) / RESULTS))
    if result.exception is not None and not result.success:
        print(result.exception, file=sys.stderr)
    sys.exit(0 if result.success else 2 if result.exception is not None else 1)
