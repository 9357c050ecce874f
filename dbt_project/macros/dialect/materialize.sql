{# Tables and views in DuckDB, each by one statement that replaces what was there: dbt-duckdb's own way (build beside,
   rename, rename, drop) asks dbt for its context three times a model, which costs more than most models themselves.
   A model that fails leaves the old table, since its transaction is rolled back. #}
{% materialization table, adapter = "duckdb", supported_languages = ["sql", "python"] %}
    {%- set language = model["language"] -%}
    {%- set target = this.incorporate(type="table") -%}
    {%- set existing = load_cached_relation(this) -%}
    {{- run_hooks(pre_hooks, inside_transaction=True) -}}
    {%- if existing is not none and (existing.type != "table" or language == "python") -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
    {%- call statement("main", language=language) -%}
        {%- if language == "python" -%}
            {{- py_write_table(temporary=False, relation=target, compiled_code=compiled_code) -}}
        {%- else -%} create or replace table {{ target }} as ({{ compiled_code }}
        )
        {%- endif -%}
    {%- endcall -%}
    {{- run_hooks(post_hooks, inside_transaction=True) -}}
    {%- do comment_on(target) -%}
    {%- do adapter.commit() -%}
    {{- return({"relations": [target]}) -}}
{% endmaterialization %}

{% materialization view, adapter = "duckdb" %}
    {%- set target = this.incorporate(type="view") -%}
    {%- set existing = load_cached_relation(this) -%}
    {{- run_hooks(pre_hooks, inside_transaction=True) -}}
    {%- if existing is not none and existing.type != "view" -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
    {%- call statement("main") -%}
        create or replace view {{ target }} as ({{ sql }}
        )
    {%- endcall -%}
    {{- run_hooks(post_hooks, inside_transaction=True) -}}
    {%- do comment_on(target) -%}
    {%- do adapter.commit() -%}
    {{- return({"relations": [target]}) -}}
{% endmaterialization %}

{# The yml's descriptions as comments, where the model asks for them. A described column that is not there is an error. #}
{% macro comment_on(relation) %}
    {%- set comments = [] -%}
    {%- if config.persist_relation_docs() and model.description -%}
        {%- do comments.append(duckdb__alter_relation_comment(relation, model.description)) -%}
    {%- endif -%}
    {%- if config.persist_column_docs() -%}
        {%- for column in model.columns.values() if column.description -%}
            {%- do comments.append(
                "comment on column %s.%s is %s;"
                % (relation, adapter.quote(column.name), duckdb_escape_comment(column.description))
            ) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if comments -%}
        {%- call statement("comments") -%} {{ comments | join("\n") }} {%- endcall -%}
    {%- endif -%}
{% endmacro %}
