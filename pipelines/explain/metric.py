"""`core explain METRIC`: a published figure, its definition, rule rows, counts by reason, deliveries and students."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from pipelines.explain.errors import CannotExplainError, WrongQuestionError
from pipelines.explain.figure import Question, definition_of, figures_of, headline
from pipelines.explain.marks import rule_grade
from pipelines.explain.numbers import counted, cut, days
from pipelines.explain.recount import Counted, Recount, count, recount_of
from pipelines.explain.released import Released, Row
from pipelines.explain.rules import Rule, rules_of

DELIVERIES_SHOWN = 6
# a mean of doubles depends on their order in the last places
GPA_ROUNDING = 1e-9


def explain_metric(released: Released, question: Question, rule_sets: list[str]) -> list[str]:
    """The lines to print. Raises WrongQuestionError for what does not exist, CannotExplainError without access."""
    if question.tier not in ("partner", "public"):
        raise WrongQuestionError(f"no tier {question.tier!r} of figures; there are partner, public")
    if not released.has(question.tier):
        raise CannotExplainError(f"access to the {question.tier} tier is needed: it cannot be read here")
    definition = definition_of(released, question.subject)
    rule_set = released.rule_set(rule_sets)
    figures = figures_of(released, question, rule_set["rule_set"])
    figure = headline(figures, rule_set)
    recount = recount_of(released, question.subject)
    found, unread = _count(released, recount, figure, question.limit)
    lines = [
        f"{question.subject}: {definition['name']}; release {released.folder.name}, rule set {rule_set['rule_set']}"
    ]
    lines += [
        f"  {definition['definition']}",
        f"  formula: {definition['formula']}",
        f"  source: {definition['source']}",
    ]
    lines += _rule_lines(released, recount, figure, rule_set)
    lines += ["", *_figure_lines(figure, question.tier, len(figures))]
    lines += _count_lines(figure, recount, found, unread)
    lines += _reason_lines(released, question.tier, figure, recount, found)
    lines += _delivery_lines(released, figure, found)
    return lines + _student_lines(recount, found, question.limit)


def _count(released: Released, recount: Recount, figure: Row, limit: int) -> tuple[Counted | None, list[str]]:
    """The second count, and the districts whose students it misses; None where nothing can be counted."""
    names = {code: row["district"] for code, row in released.districts().items()}
    if figure["level"] == "school":
        of_school = released.rows(
            released.open_words(),
            "select district_code from {t}.dim_school where school_code = ?",
            figure["entity_code"],
        )
        asked = [names[row["district_code"]] for row in of_school]
    elif figure["level"] == "district":
        asked = [names[figure["entity_code"]]]
    else:
        asked = sorted(names.values())
    readable = [f"restricted/{name}" for name in asked if released.has(f"restricted/{name}")]
    unread = [name for name in asked if f"restricted/{name}" not in readable]
    if not readable:
        return None, unread
    return count(released, readable, recount, figure, limit), unread


def _rule_lines(released: Released, recount: Recount, figure: Row, rule_set: Row) -> list[str]:
    if not recount.follows_from_lanes:
        return []
    grades = {rule_grade(code) for code in (figure["basis"], figure["snapshot_code"]) if code}
    rules = [rule for rule in rules_of(released, rule_set["lane_rule_version"]) if rule.grade in grades]
    if not rules:
        return ["  lanes of this rule set came in a file and were computed elsewhere: no rule rows decide them"]
    lines = ["  lanes are decided by these rows of lane_rule; the first gate not passed stops a student"]
    for grade in sorted(grades):
        of_grade = [rule for rule in rules if rule.grade == grade]
        for gate, of_gate in groupby(of_grade, key=lambda rule: rule.gate):
            lines.append(f"    {rule_set['lane_rule_version']} grade {grade} {gate}: {_conditions(list(of_gate))}")
    return lines


def _conditions(rules: list[Rule]) -> str:
    return ", ".join(f"{rule.measure} {rule.op} {cut(rule.value, 4)}" for rule in rules)


def _figure_lines(figure: Row, tier: str, n_figures: int) -> list[str]:
    which = f"{figure['snapshot_code']}" + (f" from {figure['basis']}" if figure["basis"] else "")
    lines = [
        f"{figure['entity_name']} ({figure['entity_code']}), cohort {figure['cohort_year']}, {which}, "
        f"group {figure['group_code']}"
    ]
    state = "provisional" if figure["is_provisional"] else "settled"
    shown = _fraction(figure["numerator"], figure["denominator"])
    hidden = "" if figure["suppression"] == "none" else f", {figure['suppression']}"
    warning = f", warning: {figure['warning']}" if figure["warning"] else ""
    lines.append(f"  published in the {tier} tier: {figure['display']}{shown}, {state}{hidden}{warning}")
    if n_figures > 1:
        lines.append(f"  {n_figures - 1} other(s) of this year stand beside it: choose with --snapshot and --basis")
    return lines


def _fraction(numerator: int | None, denominator: int | None) -> str:
    if denominator is None:
        return ""
    return f" (of {denominator})" if numerator is None else f" ({numerator}/{denominator})"


def _count_lines(figure: Row, recount: Recount, found: Counted | None, unread: list[str]) -> list[str]:
    if found is None:
        return [f"  not counted again: that needs access to the restricted tier of {', '.join(unread)}"]
    value = "" if found.value is None else f", {found.value:.4f}"
    lines = [f"  counted again from students' rows:{_fraction(found.numerator, found.denominator)}{value}"]
    if figure["denominator"] is None:
        lines.append("  the figure is hidden, so there is nothing to set this against; keep it in the restricted tier")
    elif is_same(figure, found):
        lines.append("  the two agree")
    elif figure["suppression"] == "coded":
        lines.append("  the figure is coded at top or bottom, so its counts are not shown")
    else:
        lines.append(f"  the two DIFFER: {_why(figure, unread)}")
    return lines


def is_same(figure: Row, found: Counted) -> bool:
    """Whether the second count is the published one."""
    if (found.numerator, found.denominator) != (figure["numerator"], figure["denominator"]):
        return False
    return found.value is None or abs(found.value - figure["value"]) < GPA_ROUNDING


def _why(figure: Row, unread: list[str]) -> str:
    if unread:
        return f"students of {', '.join(unread)} cannot be read here"
    if figure["level"] == "btsc_cohort":
        return "a network's cohort is counted over all districts"
    if figure["group_code"] != "ALL":
        return "a student's groups after the last day in a district stand in another's database"
    return "tell the data team"


def _reason_lines(released: Released, tier: str, figure: Row, recount: Recount, found: Counted | None) -> list[str]:
    """Members without a lane or movement, by reason: from students' rows, else as far as the tier shows them."""
    if recount.is_of_years:
        return []
    if found is not None:
        if not found.reasons:
            return [f"  all {found.n_students} members of the cohort are covered"]
        lines = [f"  members of the cohort ({found.n_students}) who are not covered, by reason"]
        return lines + [f"    {row['reason']}: {row['n']}" for row in found.reasons]
    if figure["basis"] is None:
        return []
    rows = released.rows(
        tier,
        "select metric_code, display, numerator, denominator from {t}.metric where metric_code like 'coverage%' "
        "and level = ? and entity_code = ? and group_type = ? and group_code = ? and rule_set = ? and cohort_year = ? "
        "and snapshot_code = ? and basis = ? and numerator is distinct from 0 order by metric_code",
        *(figure[name] for name in ("level", "entity_code", "group_type", "group_code", "rule_set", "cohort_year")),
        figure["snapshot_code"], figure["basis"],
    )  # fmt: skip
    lines = [f"  coverage and reasons as the {tier} tier shows them"] if rows else []
    return lines + [
        f"    {row['metric_code']}: {row['display']}{_fraction(row['numerator'], row['denominator'])}" for row in rows
    ]


