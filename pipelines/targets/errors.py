"""Why a target was not loaded, in words that may be printed and kept: no secret stands in them."""

from __future__ import annotations

from pipelines.errors import CannotRunError


class TargetError(CannotRunError):
    """A target was not loaded; the release is not touched by it, and what the target held before is still there."""


def without_secrets(text: str, *secrets: str | None) -> str:
    """Text of an error on one line, without any of `secrets`."""
    line = " ".join(text.split())
    for secret in secrets:
        if secret:
            line = line.replace(secret, "***")
    return line
