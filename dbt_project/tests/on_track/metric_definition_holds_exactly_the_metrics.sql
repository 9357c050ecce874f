{%- set codes = ["mean_gpa", "median_gpa"] -%}
{%- for metric in snapshot_metrics() + movement_metrics() + companion_metrics() -%}
    {%- do codes.append(metric.code) -%}
{%- endfor -%}
-- Codes that are computed without a definition, or defined without being computed.
with
    computed as (select unnest(['{{ codes | join("', '") }}']) as metric_code),

    defined as (select metric_code from {{ ref("metric_definition") }})

select metric_code
from
    (
        (
            select *
            from computed
            except
            select *
            from defined
        )
        union all
        (
            select *
            from defined
            except
            select *
            from computed
        )
    )