def _delivery_lines(released: Released, figure: Row, found: Counted | None) -> list[str]:
    """Deliveries in force, of the districts that the students behind the figure attended."""
    names = {code: row["district"] for code, row in released.districts().items()}
    if found is not None:
        concerned = sorted(names[code] for code in found.districts if code in names)
    else:
        codes = [figure["entity_code"][:7]] if figure["level"] in ("school", "district") else list(names)
        concerned = sorted(names[code] for code in codes if code in names)
    lines = ["  deliveries behind it (files in force)"]
    for district in concerned:
        files = Counter(file.delivery for file in released.manifest.inputs if file.district == district)
        latest = sorted(files, reverse=True)
        shown = ", ".join(f"{name} ({files[name]})" for name in latest[:DELIVERIES_SHOWN])
        more = len(latest) - DELIVERIES_SHOWN
        lines.append(f"    {district}: {shown}" + (f" and {more} earlier" if more > 0 else ""))
    return lines


def _student_lines(recount: Recount, found: Counted | None, limit: int) -> list[str]:
    if found is None or limit <= 0:
        return []
    whose = "of the year" if recount.is_of_years else "of the cohort"
    lines = [f"  {counted(found.n_students, 'member')} {whose} (+ in the numerator, o in the denominator alone)"]
    for row in found.students:
        sign = "." if not row["is_in"] else "+" if row["counted"] else "o"
        lines.append(f"    {sign} {row['student_key']}  {_row_in_words(recount, row)}")
    more = found.n_students - len(found.students)
    return lines + ([f"    and {more} more: --limit"] if more > 0 else [])


def _row_in_words(recount: Recount, row: Row) -> str:
    if recount.is_of_years:
        absent = "unknown" if row["days_absent"] is None else cut(days(row["days_absent"]))
        return (
            f"{absent} absent of {cut(days(row['days_expected']))}, suspended {counted(row['n_suspensions'], 'time')}"
        )
    lanes = f"{row['start_lane']} -> {row['end_lane']}" if "start_lane" in row else f"lane {row['end_lane']}"
    return f"{lanes}, {row['outcome'] or row['reason']}"
