"""Every district is there, or is declared absent: a union that forgets one district must not go unseen."""

from __future__ import annotations

from expectations.suite import Rule

FACTS = {"enrollment": "enrollment", "marks": "course_mark", "attendance": "attendance_term", "discipline": "incident"}


def presence_rules() -> list[Rule]:
    """A district with an accepted delivery has students, and rows of each feed that feed_coverage calls available."""
    return [
        Rule(
            name="restricted.student: every district is there",
            table="restricted.student",
            asks="a district with an accepted delivery has students",
            action="the delivery was accepted but nothing of it arrived: look at the district's staging models",
            violations="""
                select d.district, 1 from raw.district as d
                where d.kind = 'district'
                and d.district_code in (select district_code from raw.delivery where status <> 'held')
                and d.district not in (select _release_district from {batch})""",
        ),
        *(_fact(feed, table) for feed, table in FACTS.items()),
    ]


def _fact(feed: str, table: str) -> Rule:
    return Rule(
        name=f"restricted.{table}: every district that sends {feed} is there",
        table=f"restricted.{table}",
        asks=f"a district whose {feed} feed is available and has rows has rows here",
        action=f"the {feed} files were read but no row came through: look at the district's staging models",
        violations=f"""
            select distinct d.district, 1 from raw.district as d
            join restricted.feed_coverage as c on c.district_code = d.district_code
            where c.feed = '{feed}' and c.is_available
            and exists (
                select 1 from raw.delivery_feed as f
                where f.district_code = d.district_code and f.provides = '{feed}' and f.n_rows > 0
            )
            and d.district_code not in (select district_code from {{batch}})""",
    )
