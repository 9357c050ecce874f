"""One row per public figure that is hidden: by the rules of public_hidden_first, and by what the audit finds beyond."""


def model(dbt, session):
    """Look, hide, look again until no small count can be bounded too narrowly. No rule is here: pipelines/privacy."""
    from pipelines.privacy.hide import hidden_figures
    from pipelines.privacy.joint import BEFORE_COUNTS, BEFORE_TERMS, Before
    from pipelines.privacy.tables import Tables, fetch

    return hidden_figures(
        Tables(
            counts=fetch(dbt.ref("public_count"), "count_id, n, keep_rank"),
            terms=fetch(dbt.ref("public_system"), "equation_id, unknown_id, n, coefficient"),
            figures=fetch(
                dbt.ref("public_primary"), "figure_id, denominator_id, numerator_id, without_id, extreme, bound"
            ),
            links=fetch(dbt.ref("public_link"), "figure_id, count_id"),
            follows=fetch(dbt.ref("public_follow"), "figure_id, follower_id"),
            hidden=fetch(dbt.ref("public_hidden_first"), "figure_id"),
        ),
        Before(
            counts=fetch(dbt.ref("restated_count"), BEFORE_COUNTS),
            terms=fetch(dbt.ref("restated_term"), BEFORE_TERMS),
        ),
    )
