"""When the nightly job runs by itself: at two in the morning in California, and when a delivery arrives."""

import dagster as dg

from pipelines.landing.ledger import Ledger
from pipelines.news import News, find_news
from pipelines.settings import LOS_ANGELES, Settings

SENSOR_SECONDS = 300


def nightly_schedule(job: str, settings: Settings) -> dg.ScheduleDefinition:
    """02:00 in Los Angeles; a night without news is skipped, as `core run` would."""

    def decide(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        news = _news(settings)
        return dg.RunRequest(tags={"news": "; ".join(news.what)[:200]}) if news else dg.SkipReason("nothing new")

    return dg.ScheduleDefinition(
        name="nightly_at_two",
        job_name=job,
        cron_schedule="0 2 * * *",
        execution_timezone=str(LOS_ANGELES),
        execution_fn=decide,
        description="The nightly run, at 02:00 in Los Angeles; skipped if nothing is new.",
    )


def delivery_sensor(job: str, settings: Settings) -> dg.SensorDefinition:
    """Runs the job when a delivery arrives; its cursor is the fingerprint of what was last acted on."""

    @dg.sensor(
        name="new_delivery",
        job_name=job,
        minimum_interval_seconds=SENSOR_SECONDS,
        description="Looks at the landing every five minutes; asks for a run once for each change.",
    )
    def new_delivery(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        news = _news(settings)
        if not any(what.startswith(("deliveries of ", "nothing is published")) for what in news.what):
            return dg.SkipReason("no new delivery")
        if context.cursor == news.fingerprint:
            # asked for already: a run that fails is looked at by a person, not started every five minutes
            return dg.SkipReason("the run for this change was asked for before")
        context.update_cursor(news.fingerprint)
        return dg.RunRequest()

    return new_delivery


def _news(settings: Settings) -> News:
    with Ledger(settings.ledger_path) as ledger:
        return find_news(settings, settings.effective_as_of(), ledger)
