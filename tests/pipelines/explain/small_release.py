"""A release with a few students, written by hand with DuckDB: tables and columns of the published contract."""

from __future__ import annotations

import datetime as dt
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from pipelines.landing.ledger_schema import SCHEMA
from pipelines.release.manifest import DistrictState, InputFile, Manifest, TableFacts
from pipelines.settings import PROJECT
from tests.support.macros import macros

Row = dict[str, Any]
NORTH, SOUTH = "1000001", "2000002"
DISTRICTS = {"north": NORTH, "south": SOUTH}
HIGH, MIDDLE, SOUTH_HIGH = f"{NORTH}0000009", f"{NORTH}0000008", f"{SOUTH}0000009"
COURSES = [
    ("ENGLISH", "ELA"),
    ("MATH", "MATH"),
    ("PHYSICS", "SCIENCE"),
    ("HISTORY", "SOCIAL_SCIENCE"),
    ("FRENCH", "WORLD_LANGUAGE"),
    ("PE", "PE"),
]
CORE = {"ELA", "MATH", "SCIENCE", "SOCIAL_SCIENCE"}
POINTS = {"A": 4.0, "B": 3.0, "C": 2.0, "D": 1.0, "F": 0.0}
FREEZES = {
    "G8_EOY": dt.date(2024, 7, 15),
    "G9_T1": dt.date(2025, 1, 20),
    "G9_EOY": dt.date(2025, 7, 15),
    "G9_EOYS": dt.date(2025, 8, 31),
}
AS_OF = {
    "G8_EOY": dt.date(2024, 5, 30),
    "G9_T1": dt.date(2024, 12, 20),
    "G9_EOY": dt.date(2025, 5, 30),
    "G9_EOYS": dt.date(2025, 8, 31),
}
ENDS = {"S1": (-1, 12, 20), "S2": (0, 5, 30), "T1": (-1, 11, 8), "T2": (0, 2, 28), "T3": (0, 5, 30), "SS": (0, 7, 31)}
FILES = {
    "file_june": ("north", "2025-06-25", "grades.csv"),
    "file_august": ("north", "2025-08-25", "grades.csv"),
    "file_south": ("south", "2025-06-26", "in/marks.xml"),
}

FLAGS = (
    "hsr_core ew_g9 chicago_g9 wa_g9 or_g9 phl_g9 nyc_g9 b_or_better lausd_ready ousd_warning abc abc_90 ag_g9".split()
)
SNAPSHOT = f"""student_key varchar, snapshot_code varchar, cohort_year integer, rule_set varchar, school_year integer, grade_level varchar,
    is_first_time_grade9 boolean, is_retained boolean, as_of date, is_frozen boolean, frozen_on date, district_code varchar, school_code varchar,
    gpa double, credits_graded double, n_f_core double, n_df_core integer, n_df_elamath integer, credits_attempted double, credits_earned double,
    credits_earned_total double, credits_due double, credits_prorated boolean, days_expected double, days_absent double, attendance_rate double,
    suspension_days double, n_suspensions integer, lane integer, lane_name varchar, on_track boolean, null_reason varchar, gate_failed varchar,
    reasons varchar[], {", ".join(f"{flag} boolean" for flag in FLAGS)}, partial_inputs varchar[], n_core_marks integer"""
