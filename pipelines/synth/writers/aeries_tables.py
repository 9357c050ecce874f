"""Select statements of the Aeries tables, from facts: what `aeries.write` copies to files.

Each function gives a superset of its table's columns; the contract says which of them the district sends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.synth.plan import DeliveryPlan
from pipelines.synth.writers import sent_rows

if TYPE_CHECKING:
    from pipelines.landing.contract import Contract

# Category; code at most schools; at every third school; title, type, suspension, counts for ADA, independent study.
ABSENCES = [
    ("excused", "E", "M", "Excused", "2", "N", "N", ""),
    ("unexcused", "U", "E", "Unexcused", "3", "N", "N", ""),
    ("oss", "S", "S", "Suspended", "2", "Y", "N", ""),
    ("iss", "I", "I", "In-school suspension", "4", "Y", "Y", ""),
    ("nonada_is", "N", "N", "Independent study not completed", "3", "N", "N", "I"),
    ("ada_is", "D", "C", "Independent study completed", "4", "N", "Y", "C"),
    ("tardy", "T", "T", "Tardy", "5", "N", "Y", ""),
    ("other_present", "A", "V", "School activity", "6", "N", "Y", ""),
]
# A school outside the state's numbers, for marks that were earned elsewhere.
ELSEWHERE = "99999990000000"


@dataclass(frozen=True)
class Database:
    """The database of one school year as one delivery shows it (year None: the current one, for people)."""

    contract: Contract
    delivery: DeliveryPlan
    year: int | None

    @property
    def quirks(self) -> set[str]:
        """Ids of the quirks that the contract declares."""
        return {quirk.id for quirk in self.contract.quirks}

    def rows(self, entity: str) -> str:
        """Facts of the year, as a parenthesized select; rows that must be broken are left out."""
        of_year = "" if self.year is None else f" and school_year = {self.year}"
        return f"(from {sent_rows(entity, self.delivery)} where lost_reason is distinct from 'bad_row'{of_year})"

    def with_school(self, rows: str) -> str:
        """Rows with SC, the school's number in the year."""
        schools = f"(select school_code, local_school_code as SC from {self.rows('school')})"
        return f"(select * from {rows} left join {schools} using (school_code))"

    def date(self, column: str) -> str:
        """A date as the district writes it."""
        if "dates_m_d_y" in self.quirks:
            return f"strftime({column}, '%-m/%-d/%Y')"
        return f"strftime({column}, '%Y-%m-%d{'T00:00:00' if 'dates_with_time' in self.quirks else ''}')"

    def code(self, name: str, column: str) -> str:
        """The district's code for a canonical value; a value without one is an error, never a guess."""
        july = f"{(self.year or self.delivery.date.year) - 1}-07-01"
        codes = {
            row.value: row.code
            for row in self.contract.codes.get(name, [])
            if (row.valid_from is None or row.valid_from.isoformat() <= july)
            and (row.valid_to is None or row.valid_to.isoformat() >= july)
        }
        whens = " ".join(f"when {column} = '{value}' then '{code}'" for value, code in codes.items())
        return f"case when {column} is null then null {whens} else error('no code in map {name} for ' || {column}) end"


def _flag(column: str) -> str:
    return f"case {column} when true then 'Y' when false then 'N' end"


def _decimal(column: str) -> str:
    return f"regexp_replace(cast(cast({column} as decimal(18, 8)) as varchar), '\\.?0+$', '')"


def _loc(db: Database) -> str:
    # Opened in Excel before it was sent: years that end in an odd spring.
    is_eaten = "excel_zero" in db.quirks and db.year is not None and db.year % 2 == 1
    cds = "ltrim(school_code, '0')" if is_eaten else "school_code"
    return f"""
        select local_school_code as CD, school_name as NM, {cds} as CDS, left(school_code, 2) as CO,
            substr(school_code, 3, 5) as DI, right(school_code, 7) as SI, {db.code("school_type", "school_type")} as TY,
            {db.code("grade_level", "low_grade")} as LG, {db.code("grade_level", "high_grade")} as HG,
            {_flag("is_reporting")} as RP, staff_count as SF
        from {db.rows("school")}"""


