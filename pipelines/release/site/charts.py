"""Charts: Vega-Lite specifications compiled once, and the one script that draws them. Their rows are a page's tables.

A specification knows fields, marks and colors and no data: whatever a chart shows is read from the table beside it.
Both scripts follow from the installed version and the specifications, so `make` keeps them in the environment
(`python -m pipelines.release.site.charts`); where they are not kept, they are made again.
"""

from __future__ import annotations

import functools
import hashlib
import json
import sys
from importlib import metadata, resources
from pathlib import Path

SPECIFICATIONS = "charts"
KINDS = ("bars", "dots", "funnel", "gaps", "pairs", "run", "stack", "trend")
BUNDLE = "window.CORE_EMBED = vegaEmbed;"
KEPT = Path(sys.prefix) / "share" / "core-districts"


@functools.cache
def library() -> str:
    """Vega with Vega-Embed as one script without anything to load."""
    return _kept("library") or _make_library()


@functools.cache
def compiled() -> str:
    """Every kind of chart as a Vega specification: a script that sets `CORE_CHARTS`."""
    return _kept("compiled") or _make_compiled()


def keep() -> None:
    """Make both scripts once for this environment."""
    KEPT.mkdir(parents=True, exist_ok=True)
    wanted = {_path("library"): library, _path("compiled"): compiled}
    for old in set(KEPT.glob("*.js")) - set(wanted):
        old.unlink()
    for path, make in wanted.items():
        if not path.exists():
            # whole or not at all: another process may be reading
            part = path.with_suffix(".part")
            part.write_text(make(), encoding="utf-8")
            part.replace(path)


def _make_library() -> str:
    import vl_convert

    bundle = vl_convert.javascript_bundle(BUNDLE)
    # its names are short and many: they stay its own
    return f"(() => {{\n{bundle}\n}})();\n"


def _make_compiled() -> str:
    import vl_convert

    config = _read("config")
    specs = {kind: vl_convert.vegalite_to_vega({**_read(kind), "config": config}) for kind in KINDS}
    return f"window.CORE_CHARTS = {json.dumps(specs, separators=(',', ':'), sort_keys=True)};\n"


def _kept(name: str) -> str:
    path = _path(name)
    return path.read_text(encoding="utf-8") if path.exists() else ""


@functools.cache
def _path(name: str) -> Path:
    told = [metadata.version("vl-convert-python"), BUNDLE, *(json.dumps(_read(kind)) for kind in ("config", *KINDS))]
    return KEPT / f"{name}-{hashlib.sha256(chr(0).join(told).encode()).hexdigest()[:16]}.js"


@functools.cache
def _read(name: str) -> dict[str, object]:
    text = resources.files(__package__).joinpath(SPECIFICATIONS, f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, object] = json.loads(text)
    return found


if __name__ == "__main__":
    keep()