RESTRICTED = {
    "student": "student_key varchar, ssid varchar, district_code varchar, local_student_id varchar",
    "student_group_year": "student_key varchar, school_year integer, group_type varchar, group_code varchar, district_code varchar",
    "enrollment": """student_key varchar, district_code varchar, school_code varchar, school_year integer, grade_level varchar, entry_date date,
        exit_date date, is_primary boolean, known_from date""",
    "course_mark": """student_key varchar, district_code varchar, school_code varchar, school_year integer, term_code varchar, term_kind varchar,
        term_end date, section_id varchar, course_code varchar, state_course_code varchar, course_name varchar, subject_area varchar, is_core boolean,
        grade_level_taken varchar, mark varchar, credits_attempted double, credits_earned double, credits_imputed boolean, counts_in_gpa boolean,
        replaced_on date, source_file_id varchar, source_row bigint, known_from date""",
    "attendance_term": """student_key varchar, district_code varchar, school_code varchar, school_year integer, term_code varchar,
        days_expected double, days_absent double, known_from date""",
    "incident": """student_key varchar, incident_id varchar, district_code varchar, school_code varchar, school_year integer, incident_date date,
        suspension_type varchar, suspension_days double, known_from date""",
    "student_snapshot": SNAPSHOT,
    "student_snapshot_current": SNAPSHOT,
    "student_movement": """student_key varchar, cohort_year integer, basis varchar, end_snapshot_code varchar, rule_set varchar, district_code varchar,
        school_code varchar, start_lane integer, end_lane integer, movement varchar, no_movement_reason varchar""",
    "student_year": """student_key varchar, school_year integer, level varchar, entity_code varchar, is_census boolean, starts_in_year boolean,
        is_stable boolean, has_changed_school boolean, days_expected double, days_absent double, is_attendance_known boolean,
        has_enough_days boolean, is_chronic boolean, is_discipline_known boolean, n_suspensions integer, suspension_days double""",
}
FIGURES = {
    "lane_measure": "measure varchar, position integer, more_is_better boolean, slack double, have varchar, of_whole varchar, condition varchar",
    "metric_condition": "metric_code varchar, table_name varchar, part varchar, condition varchar, adds varchar, follows_from_lanes boolean",
    "dim_district": "district_code varchar, district varchar, district_name varchar, np_as_f boolean",
    "dim_school": "school_code varchar, district_code varchar, school_name varchar",
    "metric": """metric_code varchar, school_year integer, cohort_year integer, snapshot_code varchar, basis varchar, level varchar, entity_code varchar,
        entity_name varchar, group_type varchar, group_code varchar, rule_set varchar, numerator bigint, denominator bigint, value double,
        display varchar, is_provisional boolean, suppression varchar, warning varchar""",
}
SEED_FILES = PROJECT / "dbt_project" / "seeds"
SEEDS = ["rule_set", "lane_rule", "metric_definition"]


def metric_conditions() -> list[Row]:
    """Rows of metric_condition, from the macros that the figures are made of."""
    parts = macros("metric_counts.sql", "metrics.sql", "snapshot_flags.sql")["metric_parts"]()
    return [
        {"metric_code": part["code"], "table_name": part["table"], "part": part["part"], "condition": part["where"], "adds": part["adds"],
         "follows_from_lanes": part["table"] == "student_movement" or "lane" in part["where"].split()}
        for part in parts
    ]  # fmt: skip


def lane_measures() -> list[Row]:
    """Rows of lane_measure, from the macros that the reasons are made of."""
    macro = macros("lane_rules.sql")
    rows = []
    for position, (measure, m) in enumerate(macro["lane_measures"]().items(), start=1):
        have, whole = macro["measure_of_row"](m), macro["whole_of_row"](m)
        condition = macro["meets"]("op", have, "cast(value as decimal(9, 4))", whole, m["slack"])
        rows.append({"measure": measure, "position": position, "more_is_better": m["more"], "slack": float(m["slack"]), "have": str(have),
                     "of_whole": str(whole), "condition": " ".join(condition.split())})  # fmt: skip
    return rows


def key(number: int) -> str:
    """A student key made up for a number."""
    return f"s_{number:024x}"


