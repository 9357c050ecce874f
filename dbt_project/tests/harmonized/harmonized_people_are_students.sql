-- Everybody in a table of tonight is a student; a row is counted, never shown.
{%- set tables = [
    "enrollment",
    "course_mark",
    "attendance_term",
    "incident",
    "student_group_year",
    "student_term",
    "student_window",
] -%}
{% for table in tables %}
    select '{{ table }}' as table_name, count(*) as n_rows
    from {{ ref(table) }} as rows_of_table
    anti join {{ ref("student") }} as student using (person_id)
    {% if table not in ("student_group_year", "student_term") %}
        where rows_of_table.vantage = 'current'
    {% endif %}
    having count(*) > 0 {{ "union all" if not loop.last }}
{% endfor %}
