"""Why a rebuild may differ from its release: code, key, contracts, raw, frozen results, in the order of likelihood."""

from __future__ import annotations

from pipelines.code_version import code_version, commit
from pipelines.news import key_fingerprint
from pipelines.release.basis import contract_hashes
from pipelines.release.manifest import Manifest
from pipelines.settings import Settings
from pipelines.verify.inputs import Inputs

SHOWN = 5
UNKNOWN = (
    "code, key, contracts, raw and frozen results are those of the release: what is left is the computation itself "
    "(the installed packages, or a query whose result depends on chance); please report it"
)


def made_by(manifest: Manifest) -> str:
    """The code of a release, as a person can get it back."""
    where = f" (commit {manifest.basis.commit})" if manifest.basis.commit else ""
    return f"code {manifest.code_version}{where}"


def causes(settings: Settings, manifest: Manifest, inputs: Inputs, same_key: bool) -> list[str]:
    """A line each; never empty."""
    found = []
    if manifest.code_version != code_version():
        here = commit()
        found.append(
            f"the release was made by other {made_by(manifest)}; this is {code_version()}"
            + (f" (commit {here})" if here else "")
            + ": verify with that code to tell whether anything else differs"
        )
    if not same_key:
        found.append(
            f"the key is another: the release has fingerprint {manifest.key_fingerprint}, the home "
            f"{key_fingerprint(settings.key_path) or 'none'}; student_key was left out of the comparison"
        )
    now = contract_hashes(settings.contracts)
    then = manifest.basis.contracts
    if then and (other := sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))):
        found.append(f"contracts have changed since: {', '.join(other)}")
    if inputs.rewritten:
        found.append(f"raw files were written anew since: {'; '.join(inputs.rewritten[:SHOWN])}")
    if inputs.missing:
        found.append("raw files are gone")
    older = [freeze for freeze in manifest.basis.freezes if freeze.code_version not in ("", manifest.code_version)]
    if older:
        listed = ", ".join(f"{each.vantage} by {each.release_id} (code {each.code_version})" for each in older[:SHOWN])
        found.append(f"frozen results were kept from earlier code: {listed}; a rebuild computes them with this code")
    if not manifest.basis.deliveries:
        found.append("the manifest does not tell which deliveries stood how: made by code before that was kept")
    return found or [UNKNOWN]