def _trm(db: Database) -> str:
    return f"""
        select SC, {db.code("term_code", "term_code")} as TC, {db.date("start_date")} as SD,
            {db.date("end_date")} as ED, {_flag("is_credit_bearing")} as CB
        from {db.with_school(db.rows("term"))}"""


def _day(db: Database) -> str:
    """School days (Wednesdays are minimum days, %) and the weekdays between them without school (#)."""
    return f"""
        with school_day as (select * from {db.with_school(db.rows("calendar_day"))}),
        weekday as (
            select SC, cast(unnest(generate_series(first_day, last_day, interval 1 day)) as date) as calendar_date
            from (
                select SC, min(calendar_date) as first_day, max(calendar_date) as last_day from school_day group by SC
            )
        )
        select SC, day_number as DY, {db.date("calendar_date")} as DT,
            case when isodow(calendar_date) = 3 then '%' end as HC
        from school_day
        union all
        select SC, null, {db.date("calendar_date")}, '#'
        from weekday anti join school_day using (SC, calendar_date)
        where isodow(calendar_date) <= 5"""


def _is_other_school() -> str:
    return "cast(right(school_code, 7) as integer) % 3 = 0"


def _abs(db: Database) -> str:
    values = ", ".join(str(row) for row in ABSENCES)
    return f"""
        select local_school_code as SC, case when {_is_other_school()} then other else usual end as CD, TI, TY, SU, AD,
            ISC
        from {db.rows("school")}
        cross join (values {values}) as code (category, usual, other, TI, TY, SU, AD, ISC)"""


def _att(db: Database) -> str:
    values = ", ".join(str(row[:3]) for row in ABSENCES)
    days = f"(select school_code, calendar_date, day_number from {db.rows('calendar_day')})"
    return f"""
        select SC, local_student_id as ID, day_number as DY, {db.date("calendar_date")} as DT,
            case when {_is_other_school()} then other else usual end as AL
        from {db.with_school(db.rows("attendance_event"))}
        left join {days} using (school_code, calendar_date)
        left join (values {values}) as code (category, usual, other) using (category)"""


def _stu(db: Database) -> str:
    races = ", ".join(f"string_split(race_codes, ';')[{n}] as RC{n}" for n in range(1, 6))
    return f"""
        select student.local_student_id as ID, coalesce(ssid_sent, ssid) as CID, last_name as LN, first_name as FN,
            coalesce(birth_date_sent, {db.date("birth_date")}) as BD, gender as GN, {_flag("is_hispanic")} as ETH,
            {races}, parent.value as PED, first_grade9_year - 1 as NGY
        from {db.rows("student")} as student
        left join (from {db.rows("student_program")} where program = 'PARENT_ED') as parent using (local_student_id)"""


def _pgm(db: Database) -> str:
    return f"""
        select local_student_id as ID, {db.code("program", "program")} as CD, {db.date("start_date")} as PSD,
            {db.date("end_date")} as PED
        from {db.rows("student_program")}
        where program not in ('EL_STATUS', 'MEALS', 'SWD', 'PARENT_ED')"""


def _fre(db: Database) -> str:
    return f"""
        select local_student_id as ID, {db.code("meal", "value")} as CD, {db.date("start_date")} as ESD,
            {db.date("end_date")} as EED
        from {db.rows("student_program")}
        where program = 'MEALS'"""


def _cse(db: Database) -> str:
    return f"""
        select local_student_id as ID, {db.date("start_date")} as ED, {db.date("end_date")} as XD
        from {db.rows("student_program")}
        where program = 'SWD'"""


def _lac(db: Database) -> str:
    return f"""
        select local_student_id as ID, {db.code("el_status", "value")} as LF, {db.date("start_date")} as SD,
            {db.date("end_date")} as ED
        from {db.rows("student_program")}
        where program = 'EL_STATUS'"""


