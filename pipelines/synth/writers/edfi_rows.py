"""Ed-Fi resources from facts: SQL with the contract's column names, typed as JSON should show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.synth.plan import DeliveryPlan
from pipelines.synth.writers import sent_rows

if TYPE_CHECKING:
    from pipelines.landing.contract import Contract

STATE_ID = "uri://ed-fi.org/StudentIdentificationSystemDescriptor#State"
STATE_COURSE = "uri://ed-fi.org/CourseIdentificationSystemDescriptor#State course code"
NINTH_GRADE = "uri://ed-fi.org/CohortYearTypeDescriptor#Ninth grade"
# Marks that a reader can take; the others are written broken, and stand in no other resource.
GOOD = "lost_reason is distinct from 'bad_row'"
ATTEMPT = "uri://ed-fi.org/CourseAttemptResultDescriptor#"
GRADES = ["KN", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"]


@dataclass(frozen=True)
class Job:
    """The state of one district at the date of a delivery, and its contract's codes, read backwards."""

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

    def coded(self, map_name: str, value: str) -> str:
        """As `code`, and NULL for NULL."""
        return f"case when {value} is not null then {self.code(map_name, value)} end"

    def rows(self, entity: str) -> str:
        """SQL: the rows of an entity that the district knows on the delivery's date."""
        return sent_rows(entity, self.delivery)


# Rows of a resource; the condition chooses marks by lost_reason and is ignored elsewhere.
Resource = Callable[[Job, str], str]

SCHOOL = "r.school_code::bigint as school_id"
STUDENT = "r.local_student_id as student_unique_id"


def _schools(job: Job, _: str) -> str:
    grades = f"[{', '.join(repr(grade) for grade in GRADES)}]"
    grade = job.code("grade_level", "g")
    return f"""
        select {SCHOOL}, r.school_year, r.local_school_code as local_code, r.school_name as name,
            {job.coded("school_type", "r.school_type")} as school_category,
            list_transform(
                list_filter({grades}, lambda g : list_position({grades}, g)
                    between list_position({grades}, r.low_grade) and list_position({grades}, r.high_grade)),
                lambda g : {{'gradeLevelDescriptor': {grade}}}) as grade_levels,
            r.is_reporting, r.staff_count
        from {job.rows("school")} as r"""


def _session_name(alias: str) -> str:
    return f"({alias}.school_year - 1)::varchar || '-' || {alias}.school_year::varchar || ' ' || {alias}.term_code"


def _sessions(job: Job, _: str) -> str:
    return f"""
        select {SCHOOL}, r.school_year, {_session_name("r")} as session_name,
            {job.code("term", "r.term_code")} as term, r.start_date as begin_date, r.end_date
        from {job.rows("term")} as r where r.is_credit_bearing"""


def _grading_periods(job: Job, _: str) -> str:
    return f"""
        select {SCHOOL}, r.school_year, {job.code("grading_period", "r.term_code")} as grading_period,
            r.start_date as begin_date, r.end_date
        from {job.rows("term")} as r where not r.is_credit_bearing"""


def _calendar_dates(job: Job, _: str) -> str:
    """School days, and Labor Day as a day on which there is none."""
    events = "[{{'calendarEventDescriptor': {0}}}] as calendar_events"
    labor_day = "make_date(r.school_year - 1, 9, 1) + ((8 - isodow(make_date(r.school_year - 1, 9, 1))) % 7)::integer"
    calendar = "r.school_code || '-' || r.school_year as calendar_code"
    return f"""
        select {SCHOOL}, r.school_year, {calendar}, r.calendar_date as date,
            {events.format(job.code("calendar_event", "'instructional'"))}
        from {job.rows("calendar_day")} as r
        union all
        select distinct {SCHOOL}, r.school_year, {calendar}, {labor_day} as date,
            {events.format(job.code("calendar_event", "'none'"))}
        from {job.rows("calendar_day")} as r
        where not exists (
            from {job.rows("calendar_day")} as d
            where d.school_code = r.school_code and d.calendar_date = {labor_day})"""


def _students(job: Job, _: str) -> str:
    return f"""
        select {STUDENT}, r.first_name, r.last_name,
            coalesce(r.birth_date_sent, r.birth_date::varchar) as birth_date
        from {job.rows("student")} as r"""


