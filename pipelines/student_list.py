"""`core student-list SCHOOL`: ninth graders of a school, who needs what and why, from the current release."""

from __future__ import annotations

import csv
import io

from pipelines.errors import WrongAskError
from pipelines.explain.released import Released
from pipelines.release.needs import Needs, by_lane, by_measure, measure_words, read_needs
from pipelines.settings import Settings

CSV_COLUMNS = (
    "student_key",
    "local_student_id",
    "school_code",
    "snapshot_code",
    "as_of",
    "lane",
    "lane_name",
    "null_reason",
    "gpa",
    "attendance_rate",
    "n_f_core",
)


def student_list(settings: Settings, school: str, as_csv: bool) -> list[str]:
    """Lines to print. Only who can open the district's restricted database gets any.

    Raises:
        WrongAskError: there is no such school.
        CannotExplainError: the district's database cannot be opened here.
    """
    with Released(settings.published) as released:
        places = released.rows(
            released.open_words(),
            "select s.school_code, s.school_name, d.district from {t}.dim_school as s "
            "join {t}.dim_district as d on d.district_code = s.district_code where s.school_code = ?",
            school,
        )
        if not places:
            raise WrongAskError(f"no school {school!r} in this release; codes stand in table dim_school (14 digits)")
        [tier] = released.restricted(places[0]["district"])
        rule_set = str(released.rule_set([])["rule_set"])
        as_of = released.manifest.as_of
        students = [
            each
            for each in read_needs(released.connection, released.schema(tier), None, as_of, rule_set)
            if each.school_code == school
        ]
    if as_csv:
        return _csv(students)
    synthetic = " (synthetic data)" if released.manifest.is_synthetic else ""
    head = f"{places[0]['school_name']}: {len(students)} ninth graders enrolled on {as_of}{synthetic}"
    return [head, *_missing(students), *_lanes(students)]


def _missing(students: list[Needs]) -> list[str]:
    lines = ["", "What is missing for the next lane:"]
    lines += [f"  {measure_words(measure)}: {len(of)} students" for measure, of in by_measure(students).items()]
    return lines if len(lines) > 2 else []


def _lanes(students: list[Needs]) -> list[str]:
    lines = []
    for (lane, name), of in by_lane(students).items():
        lines += ["", f"{name if lane > 9 else f'Lane {lane}, {name}'}: {len(of)} students"]
        for each in of:
            why = "; ".join(each.sentences) or (each.null_reason or "nothing: this is the highest lane")
            taken = f" [{each.snapshot_code}]" if each.snapshot_code else ""
            lines.append(f"  {each.local_student_id}{taken} {why}")
    return lines


def _csv(students: list[Needs]) -> list[str]:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*CSV_COLUMNS, "missing", "why"])
    for each in students:
        values = ["" if (value := getattr(each, name)) is None else value for name in CSV_COLUMNS]
        writer.writerow([*values, ";".join(each.measures), "; ".join(each.sentences)])
    return out.getvalue().splitlines()
