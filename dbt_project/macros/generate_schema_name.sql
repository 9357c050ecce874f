{#- Schemas are the rooms of the warehouse, named as in docs/architecture.md, with no target prefix. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