def _student_demographics(job: Job, _: str) -> str:
    """What the district knows of a student, with EL status and parent education as characteristics."""
    characteristic = job.code("student_characteristic", "c.program || ':' || c.value")
    ssid = "nullif(coalesce(r.ssid_sent, r.ssid), '')"
    return f"""
        select {STUDENT}, r.district_code::integer as education_organization_id,
            {job.coded("gender", "r.gender")} as sex,
            r.is_hispanic as hispanic,
            case when r.race_codes is not null then list_transform(
                string_split(r.race_codes, ';'), lambda x : {{'raceDescriptor': {job.code("race", "x")}}}) end as races,
            case when {ssid} is not null then
                [{{'studentIdentificationSystemDescriptor': '{STATE_ID}', 'identificationCode': {ssid}}}]
            end as identification_codes,
            case when r.first_grade9_year is not null then [{{'cohortYearTypeDescriptor': '{NINTH_GRADE}',
                'schoolYearTypeReference': {{'schoolYear': r.first_grade9_year}}}}] end as cohort_years,
            held.characteristics
        from {job.rows("student")} as r
        left join (
            select local_student_id, list({{'studentCharacteristicDescriptor': descriptor, 'periods': periods}}
                order by descriptor) as characteristics
            from (
                select c.local_student_id, {characteristic} as descriptor,
                    list({{'beginDate': c.start_date, 'endDate': c.end_date}} order by c.start_date)
                        filter (c.start_date is not null) as periods
                from {job.rows("student_program")} as c where c.program in ('EL_STATUS', 'PARENT_ED')
                group by all
            )
            group by local_student_id
        ) as held on held.local_student_id = r.local_student_id"""


def _student_programs(job: Job, _: str) -> str:
    return f"""
        select {STUDENT}, r.program as part, {job.code("program", "r.program || ':' || r.value")} as program,
            'uri://ed-fi.org/ProgramTypeDescriptor#Other' as program_type, r.start_date as begin_date, r.end_date
        from {job.rows("student_program")} as r where r.program not in ('EL_STATUS', 'PARENT_ED')"""


def _student_school_associations(job: Job, _: str) -> str:
    return f"""
        select {STUDENT}, {SCHOOL}, r.school_year, r.entry_date, r.exit_date,
            {job.coded("grade_level", "r.grade_level")} as entry_grade_level,
            {job.coded("exit_reason", "r.exit_reason")} as exit_type,
            {job.coded("enrollment_status", "r.enrollment_status")} as enrollment_type,
            r.enrollment_status = '10' as primary_school
        from {job.rows("enrollment")} as r"""


def _courses(job: Job, _: str) -> str:
    level = job.code("course_level", "case when is_ag then 'AG' else 'NOT_AG' end")
    return f"""
        select course_code, school_code::bigint as org_id, min(course_name) as title,
            case when min(state_course_code) is not null then [{{
                'courseIdentificationSystemDescriptor': '{STATE_COURSE}', 'identificationCode': min(state_course_code)
            }}] end as identification_codes,
            case when bool_or(is_ag) is not null then [{{'courseLevelCharacteristicDescriptor': min({level})}}] end
            as level_characteristics
        from {job.rows("course_mark")} where {GOOD} group by course_code, school_code"""


def _sections(job: Job, _: str) -> str:
    return f"""
        select distinct {SCHOOL}, r.school_year, {_session_name("r")} as session_name, r.course_code, r.section_id
        from {job.rows("course_mark")} as r where r.section_id not like 'T-%' and r.{GOOD}"""


def _mark_head() -> str:
    return f"""{STUDENT}, {SCHOOL}, r.school_year, r.course_code,
            case when r.section_id not like 'T-%' then r.section_id end as section_id, r.mark_raw as letter_grade,
            r.posted_date"""


