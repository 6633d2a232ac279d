"""``Test-Cluster``: the validation report of a failover cluster, saved as text.

    Validate Disk Arbitration                  Success
    Physical disk 9E32E6EF is already clustered and online; it will not be tested.

Layout unproven: the report is HTML and no public text of one is known. Tests are taken one a line with their result,
sentences about disks where they say tested or not tested; every other line stays unknown, so that a report in another
form proves nothing.
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.screens.shared.disk_ids import disk_id
from flmparse.tables.windows import CLUSTER_VALIDATIONS

_RESULTS = {"Successful": "Success", "Passed": "Success", "Cancelled": "Canceled"}
_NUMBER = re.compile(r"\b(?:[Tt]est|[Pp]hysical|[Tt]he)?\s*[Dd]isk (?:number )?(\d{1,4})\b")
_NAME = re.compile(r"\bCluster Disk \d+\b")
_IDENTITY = re.compile(r"\{[0-9A-Fa-f-]{36}\}|\b0x[0-9A-Fa-f]{8}\b|\b(?=\w*[A-Fa-f])[0-9A-Fa-f]{8}\b|\b[0-9]{8,10}\b")


def _rows(page: Page) -> dict[str, Rows]:
    validations: list[dict[str, Any]] = []
    for token in page.all("TEST", "DISK"):
        fields, line = page.fields(token), page.line_of(token)
        if token.type == "TEST":
            result = str(fields["result"])
            validations.append({"test": fields["test"], "result": _RESULTS.get(result, result), "line": line})
            validations[-1]["text"] = token.strip()
        else:
            validations.append({**_disk(str(fields["text"])), "tested": not fields["skipped"], "line": line})
    return {CLUSTER_VALIDATIONS.name: from_records(validations)}


def _disk(text: str) -> dict[str, Any]:
    resource, identity = _NAME.search(text), _IDENTITY.search(text)
    number = _NUMBER.search(_NAME.sub("", text))
    return {
        "disk": int(number[1]) if number else None,
        "resource": resource[0] if resource else None,
        "disk_id": _identity(identity[0]) if identity else None,
        "text": text,
    }


def _identity(text: str) -> str | None:
    eight_hex_digits = re.fullmatch(r"(?:0x)?[0-9A-Fa-f]{8}", text)
    return disk_id(f"0x{text.removeprefix('0x')}" if eight_hex_digits else text)


SCREEN = Screen(
    name="test_cluster",
    tables=(CLUSTER_VALIDATIONS,),
    command=re.compile(r"test-cluster\b"),
    opening=re.compile(r"^[ \t]*Failover Cluster Validation Report|^[ \t]*Validate Disk Arbitration\b", re.M),
    rows=_rows,
    promised=(("TEST",),),
)
