"""What each district stands on at an as-of date, read from the ledger: for the status, the manifest, the last words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from pipelines.landing.ledger import DeliveryState, Ledger


@dataclass
class Standing:
    """A district's deliveries at an as-of date.

    `held` are those after the last accepted one: an earlier hold was answered by what came later.
    """

    district: str
    accepted: list[DeliveryState] = field(default_factory=list)
    held: list[DeliveryState] = field(default_factory=list)

    @property
    def in_force(self) -> DeliveryState | None:
        """The latest accepted delivery."""
        return self.accepted[-1] if self.accepted else None

    def age_days(self, as_of: dt.date) -> int | None:
        """Days from the date of the delivery in force to the as-of date."""
        if self.in_force is None or self.in_force.delivery_date is None:
            return None
        return (as_of - self.in_force.delivery_date).days


def standings(ledger: Ledger, as_of: dt.date, districts: list[str]) -> dict[str, Standing]:
    """Standing of each district, in the order given."""
    found = {name: Standing(name) for name in districts}
    for state in ledger.states(as_of):
        standing = found.get(state.district)
        if standing is None:
            continue
        if state.status == "accepted":
            standing.accepted.append(state)
            standing.held = [held for held in standing.held if held.delivery_date is None]
        else:
            standing.held.append(state)
    return found


def any_held(found: dict[str, Standing]) -> bool:
    """Whether a delivery is held that nothing has answered yet."""
    return any(standing.held for standing in found.values())