def _course_transcripts(job: Job, condition: str) -> str:
    multiplier = job.contract.parameters.credit_multiplier if job.contract.parameters else 1
    repeat = job.code("course_repeat", "case when r.is_repeat then 'REPEAT' else 'NOT_REPEAT' end")
    return f"""
        select {_mark_head()}, {job.code("term", "r.term_code")} as term, r.school_code::bigint as course_org_id,
            r.course_name as course_title, {job.coded("grade_level", "r.grade_level_taken")} as grade_level_taken,
            cast(r.credits_attempted / {multiplier} as decimal(9, 4)) as credits_attempted,
            cast(r.credits_earned / {multiplier} as decimal(9, 4)) as credits_earned,
            '{ATTEMPT}' || case when r.credits_earned > 0 then 'Pass' else 'Fail' end as attempt_result,
            case when r.is_repeat is not null then {repeat} end as repeat_code,
            case when r.is_transfer then 'Another school' end as external_school
        from {job.rows("course_mark")} as r where r.is_final and {condition}"""


def _grades(job: Job, _: str) -> str:
    return f"""
        select {_mark_head()}, {_session_name("r")} as session_name,
            {job.code("grading_period", "r.term_code")} as grading_period,
            'uri://ed-fi.org/GradeTypeDescriptor#Grading Period' as grade_type,
            {job.coded("grade_level", "r.grade_level_taken")} as grade_level_taken
        from {job.rows("course_mark")} as r where not r.is_final and r.{GOOD}"""


def _academic_records(job: Job, _: str) -> str:
    kind = job.code("gpa_type", "case when r.is_weighted then 'weighted' else 'unweighted' end")
    return f"""
        select {STUDENT}, r.district_code::bigint as school_id, r.school_year,
            {job.code("term", "r.term_code")} as term,
            list({{'gradePointAverageTypeDescriptor': {kind}, 'isCumulative': false, 'gradePointAverageValue': r.gpa}}
                order by r.is_weighted) as grade_point_averages
        from {job.rows("supplied_gpa")} as r
        group by r.local_student_id, r.district_code, r.school_year, r.term_code"""


def _attendance_events(job: Job, _: str) -> str:
    return f"""
        select {STUDENT}, {SCHOOL}, r.school_year, max({_session_name("t")}) as session_name,
            r.calendar_date as event_date, {job.code("attendance", "r.category")} as category
        from {job.rows("attendance_event")} as r
        left join {job.rows("term")} as t
            on t.school_code = r.school_code and t.school_year = r.school_year and t.is_credit_bearing
            and t.term_code <> 'SS' and r.calendar_date between t.start_date and t.end_date
        group by r.local_student_id, r.school_code, r.school_year, r.calendar_date, r.category"""


def _discipline_incidents(job: Job, _: str) -> str:
    return f"""
        select distinct r.incident_id, {SCHOOL}, r.incident_date from {job.rows("incident")} as r"""


def _student_incidents(job: Job, _: str) -> str:
    return f"""select distinct {STUDENT}, {SCHOOL}, r.incident_id from {job.rows("incident")} as r"""


def _discipline_actions(job: Job, _: str) -> str:
    """One action per student and incident; a conference where no removal followed."""
    discipline = job.code("discipline", "coalesce(r.suspension_type, 'NONE')")
    return f"""
        select {STUDENT}, {SCHOOL}, r.incident_id || '-' || r.local_student_id as action_id,
            r.incident_date as discipline_date,
            [{{'studentDisciplineIncidentAssociationReference': {{'incidentIdentifier': r.incident_id,
                'schoolId': r.school_code::bigint, 'studentUniqueId': r.local_student_id}}}}] as incidents,
            [{{'disciplineDescriptor': {discipline}}}] as disciplines,
            r.suspension_days as length, r.suspension_days as actual_length
        from {job.rows("incident")} as r"""


RESOURCES: Mapping[str, Resource] = {
    "schools": _schools,
    "sessions": _sessions,
    "grading_periods": _grading_periods,
    "calendar_dates": _calendar_dates,
    "students": _students,
    "student_demographics": _student_demographics,
    "student_programs": _student_programs,
    "student_school_associations": _student_school_associations,
    "courses": _courses,
    "sections": _sections,
    "course_transcripts": _course_transcripts,
    "grades": _grades,
    "academic_records": _academic_records,
    "attendance_events": _attendance_events,
    "discipline_incidents": _discipline_incidents,
    "student_incidents": _student_incidents,
    "discipline_actions": _discipline_actions,
}
