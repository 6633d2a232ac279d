"""Which operating system the nodes run, as far as it decides whether a rule about Windows concerns them."""

import re

from flmparse.evidence.migration import Migration
from flmparse.evidence.reader import EvidenceReader

_OF_WINDOWS = re.compile(r"diskpart|get_|cluster_exe|test_cluster|event_log|mpclaim")
_WINDOWS_ADDRESS = r"^port\d+\\"


def not_windows(evidence: EvidenceReader) -> str:
    """Return the system that the manifest gives the nodes where it is not Windows and no capture shows Windows; else nothing.

    A word in the manifest alone must not silence a rule: one path with an address of Windows, or one answer of a tool that
    only Windows has, outweighs it.
    """
    system = evidence.manifest.os or ""
    if not system or "windows" in system.lower() or evidence.migration.once(_shows_windows, evidence.migration):
        return ""
    return system


def _shows_windows(migration: Migration) -> bool:
    if any(_OF_WINDOWS.match(output.screen or "") for output in migration.collection.outputs):
        return True
    addresses = migration.collection.frames["paths"]["hw_path"]
    return bool(addresses.astype("str").str.match(_WINDOWS_ADDRESS).any())