@dataclass
class SmallRelease:
    """Rows by district and table; `write` makes a home of them."""

    restricted: dict[str, dict[str, list[Row]]] = field(default_factory=dict)
    figures: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, table: str, row: Row, *districts: str) -> None:
        """A row of a restricted table, in the databases of one or more districts."""
        for district in districts or ("north",):
            self.restricted.setdefault(district, {}).setdefault(table, []).append(row)

    def student(self, number: int, *districts: str) -> str:
        """A student, and the key."""
        for district in districts or ("north",):
            self.add("student", {"student_key": key(number), "district_code": DISTRICTS[district]}, district)
        return key(number)

    def marks(
        self, student: str, year: int, term: str, letters: str, credits: float = 5, *districts: str, **columns: Any
    ) -> None:
        """Marks of a term in the order of COURSES, `-` for none; each is line 2, 3, ... of its file."""
        shift, month, day = ENDS[term]
        grade = "08" if year == 2024 else "09"
        for number, (mark, (course, subject)) in enumerate(zip(letters.split(), COURSES, strict=False)):
            if mark == "-":
                continue
            letter = mark[0]
            passes = letter in "ABCD" or mark == "P"
            row: Row = {
                "student_key": student, "district_code": NORTH, "school_code": MIDDLE if grade == "08" else HIGH, "school_year": year,
                "term_code": term, "term_kind": "summer" if term == "SS" else "semester", "term_end": dt.date(year + shift, month, day),
                "section_id": f"{course}{term}", "course_code": f"{course}{grade}", "course_name": f"{course} {int(grade)}",
                "subject_area": subject, "is_core": subject in CORE, "grade_level_taken": grade, "mark": mark, "credits_attempted": credits,
                "credits_earned": credits if passes and mark not in ("NP", "I") else 0.0, "credits_imputed": False,
                "counts_in_gpa": mark not in ("P", "NP", "I", "W"), "source_file_id": "file_june", "source_row": number + 2,
                "known_from": dt.date(year, 6, 25),
            } | columns  # fmt: skip
            self.add("course_mark", row, *districts)

    def snapshot(
        self, student: str, code: str, lane: int | str, points: float, graded: float, days: tuple[float, float],
        n_f: float = 0, n_df: tuple[int, int] = (0, 0), credits: tuple[float, float] | None = None, gate: str | None = None,
        reasons: list[str] | None = None, n_suspensions: int | None = 0, table: str = "student_snapshot", districts: tuple[str, ...] = ("north",),
        **columns: Any,
    ) -> None:  # fmt: skip
        """A snapshot of the cohort 2025; `lane` is a number or the reason why there is none; n_df = (core, ELA and math)."""
        names = {1: "highly vulnerable", 2: "vulnerable", 3: "potential", 4: "promising", 5: "competitive"}
        has_lane = isinstance(lane, int)
        row: Row = {
            "student_key": student, "snapshot_code": code, "cohort_year": 2025, "rule_set": "core5_v1",
            "school_year": 2024 if code == "G8_EOY" else 2025, "is_first_time_grade9": True, "is_retained": False, "as_of": AS_OF[code],
            "is_frozen": table == "student_snapshot", "frozen_on": FREEZES[code] if table == "student_snapshot" else None,
            "district_code": NORTH, "school_code": MIDDLE if code == "G8_EOY" else HIGH, "gpa": points / graded if graded else None,
            "credits_graded": graded, "n_f_core": n_f, "n_df_core": n_df[0], "n_df_elamath": n_df[1], "credits_attempted": graded,
            "credits_earned": credits[0] if credits else graded, "credits_earned_total": credits[0] if credits else graded,
            "credits_due": credits[1] if credits else None, "days_expected": days[0], "days_absent": days[1],
            "n_suspensions": n_suspensions, "lane": lane if has_lane else None, "lane_name": names[int(lane)] if has_lane else None,
            "null_reason": None if has_lane else lane, "gate_failed": gate, "reasons": (reasons or []) if has_lane else None,
            "partial_inputs": [],
        } | columns  # fmt: skip
        self.add(table, row, *districts)

    def figure(self, code: str, numerator: int | None, denominator: int | None, display: str, **columns: Any) -> None:
        """A figure of the school HIGH, cohort 2025, G8_EOY to G9_EOY."""
        row: Row = {
            "metric_code": code, "school_year": 2025, "cohort_year": 2025, "snapshot_code": "G9_EOY", "basis": "G8_EOY", "level": "school",
            "entity_code": HIGH, "entity_name": "North High", "group_type": "all", "group_code": "ALL", "rule_set": "core5_v1",
            "numerator": numerator, "denominator": denominator, "value": None, "display": display, "is_provisional": False,
            "suppression": "none" if denominator else "suppressed", "warning": None,
        } | columns  # fmt: skip
        self.figures.setdefault("metric", []).append(row)

    def write(self, home: Path) -> Path:
        """Write release, manifest, link and ledger below `home`."""
        release = home / "published" / "releases" / "20251001T000000.000000Z"
        for district in DISTRICTS:
            _write(release / "restricted" / district / "core.duckdb", RESTRICTED, self.restricted.get(district, {}), [])
        self.figures["dim_district"] = [
            {"district_code": code, "district": name, "district_name": f"{name.title()} Unified", "np_as_f": True} for name, code in DISTRICTS.items()
        ]  # fmt: skip
        self.figures["dim_school"] = [
            {"school_code": HIGH, "district_code": NORTH, "school_name": "North High"},
            {"school_code": MIDDLE, "district_code": NORTH, "school_name": "North Middle"},
            {"school_code": SOUTH_HIGH, "district_code": SOUTH, "school_name": "South High"},
        ]
        self.figures["metric_condition"] = metric_conditions()
        self.figures["lane_measure"] = lane_measures()
        _write(release / "partner" / "core.duckdb", FIGURES, self.figures, SEEDS)
        (home / "published" / "current").symlink_to(f"releases/{release.name}")
        tables = {f"restricted/{name}": {"student": TableFacts(rows=1, content_hash="")} for name in DISTRICTS}
        Manifest(
            release_id=release.name, created_at="2025-10-01T00:00:00Z", as_of=dt.date(2025, 10, 1), rule_set="core5_v1", code_version="c",
            key_fingerprint="k", is_synthetic=True, files=[], checks=[], tables=tables,
            inputs=[InputFile(district=file[0], delivery=file[1], path=file[2], sha256="", bytes=1) for file in FILES.values()],
            districts={name: DistrictState(district_code=code, delivery=None, age_days=None, held=[]) for name, code in DISTRICTS.items()},
        ).write(release / "manifest.json")  # fmt: skip
        _write_ledger(home / "ledger.sqlite")
        return home


