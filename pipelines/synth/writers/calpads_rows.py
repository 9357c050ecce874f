"""Rows of CALPADS and MiSiS files from facts: SQL with the contract's column names; what is not named stays empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.synth.plan import DeliveryPlan
from pipelines.synth.schema import KEYS
from pipelines.synth.writers import changed_rows, ended_rows, sent_rows

if TYPE_CHECKING:
    from pipelines.landing.contract import Contract

# One student in so many has a day less in the absence summary than in the daily rows: schools lock months late.
STAS_DIFFERS = 200
# Disruption, for every incident: offenses are sent, and read by nothing yet.
OFFENSE = "511"


@dataclass(frozen=True)
class Job:
    """One delivery of one district, and what its contract says codes mean, read backwards."""

    contract: Contract
    delivery: DeliveryPlan

    def code(self, map_name: str, value: str) -> str:
        """SQL: the first code of the map for the value that `value` (SQL) gives; an error where there is none."""
        codes: dict[str, str] = {}
        for row in self.contract.codes[map_name]:
            codes.setdefault(row.value, row.code)
        cases = " ".join(f"when '{meaning}' then '{code}'" for meaning, code in codes.items())
        # the error names the map only: a value may be a student's
        return f"case {value} {cases} else error('a value has no code in {map_name}') end"


# Rows of a feed: SQL whose columns are named as in the contract, for one school year where the file replaces a year.
Rows = Callable[[Job, int], str]


def ymd(date: str, sent: str = "null") -> str:
    """SQL: a date as yyyymmdd, or the text `sent` (SQL) in its place where that is not NULL."""
    return f"coalesce({sent}, strftime({date}, '%Y%m%d'))"


def _year_id(year: str) -> str:
    return f"({year} - 1)::varchar || '-' || {year}::varchar"


def _head(school: str, year: str, school_field: str = "school_of_attendance") -> str:
    """The fields that records begin with; `r` is the row, `p` the student."""
    return f"""
        left({school}, 7) as reporting_lea, right({school}, 7) as {school_field},
        {_year_id(year)} as academic_year, p.ssid_text as ssid, r.local_student_id,
        p.first_name, p.last_name, p.birth_text as birth_date, p.gender"""


WITH_PERSON = "left join calpads_person as p on p.local_student_id = r.local_student_id"


def _transactions(job: Job, entity: str, where: str = "true") -> str:
    """Rows to send with their transaction: D gone, R a new version of a record sent before, T another."""
    rows = changed_rows if job.delivery.is_delta else sent_rows
    key = " and ".join(f"before.{column} is not distinct from now.{column}" for column in KEYS[entity])
    return f"""
        select now.*, case when exists (
            from facts.{entity} as before
            where before.district_code = now.district_code and before.known_to <= now.known_from and {key}
        ) then 'R' else 'T' end as transaction_type
        from {rows(entity, job.delivery)} as now where {where}
        union all
        select *, 'D' from {ended_rows(entity, job.delivery)} where {where}"""


def _senr(job: Job, _: int) -> str:
    return f"""
        select r.transaction_type, {_head("r.school_code", "r.school_year")},
            r.school_code || '_' || r.school_year || '_' || r.local_student_id || '_'
                || strftime(r.entry_date, '%Y%m%d') || '_' || r.enrollment_status as local_record_id,
            {ymd("r.entry_date")} as enrollment_start_date, r.enrollment_status, r.grade_level,
            {ymd("r.exit_date")} as enrollment_exit_date, r.exit_reason
        from ({_transactions(job, "enrollment")}) as r {WITH_PERSON}"""


def _sinf(job: Job, _: int) -> str:
    """A record a student; in a nightly delivery those of whom anything in it changed, parent education included."""
    parent = f"(from {sent_rows('student_program', job.delivery)} where program = 'PARENT_ED')"
    changed = "true"
    if job.delivery.is_delta:
        programs = [rows("student_program", job.delivery) for rows in (changed_rows, ended_rows)]
        parents = " union ".join(f"select local_student_id from {p} where program = 'PARENT_ED'" for p in programs)
        students = f"select local_student_id from {changed_rows('student', job.delivery)}"
        changed = f"r.local_student_id in ({students} union {parents})"
    races = ", ".join(f"split_part(r.race_codes, ';', {i}) as race_{i}" for i in range(1, 6))
    return f"""
        select 'T' as transaction_type, {_head("r.school_code", "r.school_year")},
            ({ymd("make_date(r.school_year - 1, 7, 1)")}) as effective_start_date,
            case r.is_hispanic when true then 'Y' when false then 'N' end as hispanic,
            case when r.is_hispanic is null then 'Y' end as ethnicity_missing,
            {races}, case when r.race_codes is null then 'Y' end as race_missing,
            parent.value as parent_education
        from calpads_person as r {WITH_PERSON}
        left join {parent} as parent on parent.local_student_id = r.local_student_id
        where {changed}
        union all by name
        select 'D' as transaction_type, r.local_student_id from {ended_rows("student", job.delivery)} as r"""


def _sprg(job: Job, _: int) -> str:
    where = "program not in ('EL_STATUS', 'PARENT_ED')"
    code = job.code("program", "r.program || ':' || r.value")
    return f"""
        select r.transaction_type, {_head("p.school_code", "p.school_year")}, {code} as program_code,
            {ymd("r.start_date")} as program_start_date, {ymd("r.end_date")} as program_end_date
        from ({_transactions(job, "student_program", where)}) as r {WITH_PERSON}"""


def _sela(job: Job, _: int) -> str:
    return f"""
        select r.transaction_type, {_head("p.school_code", "p.school_year")}, r.value as el_status,
            {ymd("r.start_date")} as el_status_start_date
        from ({_transactions(job, "student_program", "program = 'EL_STATUS'")}) as r {WITH_PERSON}"""


def _marks(job: Job, year: int, condition: str) -> str:
    """Final marks of a year; the section of a mark without one is empty."""
    return f"""(
        select * replace (case when section_id not like 'T-%' then section_id end as section_id)
        from {sent_rows("course_mark", job.delivery)} where school_year = {year} and is_final and {condition})"""


def _crsc(job: Job, year: int) -> str:
    return f"""
        select distinct 'R' as transaction_type, left(school_code, 7) as reporting_lea,
            right(school_code, 7) as school_of_course_delivery, {_year_id("school_year")} as academic_year,
            state_course_code, course_code, course_name,
            case is_ag when true then 'Y' when false then 'N' end as uc_csu_approved, section_id, term_code
        from {_marks(job, year, "lost_reason is distinct from 'bad_row'")}"""


def final_marks(job: Job, year: int, condition: str) -> str:
    """SCSC: final marks of a year for which `condition` (SQL on facts.course_mark) holds."""
    multiplier = job.contract.parameters.credit_multiplier if job.contract.parameters else 1
    return f"""
        select 'R' as transaction_type, {_head("r.school_code", "r.school_year", "school_of_course_delivery")},
            r.course_code, r.section_id, r.term_code,
            {_credits("r.credits_attempted", multiplier)} as credits_attempted,
            {_credits("r.credits_earned", multiplier)} as credits_earned, r.mark_raw as final_grade
        from {_marks(job, year, condition)} as r {WITH_PERSON}"""


def _credits(credits: str, multiplier: object) -> str:
    return f"rtrim(rtrim(cast(cast({credits} / {multiplier} as decimal(9, 4)) as varchar), '0'), '.')"


def _scsc(job: Job, year: int) -> str:
    return final_marks(job, year, "lost_reason is distinct from 'bad_row'")


def _differs(student: str) -> str:
    return f"md5_number_lower({student}) % {STAS_DIFFERS} = 0"


def _stas(job: Job, year: int) -> str:
    """Days per student and school as the daily rows say, but for those who differ by a day."""
    counts = {
        "oss_days": "category = 'oss'",
        "iss_days": "category = 'iss'",
        "excused_days": "category = 'excused'",
        "unexcused_days": "category = 'unexcused'",
        "incomplete_is_days": "category = 'nonada_is'",
    }
    listing = ", ".join(f"count(*) filter ({condition}) as {name}" for name, condition in counts.items())
    return f"""
        select 'R' as transaction_type, {_head("r.school_code", str(year))}, 'N' as exempt, 'N' as hourly_school,
            r.expected_days,
            r.expected_days - coalesce(a.oss_days + a.excused_days + a.unexcused_days + a.incomplete_is_days, 0)
                - case when {_differs("r.local_student_id")} then 1 else 0 end as days_attended,
            {", ".join(f"coalesce(a.{name}, 0) as {name}" for name in counts)}
        from (
            select local_student_id, school_code, count(*) as expected_days
            from {sent_rows("attendance_recorded", job.delivery)} where school_year = {year} group by all
        ) as r
        left join (
            select local_student_id, school_code, {listing}
            from {sent_rows("attendance_event", job.delivery)} where school_year = {year} group by all
        ) as a on a.local_student_id = r.local_student_id and a.school_code = r.school_code
        {WITH_PERSON}"""


def differing(job: Job, year: int) -> str:
    """Students and schools of a year whose absence summary differs from their daily rows."""
    recorded = sent_rows("attendance_recorded", job.delivery)
    return f"""
        select distinct local_student_id, school_code from {recorded}
        where school_year = {year} and {_differs("local_student_id")}"""


def _incidents(job: Job, year: int, fields: str) -> str:
    return f"""
        select 'R' as transaction_type, {_head("r.school_code", "r.school_year")}, r.incident_id, {fields}
        from {sent_rows("incident", job.delivery)} as r {WITH_PERSON} where r.school_year = {year}"""


def _sinc(job: Job, year: int) -> str:
    return _incidents(job, year, f"{ymd('r.incident_date')} as incident_date, 'N' as statutory_offense")


def _sirs(job: Job, year: int) -> str:
    result = job.code("incident_result", "coalesce(r.suspension_type, 'NONE')")
    days = "rtrim(rtrim(r.suspension_days::varchar, '0'), '.')"
    return _incidents(job, year, f"{result} as result_code, {days} as duration_days")


def _soff(job: Job, year: int) -> str:
    return _incidents(job, year, f"'{OFFENSE}' as offense_code")


def _schools(job: Job, year: int) -> str:
    return f"""
        select school_code as CDS_CODE, school_year as SCHOOL_YEAR, local_school_code as LOCATION_CODE,
            school_name as SCHOOL_NAME, school_type as SCHOOL_TYPE, low_grade as LOW_GRADE, high_grade as HIGH_GRADE,
            {_yes_no("is_reporting")} as REPORTING, staff_count as CERT_STAFF
        from {sent_rows("school", job.delivery)} where school_year = {year}"""


def _terms(job: Job, year: int) -> str:
    return f"""
        select school_code as CDS_CODE, school_year as SCHOOL_YEAR, term_code as TERM, start_date as BEGIN_DATE,
            end_date as END_DATE, {_yes_no("is_credit_bearing")} as CREDIT
        from {sent_rows("term", job.delivery)} where school_year = {year}"""


def _calendar(job: Job, year: int) -> str:
    return f"""
        select school_code as CDS_CODE, school_year as SCHOOL_YEAR, calendar_date as CAL_DATE
        from {sent_rows("calendar_day", job.delivery)} where school_year = {year}"""


def _yes_no(flag: str) -> str:
    return f"case {flag} when true then 'Y' when false then 'N' end"


def attendance(job: Job, month: str) -> str:
    """A row per student and day; a day without an event is plain presence."""
    first = f"date '{month[:4]}-{month[4:]}-01'"
    within = f"calendar_date between {first} and last_day({first})"
    return f"""
        select right(r.school_code, 7) as SCHOOL, r.local_student_id as STUDENT_ID, r.calendar_date as ATT_DATE,
            {job.code("attendance", "coalesce(e.category, 'present')")} as ATT_CODE
        from (from {sent_rows("attendance_recorded", job.delivery)} where {within}) as r
        left join (from {sent_rows("attendance_event", job.delivery)} where {within}) as e
            on e.local_student_id = r.local_student_id and e.school_code = r.school_code
            and e.calendar_date = r.calendar_date"""


TRANSACTIONS: Mapping[str, Rows] = {"senr": _senr, "sinf": _sinf, "sprg": _sprg, "sela": _sela}
YEARLY: Mapping[str, Rows] = {
    "crsc": _crsc,
    "scsc": _scsc,
    "stas": _stas,
    "sinc": _sinc,
    "sirs": _sirs,
    "soff": _soff,
    "misis_schools": _schools,
    "misis_terms": _terms,
    "misis_calendar": _calendar,
}
