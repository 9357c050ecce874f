"""Rows of aim_progress worked out again, from what tests/reference/improvement.py reads of an open tier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from tests.reference.improvement import AIM, FEWEST, Cell, Figure, Published, Row, seed

#: in the order in which they apply
REASONS = ("left_network", "not_frozen", "not_comparable", "no_baseline", "no_current", "hidden", "too_few", "zero_baseline")  # fmt: skip
Pair = tuple[int, int, int, int]


class Aims:
    """`partner` says where there is anybody to speak of, `tier` what is shown of them."""

    def __init__(self, tier: Published, partner: Published) -> None:
        self.tier, self.partner = tier, partner
        self.breaks = [(int(r["school_year"]), r["district_code"], r["is_comparable"] == "true") for r in seed("series_break")]  # fmt: skip
        self.schools_of = defaultdict(set)
        for code, network, cohort, *_ in tier.memberships:
            self.schools_of[f"{network}-{cohort}"].add(code)

    def rows(self) -> Iterator[tuple[tuple[Any, ...], Row]]:
        """Rows by (school or None, cohort_year, rule_set)."""
        for rule_set in self.tier.rule_sets:
            cohorts = sorted({c.cohort for c in self.partner.figures if c.metric == "movement_rate"})
            for cohort in (c for c in cohorts if self._is_frozen("movement", c, rule_set)):
                schools = {code: self._school(code, cohort, rule_set) for code in {m[0] for m in self.tier.memberships}}
                rows = {code: row for code, row in schools.items() if row}
                yield from (((code, cohort, rule_set), row) for code, row in rows.items())
                members = {code: row for code, row in rows.items() if row["member"]}
                if members:
                    yield (None, cohort, rule_set), self._network(members, cohort, rule_set)

    def _figure(self, of: Published, name: str, level: str, place: str, cohort: int, rule_set: str) -> Figure | None:
        metric, snapshot, basis, *_ = AIM[name]
        found = of.figures.get(Cell(metric, cohort, snapshot, basis, level, place, rule_set), {}).get("ALL")
        return None if found is None or found.provisional else found

    def _is_frozen(self, name: str, cohort: int, rule_set: str) -> bool:
        return self._figure(self.partner, name, "collaborative", "CORE", cohort, rule_set) is not None

    def _membership(self, code: str, cohort: int) -> tuple[bool, str, int] | None:
        """(is a member, network cohort, baseline) of the membership that counts."""
        begun = [m[1:] for m in self.tier.memberships if m[0] == code and m[3] <= cohort]
        running = [m for m in begun if m[3] is None or m[3] >= cohort]
        if running:
            network, name, start, _ = min(running, key=lambda m: (m[2], m[0], m[1]))
        elif begun:
            network, name, start, _ = min(begun, key=lambda m: (-m[3], -m[2], m[0], m[1]))
        else:
            return None
        return bool(running), f"{network}-{name}", start - 1

    def _school(self, code: str, cohort: int, rule_set: str) -> Row | None:
        membership = self._membership(code, cohort)
        if membership is None:
            return None
        member, btsc_cohort, baseline = membership
        row: Row = {"member": member, "btsc_cohort": btsc_cohort, "baseline_cohort_year": baseline, "pairs": {}, "reasons": {}, "kinds": set()}  # fmt: skip
        for name, (*_, first, last) in AIM.items():
            sides = []
            for side, year in (("base", baseline), ("current", cohort)):
                figure = self._figure(self.tier, name, "school", code, year, rule_set)
                counted = self._figure(self.partner, name, "school", code, year, rule_set)
                sides.append((figure, counted))
                row[f"{name}_{side}_n"] = figure.n if figure else None
                row[f"{name}_{side}"] = figure.x / figure.n if figure and figure.x is not None and figure.n else None
                if counted and not (figure and figure.shown):
                    row["kinds"].add(figure.kind if figure and figure.kind == "coded" else "suppressed")
            reason = self._reason(name, code, baseline, cohort, rule_set, sides, first, last)
            row["reasons"][name] = reason if member else "left_network"
            (base, _), (now, _) = sides
            if base and now and base.shown and now.shown and reason != "not_comparable":
                row["pairs"][name] = (base.x, base.n, now.x, now.n)
        self._judge(row, row["pairs"], rule_set)
        row |= {"fewer_vulnerable_met": None, "more_move_up_met": None}
        bullets = [row["reasons"][name] for name in ("movement", "off_track") if row["reasons"][name]]
        row["not_evaluated_reason"] = min(bullets, key=REASONS.index) if bullets else None
        row["aim_met"] = None if bullets else row["movement_met"] and row["off_track_met"]
        kinds = row.pop("kinds")
        row["suppression"] = next((kind for kind in ("suppressed", "coded") if kind in kinds), "none")
        return row

    def _reason(self, name, code, baseline, cohort, rule_set, sides, first, last) -> str | None:  # type: ignore[no-untyped-def]
        if not self._is_frozen(name, cohort, rule_set):
            return "not_frozen"
        spans = {*range(baseline + first, baseline + last + 1), *range(cohort + first, cohort + last + 1)}
        if any(year in spans and district in ("", code[:7]) and not fine for year, district, fine in self.breaks):
            return "not_comparable"
        (base, base_counted), (now, now_counted) = sides
        if not base_counted:
            return "no_baseline"
        if not now_counted:
            return "no_current"
        if not (base and now and base.shown and now.shown):
            return "hidden"
        if min(base.n, now.n) < FEWEST:
            return "too_few"
        return "zero_baseline" if base.x == 0 else None

    def _judge(self, row: Row, pairs: dict[str, Pair], rule_set: str) -> None:
        """Changes, whether they are enough, and the counts."""
        _, up, down, *_ = self.tier.rule_sets[rule_set]
        for name, goal in (("movement", Fraction(str(up))), ("off_track", -Fraction(str(down)))):
            change = None
            if name in pairs and pairs[name][0]:
                x, n, y, m = pairs[name]
                change = Fraction(y, m) / Fraction(x, n) - 1
            row[f"{name}_change"] = None if change is None else float(change)
            enough = change is not None and (change >= goal if goal > 0 else change <= goal)
            row[f"{name}_met"] = None if row["reasons"][name] else enough
        row["fewer_vulnerable"] = pairs["vulnerable"][0] - pairs["vulnerable"][2] if "vulnerable" in pairs else None
        row["more_move_up"] = pairs["move_up"][2] - pairs["move_up"][0] if "move_up" in pairs else None

    def _network(self, members: dict[str, Row], cohort: int, rule_set: str) -> Row:
        row: Row = {"btsc_cohort": None, "reasons": {}, "suppression": "none", "n_schools": len(members)}
        pairs: dict[str, Pair] = {}
        for name in AIM:
            parts: list[tuple[int, Pair]] = []
            for btsc_cohort in {r["btsc_cohort"] for r in members.values()}:
                of_cohort = {code: r for code, r in members.items() if r["btsc_cohort"] == btsc_cohort}
                whole = self._whole(name, btsc_cohort, of_cohort, cohort, rule_set)
                if whole:
                    parts.append((len(of_cohort), whole))
                else:
                    parts += [(1, r["pairs"][name]) for r in of_cohort.values() if name in r["pairs"]]
            row[f"{name}_n_schools"] = sum(k for k, _ in parts)
            if parts:
                pairs[name] = tuple(sum(pair[i] for _, pair in parts) for i in range(4))  # type: ignore[assignment]
                x, n, y, m = pairs[name]
                row |= {f"{name}_base": x / n, f"{name}_base_n": n, f"{name}_current": y / m, f"{name}_current_n": m}
            else:
                row |= dict.fromkeys((f"{name}_base", f"{name}_base_n", f"{name}_current", f"{name}_current_n"))
            row["reasons"][name] = self._network_reason(members, name, pairs.get(name))
        self._judge(row, pairs, rule_set)
        for count, wanted in zip(("fewer_vulnerable", "more_move_up"), self.tier.rule_sets[rule_set][4:], strict=True):
            row[f"{count}_met"] = None if row[count] is None else row[count] >= wanted
        baselines = {r["baseline_cohort_year"] for r in members.values()}
        row["baseline_cohort_year"] = baselines.pop() if len(baselines) == 1 else None
        judged = [r["aim_met"] for r in members.values() if r["aim_met"] is not None]
        row |= {"n_schools_evaluated": len(judged), "n_schools_met": sum(judged)}
        row["share_schools_met"] = sum(judged) / len(judged) if judged else None
        share = Fraction(str(self.tier.rule_sets[rule_set][3]))
        row["aim_met"] = Fraction(sum(judged), len(judged)) >= share if judged else None
        frozen = all(self._is_frozen(name, cohort, rule_set) for name in ("movement", "off_track"))
        row["not_evaluated_reason"] = None if judged else "no_school" if frozen else "not_frozen"
        return row

    @staticmethod
    def _network_reason(members: dict[str, Row], name: str, pair: Pair | None) -> str | None:
        if all(r["reasons"][name] == "not_frozen" for r in members.values()):
            return "not_frozen"
        if pair is None:
            return "no_school"
        if min(pair[1], pair[3]) < FEWEST:
            return "too_few"
        return None if pair[0] else "zero_baseline"

    def _whole(self, name: str, place: str, schools: dict[str, Row], cohort: int, rule_set: str) -> Pair | None:
        """Both figures of a network cohort, if it is one cohort with one baseline throughout."""
        baselines = {r["baseline_cohort_year"] for r in schools.values()}
        odd = {"not_frozen", "not_comparable", "no_baseline", "no_current"}
        if set(schools) != self.schools_of[place] or len(baselines) > 1:
            return None
        if any(r["reasons"][name] in odd for r in schools.values()):
            return None
        base, now = (self._figure(self.tier, name, "btsc_cohort", place, y, rule_set) for y in (*baselines, cohort))
        if not (base and now and base.shown and now.shown):
            return None
        return base.x, base.n, now.x, now.n  # type: ignore[return-value]
