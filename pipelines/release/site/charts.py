"""Charts: Vega-Lite specifications compiled once, and the one script that draws them. Their rows are a page's tables.

A specification knows fields, marks and colors and no data: whatever a chart shows is read from the table beside it.
"""

from __future__ import annotations

import functools
import json
from importlib import resources

import vl_convert

SPECIFICATIONS = "charts"
KINDS = ("bars", "dots", "gaps", "run", "stack", "trend")
BUNDLE = "window.CORE_EMBED = vegaEmbed;"


@functools.cache
def library() -> str:
    """Vega with Vega-Embed as one script without anything to load."""
    bundle: str = vl_convert.javascript_bundle(BUNDLE)
    # its names are short and many: they stay its own
    return f"(() => {{\n{bundle}\n}})();\n"


@functools.cache
def compiled() -> str:
    """Every kind of chart as a Vega specification: a script that sets `CORE_CHARTS`."""
    config = _read("config")
    specs = {kind: vl_convert.vegalite_to_vega({**_read(kind), "config": config}) for kind in KINDS}
    return f"window.CORE_CHARTS = {json.dumps(specs, separators=(',', ':'), sort_keys=True)};\n"


def _read(name: str) -> dict[str, object]:
    text = resources.files(__package__).joinpath(SPECIFICATIONS, f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, object] = json.loads(text)
    return found
