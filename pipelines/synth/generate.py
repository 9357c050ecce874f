"""`core synth`: a synthetic world, its districts' deliveries, and the true facts beside them.

The result is a landing, with what `core run` does not read beside it: `<out>/<district>/<delivery>[.zip]`,
`<out>/AS_OF`, and in `<out>/_truth/` the facts (`<entity>.parquet`), the hub's lists (`ssid_merge.parquet` ...),
`lost.parquet` and `dirt.json`.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from pipelines.landing.contract import Contract, load_contracts
from pipelines.synth.files import zip_folder
from pipelines.synth.plan import AS_OF, DeliveryPlan, hub_plan
from pipelines.synth.schema import HUB, KEYS, canonical_columns
from pipelines.synth.world import build_facts, plans_of
from pipelines.synth.writers import DirtLog, SynthError, writer_for

PROJECT = Path(__file__).resolve().parents[2]
MEMORY_LIMIT = "10GB"
SYNTHETIC = (
    "Everything in this delivery is synthetic: it was made by `core synth`. No person, school name or school code\n"
    "in it is real, and nothing in it says anything about the district whose form it has.\n"
)


def _say(text: str) -> None:
    print(text, flush=True)


def generate(
    out_dir: Path,
    students: int | None = None,
    per_district: int | None = None,
    grades: tuple[str, str] = ("08", "10"),
    years: int = 4,
    seed: int = 1,
    contracts_dir: Path = PROJECT / "data" / "contracts",
    threads: int | None = None,
    progress: Callable[[str], None] = _say,
) -> list[DeliveryPlan]:
    """Write the deliveries of all districts and hubs of the contracts, and the truth; returns the plans followed.

    `students` counts all grades KN-12 of all districts in their real proportions; `per_district` is the number of
    students in `grades` (KN, 01..12) at a time, the same for each. `years`: complete school years (see plan.plan).
    `threads`: of DuckDB (None = all). The same arguments give the same bytes, on any number of threads. Raises
    SynthError where `out_dir` already holds a world, a size is impossible or a writer is missing.
    """
    _check(out_dir, students, per_district, grades, years)
    contracts = load_contracts(contracts_dir)
    plans = plans_of(contracts, years)
    if not plans:
        raise SynthError(f"no contract of kind district in {contracts_dir}")
    hubs = {c.district: hub_plan(c.district, c.district_code, years) for c in contracts.values() if c.kind == "hub"}
    started = time.monotonic()

    def tell(text: str) -> None:
        progress(f"{time.monotonic() - started:7.1f} s  {text}")

    out_dir.mkdir(parents=True, exist_ok=True)
    log = DirtLog()
    with tempfile.TemporaryDirectory(prefix=".synth-", dir=out_dir) as work:
        con = duckdb.connect(str(Path(work) / "world.duckdb"))
        try:
            con.execute(f"set memory_limit = '{MEMORY_LIMIT}'; set temp_directory = '{work}/spill'")
            if threads is not None:
                con.execute(f"set threads = {int(threads)}")
            build_facts(
                con,
                contracts,
                plans,
                students=students,
                per_district=per_district,
                grades=grades,
                seed=seed,
                progress=tell,
            )
            for district, deliveries in sorted({**plans, **hubs}.items()):
                for delivery in deliveries:
                    tell(f"{district}: {delivery.name} ({delivery.kind})")
                    _write_delivery(con, contracts[district], delivery, out_dir / district, Path(work), log)
            tell("true facts")
            _write_truth(con, out_dir / "_truth", log)
        finally:
            con.close()
    (out_dir / "AS_OF").write_text(f"{AS_OF.isoformat()}\n", encoding="utf-8")
    return [delivery for _, deliveries in sorted({**plans, **hubs}.items()) for delivery in deliveries]


def _check(out_dir: Path, students: int | None, per_district: int | None, grades: tuple[str, str], years: int) -> None:
    if (out_dir / "_truth").exists():
        raise SynthError(f"{out_dir} already holds a synthetic world: give another folder, or take that one away")
    if students is not None and per_district is not None:
        raise SynthError("give the number of students, or the number a district, not both")
    if students is not None and students < 2000:
        raise SynthError(f"{students} students are too few for a world: 2000 at least")
    if per_district is not None and per_district < 10:
        raise SynthError(f"{per_district} students a district are too few: 10 at least")
    order = ["KN", *(f"{grade:02d}" for grade in range(1, 13))]
    if any(grade not in order for grade in grades) or order.index(grades[0]) > order.index(grades[1]):
        raise SynthError(
            f"grades {grades[0]}-{grades[1]}: two of {order[0]}, {order[1]}..{order[-1]}, the lower one first"
        )
    if not 1 <= years <= 10:
        raise SynthError(f"{years} years: 1 to 10 are possible")


def _write_delivery(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    delivery: DeliveryPlan,
    landing: Path,
    work: Path,
    log: DirtLog,
) -> None:
    """One delivery into the district's folder, as folder or zip; a delivery sent again is a copy of the bytes."""
    landing.mkdir(parents=True, exist_ok=True)
    suffix = ".zip" if delivery.packed == "zip" else ""
    target = landing / f"{delivery.name}{suffix}"
    if delivery.resend_of is not None:
        source = landing / f"{delivery.resend_of}{suffix}"
        if suffix:
            shutil.copyfile(source, target)
        else:
            shutil.copytree(source, target)
        return
    folder = work / "delivery" if suffix else target
    folder.mkdir()
    writer_for(contract.system)(con, contract, delivery, folder, log)
    (folder / "SYNTHETIC.txt").write_text(SYNTHETIC, encoding="utf-8")
    if suffix:
        zip_folder(folder, target)
        shutil.rmtree(folder)


def _write_truth(con: duckdb.DuckDBPyConnection, truth: Path, log: DirtLog) -> None:
    """Facts, what was lost and what was made dirty, each sorted by its key, so that the bytes repeat."""
    truth.mkdir()
    for entity, columns in canonical_columns().items():
        has_year = any(name == "school_year" for name, _ in columns)
        keys = ["district_code", *(["school_year"] if has_year else []), *KEYS[entity], "known_from"]
        _copy(con, f"facts.{entity}", ", ".join(dict.fromkeys(keys)), truth / f"{entity}.parquet")
    for table, columns in HUB.items():
        _copy(
            con, f"facts.{table}", ", ".join(name for name, _ in columns) + ", known_from", truth / f"{table}.parquet"
        )
    _copy(con, "synth.lost", "entity, district_code, key, column_name, known_from", truth / "lost.parquet")
    (truth / "dirt.json").write_text(json.dumps(log.rows(), indent=1) + "\n", encoding="utf-8")


def _copy(con: duckdb.DuckDBPyConnection, table: str, order: str, path: Path) -> None:
    name = str(path).replace("'", "''")
    con.execute(f"copy (from {table} order by {order}) to '{name}' (format parquet, compression zstd)")
