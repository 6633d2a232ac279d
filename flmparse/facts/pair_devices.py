"""The devices of the pairs, a row for each side of each pair."""

from flmparse.lazy import pd


def pair_devices(pairs: "pd.DataFrame", *sides: str) -> "pd.DataFrame":
    """Return a row for each of these sides (``source``, ``target``) of every pair, side by side in this order.

    Columns: ``pair``, ``side``, ``symmetrix``, ``number`` (null where it is not known), ``partner`` (the device on the other
    side), ``pair_capture`` and ``pair_line``.
    """
    parts = []
    for side in sides:
        other = "source" if side == "target" else "target"
        columns = ["pair", f"{side}_symmetrix", f"{side}_device", f"{other}_device", "capture", "line"]
        names = ["pair", "symmetrix", "number", "partner", "pair_capture", "pair_line"]
        parts.append(pairs[columns].set_axis(names, axis=1).assign(side=side))
    return pd.concat(parts, ignore_index=True)
