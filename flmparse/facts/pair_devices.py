"""The devices of the pairs, a row for each side of each pair."""

from typing import Any

from flmparse.lazy import pd


def source_name(row: Any) -> str:
    """Return what the source of a row of `pairs` is called: its device number, else what the pair file says (``wwn=...``)."""
    return str(row.source_device if isinstance(row.source_device, str) else row.source_other)


def pair_devices(pairs: "pd.DataFrame", *sides: str) -> "pd.DataFrame":
    """Return a row for each of these sides (``source``, ``target``) of every pair, side by side in this order.

    Columns: ``pair``, ``side``, ``symmetrix``, ``number`` (null where it is not known), ``name`` (the number, else what the
    pair file says), ``partner`` (the device on the other side), ``pair_capture`` and ``pair_line``.
    """
    parts = []
    for side in sides:
        other = "source" if side == "target" else "target"
        columns = ["pair", f"{side}_symmetrix", f"{side}_device", f"{other}_device", "capture", "line"]
        names = ["pair", "symmetrix", "number", "partner", "pair_capture", "pair_line"]
        called = pairs[f"{side}_device"]
        called = called.fillna(pairs["source_other"]) if side == "source" else called
        parts.append(pairs[columns].set_axis(names, axis=1).assign(side=side, name=called))
    return pd.concat(parts, ignore_index=True)
