"""What is read in the benchmarks: outputs of the simulation, of any size, and collections of them."""

from functools import lru_cache
from pathlib import Path

from flmparse.simulation import bulk

SCREENS = (
    "powermt_display",
    "symrcopy_query",
    "symaccess_show_view",
    "symmaskdb_list_assignment",
    "symdev_list_identity",
    "symdev_list",
    "symcfg_list_fa",
    "symdev_show",
)

TABLES = {
    "powermt_display": "paths",
    "symrcopy_query": "session_pairs",
    "symaccess_show_view": "view_devices",
    "symmaskdb_list_assignment": "mask_assignments",
    "symdev_list_identity": "identities",
    "symdev_list": "devices",
    "symcfg_list_fa": "front_end_ports",
    "symdev_show": "device_details",
}
"""The table with the rows of each output."""


@lru_cache(maxsize=4)
def data(screen: str, megabytes: float) -> bytes:
    """Return a log of one kind of output, at least this many MB (10^6 bytes) of it.

    More than 5 MB are the same 5 MB again and again: making them would take longer than reading them, and hosts of other
    seeds see arrays of other makers too, which not every peer is told of.
    """
    if megabytes <= MOST_OF_ITS_OWN:
        return bulk.log(screen, megabytes).encode()
    times, rest = divmod(megabytes, MOST_OF_ITS_OWN)
    return data(screen, MOST_OF_ITS_OWN) * int(times) + (data(screen, rest) if rest else b"")


MOST_OF_ITS_OWN = 5.0


def write_folder(folder: Path, screen: str, files: int, megabytes: float) -> int:
    """Write a collection of equal files and return its bytes; each file begins with a line of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    size = 0
    for number in range(files):
        path = folder / f"{number:02d}.txt"
        path.write_bytes(b"#flm node=NODE%02d\n" % number + data(screen, megabytes))
        size += path.stat().st_size
    return size
