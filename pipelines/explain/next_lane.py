"""What-if: the smallest changes that would pass the gate that stopped a student, worked out from the same rule rows.

A step raises a mark by one whole letter (F to D to C to B to A); an NP becomes a pass in one step, an incomplete that
counts as F becomes a letter as an F would. Of all ways with the fewest steps, the one that earns the most credits and
then raises the lowest marks is named. A change that serves several conditions counts once. What is named is judged
again by the rule rows: a lane is claimed only if it is reached.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from pipelines.explain.marks import WindowMark, add_up, letters, mark_rules, pass_mark, semester_course
from pipelines.explain.numbers import counted, credits, cut
from pipelines.explain.rules import STRICT, Judge, Measures, Rule, is_enough, margin

OF_MARKS = ("gpa", "n_f_core", "n_df_core", "n_df_elamath")


class Raised(NamedTuple):
    """A mark as it would have to be, and how many letters that is."""

    mark: WindowMark
    to: str
    steps: int


@dataclass(frozen=True)
class Changes:
    """What would have to be different, and the lane that would follow (None: the next lane is out of reach)."""

    raised: tuple[Raised, ...]
    days_fewer: int
    credits_more: Fraction
    lane: int | None
    obstacles: tuple[str, ...]


class _Level(NamedTuple):
    """One mark at one letter: what that does to each margin."""

    to: str
    steps: int
    gains: tuple[Fraction, ...]
    credit: Fraction
    rank: int


class _Way(NamedTuple):
    """A way so far: compared as (fewest steps, most credits, lowest marks, first marks)."""

    steps: int
    credit_lost: Fraction
    rank: int
    choices: tuple[tuple[int, int], ...]


def smallest_changes(
    rules: list[Rule], measures: Measures, marks: list[WindowMark] | None, keeps_plus_minus: bool, judge: Judge
) -> Changes:
    """The smallest changes that move a student with a lane below the top up by at least one lane.

    `marks` add up to `measures`, or are None where the marks behind them are not known here.
    """
    lane, answers = judge(rules, measures)
    missed = [answer.rule for answer in answers if answer.passes is False and answer.rule.lane == lane + 1]
    gate = [rule for rule in rules if missed and rule.gate == missed[0].gate]
    obstacles = []
    days_fewer = 0
    for rule in missed:
        if rule.measure == "n_suspensions":
            times = counted(measures.n_suspensions or 0, "suspension")
            obstacles.append(f"{times} on record: that cannot be undone in this year")
        if rule.measure == "attendance_rate":
            fewer = _days_fewer(rule, measures)
            if fewer is None:
                obstacles.append("no number of days present meets the rule on attendance")
            days_fewer = max(days_fewer, fewer or 0)
    raised: tuple[Raised, ...] | None = ()
    if any(rule.measure in OF_MARKS for rule in missed):
        if marks is None:
            obstacles.append("the marks known here do not add up to this snapshot, so none can be named")
        else:
            of_marks = [rule for rule in gate if rule.measure in OF_MARKS]
            raised = _raise_marks(of_marks, measures, marks, keeps_plus_minus)
    if raised is None:
        obstacles.append("no marks of this window, however good, meet the rules on marks")
        raised = ()
    after = apply(measures, marks or [], raised, days_fewer, Fraction(0), keeps_plus_minus)
    credits_more = max((_credits_lacking(rule, after) for rule in gate), default=Fraction(0))
    after = replace(after, credits_earned_total=after.credits_earned_total + credits_more)
    reached, _ = judge(rules, after)
    if not obstacles and reached <= lane:
        obstacles.append("these changes together do not meet every rule")
    return Changes(raised, days_fewer, credits_more, None if obstacles else reached, tuple(obstacles))


def apply(
    measures: Measures,
    marks: list[WindowMark],
    raised: tuple[Raised, ...],
    days_fewer: int,
    credits_more: Fraction,
    keeps_plus_minus: bool,
) -> Measures:
    """The measures as they would be with the changes. `marks` must add up to `measures` if any mark is raised."""
    absent = measures.days_absent
    if absent is not None:
        absent = max(Fraction(0), absent - days_fewer)
    gained = sum((_credit_gain(each.mark, each.to) for each in raised), credits_more)
    changed = replace(measures, days_absent=absent, credits_earned_total=measures.credits_earned_total + gained)
    if not raised:
        return changed
    to = {id(each.mark): each.to for each in raised}
    sums = add_up([_as(mark, to[id(mark)], keeps_plus_minus) if id(mark) in to else mark for mark in marks])
    return replace(changed, **sums._asdict())


def sentences(changes: Changes, measures: Measures) -> list[str]:
    """The changes in words, one line each."""
    lines = []
    if changes.raised:
        steps = sum(each.steps for each in changes.raised)
        lines.append(f"marks: {counted(steps, 'letter')} in {counted(len(changes.raised), 'mark')}")
        lines += [f"  {each.mark.row['mark']} in {each.mark.name} would be {each.to}" for each in changes.raised]
    if changes.days_fewer and measures.days_absent is not None:
        left = max(Fraction(0), measures.days_absent - changes.days_fewer)
        lines.append(
            f"attendance: {counted(changes.days_fewer, 'absent day')} fewer "
            f"({cut(left)} instead of {cut(measures.days_absent)})"
        )
    if changes.credits_more:
        courses = -(-changes.credits_more // semester_course())
        beside = " beside what these marks would earn" if changes.raised else ""
        lines.append(
            f"credits: {cut(changes.credits_more)} more{beside} ({counted(courses, 'semester course')} passed)"
        )
    return lines + [f"out of reach: {obstacle}" for obstacle in changes.obstacles]


def _days_fewer(rule: Rule, measures: Measures) -> int | None:
    """The fewest whole days that would have to be days present; None if none are enough."""
    absent = measures.days_absent or Fraction(0)
    for fewer in range(1, int(absent) + 2):
        left = margin(rule, replace(measures, days_absent=max(Fraction(0), absent - fewer)))
        if left is not None and is_enough(rule, left):
            return fewer
    return None


def _credits_lacking(rule: Rule, measures: Measures) -> Fraction:
    left = margin(rule, measures) if rule.measure == "credits_of_due" else None
    return Fraction(0) if left is None or is_enough(rule, left) else -left


def _raise_marks(
    rules: list[Rule], measures: Measures, marks: list[WindowMark], keeps_plus_minus: bool
) -> tuple[Raised, ...] | None:
    """The best way to raise marks until every rule on marks is met; None if there is none.

    Ways are kept by what they have gained so far for each rule, the best way for each: a gain that is enough is cut to
    what is needed, so few are kept. An incomplete that becomes a letter joins the GPA and may lower it, so incompletes
    come first, before anything is cut.
    """
    margins = [margin(rule, measures) for rule in rules]
    asked = [(rule, left) for rule, left in zip(rules, margins, strict=True) if left is not None]
    if all(is_enough(rule, left) for rule, left in asked):
        return ()
    held = [(index, mark) for index, mark in enumerate(marks) if not mark.is_out]
    levels = {index: _levels(mark, [rule for rule, _ in asked], keeps_plus_minus) for index, mark in held}
    order = sorted(levels, key=lambda index: (min(g for level in levels[index] for g in level.gains) >= 0, index))
    ways: dict[tuple[Fraction | None, ...], _Way] = {tuple(left for _, left in asked): _Way(0, Fraction(0), 0, ())}
    for index in order:
        options = levels[index]
        if len(options) == 1:
            continue
        may_lower = min(gain for level in options for gain in level.gains) < 0
        found: dict[tuple[Fraction | None, ...], _Way] = {}
        for state, way in ways.items():
            for number, level in enumerate(options):
                gained = tuple(
                    _gained(rule, so_far, gain, may_lower)
                    for (rule, _), so_far, gain in zip(asked, state, level.gains, strict=True)
                )
                choices = (*way.choices, (index, number)) if number else way.choices
                longer = _Way(way.steps + level.steps, way.credit_lost - level.credit, way.rank + level.rank, choices)
                if gained not in found or longer < found[gained]:
                    found[gained] = longer
        ways = found
    enough = [
        way
        for state, way in ways.items()
        if all(left is None or is_enough(rule, left) for (rule, _), left in zip(asked, state, strict=True))
    ]
    if not enough:
        return None
    return tuple(
        Raised(marks[index], levels[index][number].to, levels[index][number].steps)
        for index, number in sorted(min(enough).choices)
    )


def _gained(rule: Rule, so_far: Fraction | None, gain: Fraction, may_lower: bool) -> Fraction | None:
    """A margin after a gain; None once it is enough and nothing can lower it again."""
    if so_far is None:
        return None
    left = so_far + gain
    enough = left > 0 if rule.op in STRICT else left >= 0
    return None if enough and not may_lower else left


def _levels(mark: WindowMark, rules: list[Rule], keeps_plus_minus: bool) -> list[_Level]:
    """What the mark could be, the mark as it is first."""
    before = add_up([mark])
    out = [_Level(mark.letter or "", 0, (Fraction(0),) * len(rules), Fraction(0), 0)]
    for steps, to in enumerate(_higher(mark), start=1):
        after = add_up([_as(mark, to, keeps_plus_minus)])
        gains = []
        for rule in rules:
            if rule.measure == "gpa":
                points, graded = after.points - before.points, after.credits_graded - before.credits_graded
                gains.append(points - rule.value * graded)
            else:
                gains.append(Fraction(getattr(before, rule.measure) - getattr(after, rule.measure)))
        lowest = letters().index(mark.letter) if mark.letter in letters() else 0
        rank = sum(range(lowest, lowest + steps))
        out.append(_Level(to, steps, tuple(gains), _credit_gain(mark, to), rank))
    return out


def _higher(mark: WindowMark) -> list[str]:
    """Marks above this one, one step after the other; none for a mark that counts for nothing here."""
    rule = mark_rules().get(mark.row["mark"] or "")
    if rule is None:
        return []
    if rule.is_np:
        return [pass_mark()] if mark.as_low else []
    if rule.is_incomplete:
        return letters()[1:] if mark.as_f else []
    return letters()[letters().index(rule.letter) + 1 :] if mark.in_gpa else []


def _as(mark: WindowMark, to: str, keeps_plus_minus: bool) -> WindowMark:
    """The mark as another one."""
    rule = mark_rules()[to]
    points = rule.points_keep if keeps_plus_minus else rule.points_collapse
    return replace(mark, letter=rule.letter, points=points, in_gpa=rule.is_graded, as_f=rule.is_f, as_low=rule.is_low)


def _credit_gain(mark: WindowMark, to: str) -> Fraction:
    """Credits toward graduation that the mark would earn beside what it, or the mark that it repeats, has earned."""
    if not mark_rules()[to].earns_credit or (mark.row["grade_level_taken"] or "09") < "09":
        return Fraction(0)
    before = credits(mark.repeats["credits_earned"] or 0) if mark.repeats else Fraction(0)
    return max(Fraction(0), mark.attempted - max(mark.earned, before))
