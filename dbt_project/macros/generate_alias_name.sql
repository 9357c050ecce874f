{#- Models of the published tiers are named <tier>__<table>; the table has the name of the contract. -#}
{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
    {%- if custom_alias_name -%} {{ custom_alias_name | trim }}
    {%- elif node.fqn | length > 2 and node.fqn[1] == "published" and "__" in node.name -%}
        {{ node.name.split("__", 1)[1] }}
    {%- else -%} {{ node.name }}
    {%- endif -%}
{%- endmacro %}
