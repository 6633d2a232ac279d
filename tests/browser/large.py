"""The clean migration with thousands of pairs: pair file and sessions are tiled, everything else still knows five pairs.

So the report is long and full of findings, which is what the page must stay usable with.
"""

import re
from dataclasses import replace

import flmparse
from flmparse.assets import folder
from flmparse.collection import from_bundle
from flmparse.render.context import report_of
from flmparse.render.report import Report
from flmparse.text import capture

TARGET, SOURCE = "000194900412", "000187490233"
_ROWS = re.compile(rf"(?:^{TARGET}:05[0-9A-F]{{2}} .*\n)+", re.M)


def devices(pairs: int) -> list[tuple[str, str]]:
    """Return target and source of each pair."""
    return [(f"{0x1000 + number:04X}", f"{0x8000 + number:04X}") for number in range(pairs)]


def tiled(name: str, text: str, pairs: int) -> str:
    """Return a capture of the clean migration with so many pairs."""
    if name.endswith("mail_flm.txt"):
        return "".join(f"symdev={TARGET}:{target} symdev={SOURCE}:{source}\n" for target, source in devices(pairs))

    def rows(found: "re.Match[str]") -> str:
        row = found[0].split("\n")[0]
        head, tail = row[len(f"{TARGET}:0512") :].split(f"{SOURCE}:0A41")
        return "".join(f"{TARGET}:{target}{head}{SOURCE}:{source}{tail}\n" for target, source in devices(pairs))

    return _ROWS.sub(rows, text)


def large_report(pairs: int) -> Report:
    """Return the compliance report of the tiled migration at the gates that ask about sessions."""
    bundle = capture.read(str(folder("fixtures") / "migrations" / "clean"))
    captures = tuple(
        capture.from_bytes(item.name, tiled(item.name, item.text, pairs).encode()) for item in bundle.captures
    )
    found = from_bundle(replace(bundle, captures=captures))
    return report_of(flmparse.assess(found, "created,copying,copied"), "compliance")
