"""``Get-ClusterResource [| Get-ClusterParameter]``: resources of the cluster, and what names their disks.

    Cluster Disk 1      Online              Cluster Group       Physical Disk

The table of parameters: layout unproven. What reads PowerShell's tables and lists for the other Get- screens stands
here. The screen has no end.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.tables.windows import CLUSTER_PARAMETERS, CLUSTER_RESOURCES

if TYPE_CHECKING:
    from lark import Token

CUT = "..."
"""What PowerShell puts in place of the rest of a value."""

KEEPS_ALL = re.compile(r"(?:\Z|(?:format-\w+|f[lt]|select(?:-object)?|out-host)\b)", re.I)
"""What may stand behind a pipe without hiding a row; ``> file`` and ``where`` may not."""

Record = dict[str, Any]

_SIGNATURE = re.compile(r"(?:0x(?P<hex>[0-9A-Fa-f]{1,8})|(?P<decimal>\d{1,10}))(?:[ ]\(0x[0-9A-Fa-f]{1,8}\))?\Z")
_GUID = re.compile(r"\{?(?P<guid>[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\}?\Z")


def disk_id(value: str | None) -> str | None:
    """Return an MBR signature or a GUID in the spelling of DiskPart: 9E32E6EF, {GUID}; None for anything else."""
    guid = _GUID.match(value or "")
    if guid:
        return f"{{{guid['guid'].upper()}}}"
    signature = _SIGNATURE.match(value or "")
    if not signature:
        return None
    number = int(signature["hex"], 16) if signature["hex"] else int(signature["decimal"])
    return f"{number:08X}" if number < 1 << 32 else None


class Heading:
    """The heading of a PowerShell table: where its columns are and what they are called (lower case, no blanks)."""

    def __init__(self, token: "Token") -> None:
        lines = str(token).rstrip("\n").split("\n")
        self.spans = [(match.start(), match.end()) for match in re.finditer("-+", lines[-1])]
        words = [self.cut(line) or [""] * len(self.spans) for line in lines[:-1]]
        self.names = ["".join("".join(parts).split()).lower() for parts in zip(*words, strict=True)]

    def cut(self, line: str) -> list[str] | None:
        """Return the cells of a row, or None where no blank stands between two of its columns."""
        line = line.rstrip()
        cells, start = [], 0
        for (_, end), (following, _) in zip(self.spans, self.spans[1:], strict=False):
            # Left-aligned values begin at their dashes; a longer right-aligned one begins before them.
            place = line.rfind(" ", end, following) if following <= len(line) else following - 1
            if place < 0:
                return None
            cells.append(line[start:place].strip())
            start = place + 1
        return [*cells, line[start:].strip()]


def records(page: Page, *rows: str) -> Iterator[Record]:
    """Yield rows of tables and lists: values by column name (lower case), ``line``, ``form`` (row terminal, or list).

    ``rows`` are the terminals of table rows. A property that comes a second time begins a new record of a list.
    """
    heading: Heading | None = None
    listed: Record = {}
    last = ""
    for token in page.scan.tokens:
        line = page.line_of(token)
        if token.type == "PROPERTY":
            said = page.fields(token)
            last = str(said["property"]).lower()
            if last in listed:
                yield listed
                listed = {}
            listed.setdefault("line", line)
            listed |= {last: said["value"] or None, "form": "list"}
        elif token.type == "CONTINUED":
            if last and isinstance(listed.get(last), str):
                listed[last] += str(page.fields(token)["rest"])
            else:
                page.doubt(line, "the rest of a value without its beginning")
        elif token.type == "HEAD":
            heading = Heading(token)
        elif token.type in rows:
            cells = heading.cut(token) if heading else None
            if heading is None or cells is None or len(heading.names) != len(cells):
                page.doubt(line, "a row that does not stand under the columns of its heading")
                continue
            named = {name: cell or None for name, cell in zip(heading.names, cells, strict=True)}
            yield {**named, "line": line, "form": token.type}
    if listed:
        yield listed


def first(record: Record, *names: str) -> Any:
    """Return the first of these values that the record has."""
    return next((record[name] for name in names if record.get(name) is not None), None)


def _rows(page: Page) -> dict[str, Rows]:
    resources: list[Record] = []
    parameters: list[Record] = []
    for record in records(page, "RESOURCE", "PARAMETER"):
        if "value" in record:
            parameters.append(_parameter(record))
            if not parameters[-1]["resource"] or not parameters[-1]["parameter"]:
                page.doubt(record["line"], "a property without its resource or its name")
            continue
        name = str(record.get("name") or "")
        resource = {
            "name": name.removesuffix(CUT).rstrip() or None,
            "name_cut": name.endswith(CUT),
            "state": record.get("state"),
            "group": first(record, "ownergroup", "group"),
            "owner": first(record, "ownernode", "node"),
            "kind": record.get("resourcetype"),
            "resource_id": record.get("id"),
            "line": record["line"],
        }
        if not resource["name"] or not resource["state"]:
            page.doubt(record["line"], "a resource without its name or state")
        resources.append(resource)
    return {CLUSTER_RESOURCES.name: from_records(resources), CLUSTER_PARAMETERS.name: from_records(parameters)}


def _parameter(record: Record) -> Record:
    name, value = record.get("name"), record.get("value")
    return {
        "resource": first(record, "object", "clusterobject"),
        "parameter": name,
        "value": value,
        "disk_id": disk_id(value) if name in ("DiskSignature", "DiskIdGuid") else None,
        "kind": first(record, "type", "parametertype"),
        "line": record["line"],
    }


SCREEN = Screen(
    name="get_clusterresource",
    tables=(CLUSTER_RESOURCES, CLUSTER_PARAMETERS),
    command=re.compile(r"(?:get-cluster(?:resource|parameter|availabledisk)|add-clusterdisk)\b"),
    opening=re.compile(
        r"^[ \t]*Name[ \t]+State[ \t]+(?:Owner(?:Group|Node)|Group|ResourceType)\b"
        r"|^(?:IsCoreResource|ResourceType)[ \t]*:"
        r"|^[ \t]*Object[ \t]+Name[ \t]+Value\b|^ClusterObject[ \t]*:",
        re.M,
    ),
    rows=_rows,
    promised=(("HEAD", "PROPERTY"),),
)
