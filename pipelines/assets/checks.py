"""Great Expectations as blocking asset checks: one check per published table and suite. What fails stops the release.

Thin: what must hold stands in expectations/; here verdicts become Dagster's, as counts and keys.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from expectations import marts, published
from expectations.suite import Judge, Rule, Verdict
from pipelines.night import Night
from pipelines.phases import measured
from pipelines.privacy.certificate import Certificate, certify
from pipelines.release.read_kept import kept_releases

PRIVACY = "privacy"
SUITES = {"marts": marts.rules, "published": published.rules}


def suite_checks() -> list[dg.AssetChecksDefinition]:
    """One step a suite, with a check for each table that it asks about."""
    return [*(_suite(name, rules()) for name, rules in SUITES.items()), _privacy()]


def _suite(suite: str, rules: list[Rule]) -> dg.AssetChecksDefinition:
    tables: dict[str, list[Rule]] = {}
    for rule in rules:
        tables.setdefault(rule.table, []).append(rule)
    specs = [
        dg.AssetCheckSpec(
            suite,
            asset=dg.AssetKey(table.split(".")),
            blocking=True,
            description="\n".join(f"- {rule.asks}" for rule in asked),
        )
        for table, asked in tables.items()
    ]

    @dg.multi_asset_check(name=f"expect_{suite}", specs=specs, required_resource_keys={"night"})
    def expect(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        night: Night = context.resources.night
        night.say(f"checks: {len(rules)} expectations of {suite}")
        with measured(f"checks {suite}", night.phases):
            verdicts = Judge(night.engine).judge(suite, rules)
        night.verdicts += verdicts
        night.asked.add(suite)
        night.trouble += [_told(verdict) for verdict in verdicts if verdict.blocks]
        for table in tables:
            yield _result(suite, table, [verdict for verdict in verdicts if verdict.table == table])

    return expect


def _privacy() -> dg.AssetChecksDefinition:
    @dg.asset_check(
        name=PRIVACY,
        asset=dg.AssetKey(["public", "metric"]),
        blocking=True,
        required_resource_keys={"night"},
        description="No reader of public.metric can bound a count of 1 to 10 students to fewer than 3 values",
    )
    def privacy(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
        night: Night = context.resources.night
        night.say("checks: privacy audit of the public tier")
        with measured("checks privacy", night.phases):
            night.privacy = certify(night.engine, kept_releases(night.settings.published))
        verdict = privacy_verdict(night.privacy)
        night.verdicts.append(verdict)
        night.asked.add(PRIVACY)
        night.trouble += [_told(verdict)] if verdict.blocks else []
        return _result(PRIVACY, verdict.table, [verdict])

    return privacy


def privacy_verdict(certificate: Certificate) -> Verdict:
    """The audit's answer as a check among the others: counts alone."""
    action = "nothing may be published: look at dbt_project/models/privacy before anything else"
    if certificate.leaking and not certificate.open_counts:
        action = (
            "kept releases show what this one hides, and together they give students away: "
            f"{', '.join(certificate.leaking)}. Take them back (core withdraw RELEASE --reason TEXT), then core run "
            "(docs/operations.md)"
        )
    return Verdict(
        suite=PRIVACY,
        name="public.metric: no hidden count can be bounded to fewer than 3 values",
        table="public.metric",
        asks="nobody who reads the whole table can bound a count of 1 to 10 students to fewer than 3 values "
        "(linear programs over all sums that its figures have in common, the counts before each restatement and what "
        "kept releases show included)",
        action=action,
        severity="error",
        status="failed" if certificate.open_counts or certificate.open_with_kept else "passed",
        failed=max(certificate.open_counts, certificate.open_with_kept),
    )


def _told(verdict: Verdict) -> str:
    return f"{verdict.name}: {verdict.failed:,} rows ({'; '.join(verdict.keys)}). {verdict.action}"


def _result(suite: str, table: str, verdicts: list[Verdict]) -> dg.AssetCheckResult:
    failed = [verdict for verdict in verdicts if verdict.status == "failed"]
    metadata: dict[str, Any] = {"expectations": len(verdicts), "failed expectations": len(failed)}
    if failed:
        metadata["what, where, what to do"] = dg.MetadataValue.md(
            "\n".join(f"- {_told(verdict)}" for verdict in failed)
        )
    blocks = any(verdict.blocks for verdict in failed)
    return dg.AssetCheckResult(
        asset_key=dg.AssetKey(table.split(".")),
        check_name=suite,
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR if blocks or not failed else dg.AssetCheckSeverity.WARN,
        metadata=metadata,
    )
