"""The last asset: the release. Published only after every check of the run was asked and passed, then read back."""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from pipelines.assets.checks import PRIVACY, SUITES
from pipelines.assets.warehouse import Translator, lineage
from pipelines.code_version import code_version
from pipelines.districts import Standing, standings
from pipelines.landing.ledger import Ledger
from pipelines.news import key_fingerprint, write_due_dates
from pipelines.night import Night
from pipelines.phases import measured
from pipelines.release.basis import basis
from pipelines.release.candidate import Candidate
from pipelines.release.current import current_release
from pipelines.release.frozen import keep_frozen
from pipelines.release.manifest import Check, DistrictState, Held, InputFile, Manifest, changes, read_manifest
from pipelines.release.publish import publish, verify_written
from pipelines.release.tiers import ReleaseError

# Days on which a release changes though nothing new was sent
FALLS_DUE = {
    "a snapshot due": "select distinct unnest([as_of, as_of_grade8, freeze_date]) as day from harmonized.int_window",
    "a month or marking period closed": "select distinct closes_on as day from improvement.series_period",
}
TIERS = ("restricted", "partner", "public")
KEY = dg.AssetKey(["release"])


def release_asset(manifest: Mapping[str, Any]) -> dg.AssetsDefinition:
    """A release of everything in the published schemas of the dbt project."""
    translator = Translator()
    parents = [
        translator.get_asset_key(node)
        for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed") and node["schema"] in TIERS
    ]

    @dg.asset(
        key=KEY,
        deps=parents,
        group_name="release",
        required_resource_keys={"night"},
        description="Restricted, partner and public databases with their Parquet files, pages and manifest; `current` "
        "points at it. Written beside, read back, moved into place last.",
        kinds={"duckdb", "parquet"},
    )
    def release(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
        night: Night = context.resources.night
        if missing := {*SUITES, PRIVACY} - night.asked:
            raise ReleaseError(f"not asked in this run: {', '.join(sorted(missing))}; run the job `nightly` as a whole")
        night.say("release: writing, hashing, reading back")
        current = current_release(night.settings.published)
        before = read_manifest(current) if current else None
        with measured("release", night.phases):
            published = _publish(night, manifest)
            verify_written(night.settings.published, published)
        night.published = published
        return dg.MaterializeResult(metadata=_metadata(night, before, published))

    return release


def _publish(night: Night, project: Mapping[str, Any]) -> Manifest:
    con, settings = night.engine, night.settings
    with night.ledger() as ledger:
        found = standings(ledger, night.as_of, sorted(night.contracts))
        candidate = Candidate(
            as_of=night.as_of,
            rule_set=str(con.execute("select rule_set from public.rule_set where is_default").fetchall()[0][0]),
            code_version=code_version(),
            key_fingerprint=key_fingerprint(settings.key_path),
            is_synthetic=any(state.is_synthetic for standing in found.values() for state in standing.accepted),
            districts={name: _state(night, standing) for name, standing in found.items()},
            restricted=[name for name, contract in night.contracts.items() if contract.kind == "district"],
            inputs=_inputs(ledger, found),
            checks=[
                *(
                    Check(name=verdict.name, severity=verdict.severity, status=verdict.status, failed=verdict.failed)
                    for verdict in night.verdicts
                ),
                *night.dbt_checks,
            ],
            privacy=night.privacy.as_dict() if night.privacy else {},
            basis=basis(con, settings, ledger, night.as_of),
            quality=[*(verdict.as_dict() for verdict in night.verdicts), *map(_shown, night.dbt_checks)],
            lineage=lineage(project),
            project=project,
        )
        published = publish(con, settings.published, candidate, settings.keep_releases)
        keep_frozen(con, settings, ledger, published.release_id)
    due = {
        what: [day for (day,) in con.execute(query).fetchall() if day is not None] for what, query in FALLS_DUE.items()
    }
    write_due_dates(settings.home, due)
    return published


def _state(night: Night, standing: Standing) -> DistrictState:
    return DistrictState(
        district_code=night.contracts[standing.district].district_code,
        delivery=standing.in_force.delivery if standing.in_force else None,
        age_days=standing.age_days(night.as_of),
        held=[Held(delivery=held.delivery, reason=held.reason) for held in standing.held],
    )


def _inputs(ledger: Ledger, found: Mapping[str, Standing]) -> list[InputFile]:
    accepted = {(name, state.delivery) for name, standing in found.items() for state in standing.accepted}
    files = {
        (row.district, row.delivery, row.path): InputFile(
            district=row.district, delivery=row.delivery, path=row.path, sha256=row.sha256, bytes=row.size
        )
        for row in ledger.files()
        if (row.district, row.delivery) in accepted
    }
    return [files[key] for key in sorted(files)]


def _shown(check: Check) -> dict[str, Any]:
    return {
        "suite": "dbt tests",
        "name": check.name,
        "table": "",
        "asks": check.name.removeprefix("dbt: "),
        "action": "look at the test of this name in dbt_project/",
        "severity": check.severity,
        "status": check.status,
        "failed": check.failed,
        "keys": (),
    }


def _metadata(night: Night, before: Manifest | None, published: Manifest) -> dict[str, Any]:
    difference = changes(before, published)
    folder = night.settings.published / "releases" / published.release_id
    return {
        "release": published.release_id,
        "folder": dg.MetadataValue.path(str(folder)),
        "results": dg.MetadataValue.url(f"file://{folder.resolve()}/site/index.html"),
        "checks": dg.MetadataValue.url(f"file://{folder.resolve()}/quality/index.html"),
        "dagster/row_count": difference["rows_after"],
        "rows in the release before": difference["rows_before"],
        "tables changed since the release before": len(difference["changed"]),
        "tables new or gone": len(difference["new"]) + len(difference["gone"]),
    }