def _enr(db: Database) -> str:
    return f"""
        select local_student_id as ID, SC, school_year - 1 as YR, {db.code("grade_level", "grade_level")} as GR,
            {db.date("entry_date")} as ED, {db.date("exit_date")} as LD, exit_reason as ER,
            {db.code("enrollment_status", "enrollment_status")} as SP
        from {db.with_school(db.rows("enrollment"))}"""


def _crs(db: Database) -> str:
    return f"""
        select course_code as CN, min(course_name) as CO, min(state_course_code) as S3, {_flag("min(is_ag)")} as AG
        from {db.rows("course_mark")}
        group by course_code"""


def _mst(db: Database) -> str:
    return f"""
        select distinct SC, section_id as SE, course_code as CN
        from {db.with_school(db.rows("course_mark"))}
        where not starts_with(section_id, 'T-')"""


def _grd(db: Database) -> str:
    """One row a student and section, one column a marking period and one for the day of its posting."""
    periods = db.contract.codes.get("marking_period", [])
    wide = ", ".join(
        f"max(mark_raw) filter (MP = '{row.code}') as M{row.code}, "
        f"{db.date(f'''max(posted_date) filter (MP = '{row.code}')''')} as D{row.code}"
        for row in periods
    )
    return f"""
        select SC, ID, SE, CN, GR, {wide}
        from (
            select SC, local_student_id as ID, section_id as SE, course_code as CN,
                {db.code("grade_level", "grade_level_taken")} as GR, {db.code("marking_period", "term_code")} as MP,
                mark_raw, posted_date
            from {db.with_school(db.rows("course_mark"))}
            where not is_final
        )
        group by SC, ID, SE, CN, GR"""


def _his(db: Database) -> str:
    return history(db, broken=False)


def history(db: Database, broken: bool) -> str:
    """Final marks. The title stands here only where it is not that of the catalog."""
    marks = db.rows("course_mark")
    if broken:
        marks = (
            f"(from {sent_rows('course_mark', db.delivery)} where lost_reason = 'bad_row' and school_year = {db.year})"
        )
    multiplier = db.contract.parameters.credit_multiplier if db.contract.parameters else 1
    return f"""
        select local_student_id as ID, SC, school_year - 1 || '-' || school_year as SY,
            {db.code("term_code", "term_code")} as TE,
            nullif(section_id, 'T-' || course_code || '-' || term_code) as SE, course_code as CN,
            case when course_name is distinct from title then course_name end as CO, mark_raw as MK,
            {_decimal(f"credits_attempted / {multiplier}")} as CA, {_decimal(f"credits_earned / {multiplier}")} as CC,
            {db.code("grade_level", "grade_level_taken")} as GR, case when is_repeat then 'R' end as RT,
            case when is_transfer then '{ELSEWHERE}' end as ST, {db.date("posted_date")} as DP
        from {db.with_school(marks)}
        left join (select CN as course_code, CO as title from ({_crs(db)})) using (course_code)
        where is_final"""


def _ads(db: Database) -> str:
    return f"""
        select incident_id as IID, local_student_id as ID, SC, {db.date("incident_date")} as DT
        from {db.with_school(db.rows("incident"))}"""


def _dsp(db: Database) -> str:
    """Removals, and a conference for each incident without one."""
    return f"""
        select incident_id as IID, local_student_id as ID,
            {db.code("removal", "coalesce(suspension_type, 'NONE')")} as DS, {_decimal("suspension_days")} as DA
        from {db.rows("incident")}"""


def _gpa(db: Database) -> str:
    return f"""
        select local_student_id as ID, school_year - 1 || '-' || school_year as SY,
            {db.code("term_code", "term_code")} as TE, {_decimal("gpa")} as GP,
            case is_weighted when true then 'W' when false then 'N' end as TY
        from {db.rows("supplied_gpa")}"""


TABLES: dict[str, Callable[[Database], str]] = {
    "loc": _loc, "trm": _trm, "day": _day, "abs": _abs, "att": _att, "stu": _stu, "pgm": _pgm, "fre": _fre, "cse": _cse,
    "lac": _lac, "enr": _enr, "crs": _crs, "mst": _mst, "grd": _grd, "his": _his, "ads": _ads, "dsp": _dsp, "gpa": _gpa,
}  # fmt: skip
