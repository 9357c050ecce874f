{#- Which mark of a course a mark repeats (domain.md 3.1 rule 9), in DuckDB's dialect: lists of structs and lambdas.

    `marks` are the marks of one course code of a person in order of time; `this` is the one looked at; `originals` and
    `places` hold, for each mark before it, what it repeats (0 nothing, -1 a C or better) and its place in the year: its
    term, or the place of what it repeats. -#}
{#- Earlier D, F, NP and I marks that count and that nothing replaces yet. Local codes of two districts are the same course only with
    the same state course code. -#}
{% macro open_originals() -%}
    list_filter(
        marks,
        lambda o:o.moment < this.moment
        and o.is_replaceable
        and originals[o.mark_number] >= 0
        and not list_contains(originals, o.mark_number)
        and (o.district_code = this.district_code or o.state_course_code = this.state_course_code)
    )
{%- endmacro %}

{#- Number of the mark that `this` repeats. A choice is the least of keys that end in the number of the mark:
    - tagged by the source: the same place first, then the latest year, then the earliest term;
    - a summer mark: of the year just ended, what was not passed before a D, then the earliest term;
    - a mark of a later year: the same place, the latest. -#}
{% macro repeated_mark() -%}
    case
        when not this.is_repeat_result
        then 0
        when this.is_tagged
        then
            coalesce(
                list_min(
                    list_transform(
                        open_marks,
                        lambda o: case when places[o.mark_number] = this.term_code then 0 else 1 end
                        * 10000000
                        + (9999 - o.school_year) * 1000
                        + o.mark_number
                    )
                )
                % 1000,
                case
                    when
                        len(
                            list_filter(
                                marks,
                                lambda o:o.moment < this.moment
                                and not o.is_replaceable
                                and (
                                    o.district_code = this.district_code
                                    or o.state_course_code = this.state_course_code
                                )
                            )
                        )
                        > 0
                    then -1
                    else 0
                end
            )
        when this.is_summer
        then
            coalesce(
                list_min(
                    list_transform(
                        list_filter(open_marks, lambda o:o.school_year = this.school_year),
                        lambda o: case when o.has_passed then 1000 else 0 end + o.mark_number
                    )
                )
                % 1000,
                0
            )
        else
            coalesce(
                list_max(
                    list_transform(
                        list_filter(
                            open_marks,
                            lambda o:o.school_year < this.school_year
                            and places[o.mark_number] = this.term_code
                        ),
                        lambda o:o.mark_number
                    )
                ),
                0
            )
    end
{%- endmacro %}
