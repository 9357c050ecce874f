"""A district's assets: its delivery, then one asset per feed of its contract. Made from contracts; lists no district.

Thin: reading, measuring, accepting and holding is pipelines/landing; judging is expectations/deliveries.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import dagster as dg

from pipelines.districts import Standing, standings
from pipelines.landing.contract import Contract
from pipelines.landing.intake import IntakeReport, intake_district
from pipelines.night import Night
from pipelines.phases import measured

FRESH = dg.FreshnessPolicy.time_window(fail_window=dt.timedelta(days=14), warn_window=dt.timedelta(days=3))
RETRIES, PAUSE_SECONDS = 2, 10


def delivery_key(district: str) -> dg.AssetKey:
    """Key of a district's delivery."""
    return dg.AssetKey([district, "delivery"])


def feed_key(district: str, feed: str) -> dg.AssetKey:
    """Key of a feed of a district."""
    return dg.AssetKey([district, feed])


def district_assets(contract: Contract) -> dg.AssetsDefinition:
    """The delivery and the feeds of one contract, taken in by one step."""
    district = contract.district
    link = {"contract": dg.MetadataValue.text(f"data/contracts/{district}.yml"), "system": contract.system}
    specs = [
        dg.AssetSpec(
            delivery_key(district),
            group_name=district,
            description=f"What {contract.district_name} has delivered: found, read, judged, then accepted or held.",
            # a hub or a reference sends when there is something to send
            freshness_policy=FRESH if contract.kind == "district" else None,
            kinds={contract.system, "delivery"},
            metadata=link,
        ),
        *(
            dg.AssetSpec(
                feed_key(district, feed.feed),
                deps=[delivery_key(district)],
                group_name=district,
                description=f"Feed `{feed.feed}` ({feed.provides}) of {contract.district_name}, `{feed.pattern}`: "
                "every column as text, in immutable Parquet named by content.",
                kinds={feed.format, "parquet"},
                metadata=link,
            )
            for feed in contract.files
        ),
    ]

    @dg.multi_asset(name=f"take_in_{district}", specs=specs, required_resource_keys={"night"})
    def take_in(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        night: Night = context.resources.night
        if not night.districts or district in night.districts:
            try:
                with measured(f"intake {district}", night.phases):
                    report = intake_district(night.settings, contract, night.as_of, night.judge)
            except OSError as error:
                # a disk or a share that is away for a moment; nothing else gets better by trying again
                raise dg.RetryRequested(max_retries=RETRIES, seconds_to_wait=PAUSE_SECONDS) from error
            night.intake[district] = report
            night.say(_told(report))
        with night.ledger() as ledger:
            standing = standings(ledger, night.as_of, [district])[district]
        yield dg.MaterializeResult(
            asset_key=delivery_key(district), metadata=_delivery_metadata(night, standing, night.intake.get(district))
        )
        counts = _feed_counts(night, district)
        for feed in contract.files:
            yield dg.MaterializeResult(
                asset_key=feed_key(district, feed.feed),
                metadata={
                    **counts.get(feed.feed, {"files": 0, "dagster/row_count": 0, "rejected rows": 0}),
                    "age in days": standing.age_days(night.as_of),
                    "raw": dg.MetadataValue.path(str(night.settings.raw / district / feed.feed)),
                },
            )

    return take_in


def _told(report: IntakeReport) -> str:
    rows = sum(file.read.account.records for delivery in report.new for file in delivery.files if file.read)
    held = f", {len(report.held)} held" if report.held else ""
    return f"{report.district}: {len(report.deliveries)} deliveries, {len(report.new)} new ({rows:,} rows){held}"


def _delivery_metadata(night: Night, standing: Standing, report: IntakeReport | None) -> dict[str, Any]:
    notes = [
        f"{delivery.delivery}: {note}" for delivery in (report.deliveries if report else []) for note in delivery.notes
    ]
    return {
        "in force": standing.in_force.delivery if standing.in_force else "none yet",
        "age in days": standing.age_days(night.as_of),
        "accepted deliveries": len(standing.accepted),
        "held": dg.MetadataValue.md(
            "\n".join(f"- **{held.delivery}**: {held.reason}" for held in standing.held) or "none"
        ),
        "notes": dg.MetadataValue.md("\n".join(f"- {note}" for note in notes) or "none"),
        "landing": dg.MetadataValue.path(str(night.settings.landing / standing.district)),
        "looked at": report is not None,
    }


def _feed_counts(night: Night, district: str) -> dict[str, dict[str, Any]]:
    """Files, rows and rejected rows of a district's feeds over its deliveries, without the engine."""
    with night.ledger() as ledger:
        contents = {file_id: read for (file_id, _), read in ledger.contents(district).items()}
        by_feed: dict[str, set[str]] = {}
        for row in ledger.files(district):
            if row.file_id is not None:
                by_feed.setdefault(row.feed, set()).add(row.file_id)
    return {
        feed: {
            "files": len(file_ids),
            "dagster/row_count": sum(contents[file_id].account.records for file_id in file_ids),
            "rejected rows": sum(contents[file_id].account.rejected for file_id in file_ids),
            "blank lines": sum(contents[file_id].account.blank for file_id in file_ids),
        }
        for feed, file_ids in by_feed.items()
    }