def _write(path: Path, tables: dict[str, str], rows: dict[str, list[Row]], seeds: list[str]) -> None:
    path.parent.mkdir(parents=True)
    with duckdb.connect(str(path)) as con:
        for name, columns in tables.items():
            con.execute(f"create table {name} ({columns})")
            for row in rows.get(name, []):
                places = ", ".join("?" * len(row))
                con.execute(f"insert into {name} ({', '.join(row)}) values ({places})", list(row.values()))
        for seed in seeds:
            con.execute(f"create table {seed} as from read_csv('{SEED_FILES / seed}.csv')")
        if "rule_set" in seeds:
            con.execute(
                "insert into rule_set by name select * replace ('elsewhere' as rule_set, false as is_default, "
                "'ea_model' as scheme, null as lane_rule_version) from rule_set where is_default"
            )
            con.execute("alter table rule_set add column top_lane integer")
            con.execute(
                f"update rule_set set top_lane = (select max(lane) from read_csv('{SEED_FILES}/lane_name.csv') as lane_name "
                "where lane_name.scheme = rule_set.scheme)"
            )


def _write_ledger(path: Path) -> None:
    with sqlite3.connect(path) as con:
        con.executescript(SCHEMA)
        for file_id, (district, delivery, name) in FILES.items():
            con.execute(
                "insert into delivery values (?, ?, ?, '', '', 1, 'accepted', '', 0, '', null, '[]', '', '')",
                (district, delivery, delivery),
            )
            con.execute(
                "insert into file values (?, ?, ?, 'marks', '', 1, '', '', ?, null, null)",
                (district, delivery, name, file_id),
            )
    con.close()
