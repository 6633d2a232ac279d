"""``Get-ClusterSharedVolume``: the cluster shared volumes.

    Cluster Disk 3             Online                     node1

White paper page 6 rules them out. The command prints nothing where there is none: that is proof only if a prompt
follows.
"""

import re

from flmparse.commands import Command
from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records, one_row
from flmparse.reading.screen import Screen
from flmparse.screens.shared.powershell import KEEPS_ALL, first, records
from flmparse.tables.windows import CLUSTER_SHARED_VOLUMES, SHARED_VOLUME_LISTINGS

_PATH = re.compile(r"[A-Za-z]:\\[^,}\n]*")


def _rows(page: Page) -> dict[str, Rows]:
    volumes = []
    for record in records(page, "VOLUME"):
        path = _PATH.search(str(record.get("sharedvolumeinfo") or record.get("friendlyvolumename") or ""))
        volume = {"name": record.get("name"), "state": record.get("state"), "owner": first(record, "node", "ownernode")}
        volumes.append(volume | {"volume_path": path[0] if path else None, "line": record["line"]})
        if not volume["name"]:
            page.doubt(record["line"], "a shared volume without its name")
    line = page.block.prompt_lines[0] if page.block.prompt_lines else page.block.output_start
    every_one = _asked_for_all(page.command)
    said_none = every_one and page.block.closed and not page.block.has_output
    complete = every_one and page.block.closed
    listing = one_row(line, volumes=len(volumes), complete=complete) if volumes or said_none else {"line": []}
    return {CLUSTER_SHARED_VOLUMES.name: from_records(volumes), SHARED_VOLUME_LISTINGS.name: listing}


def _asked_for_all(command: Command | None) -> bool:
    if command is None or not KEEPS_ALL.match(command.piped_through):
        return False
    return not command.words or "-cluster" in command.options


SCREEN = Screen(
    name="get_clustersharedvolume",
    tables=(CLUSTER_SHARED_VOLUMES, SHARED_VOLUME_LISTINGS),
    command=re.compile(r"get-clustersharedvolume\b"),
    opening=re.compile(r"^[ \t]*Name[ \t]+State[ \t]+Node[ \t]*$|^SharedVolumeInfo[ \t]*:", re.M),
    rows=_rows,
    silent=True,
)
