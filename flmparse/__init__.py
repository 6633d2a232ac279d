"""flmparse reads the command logs of an EMC Federated Live Migration and says go or no-go, with the evidence line by line.

    import flmparse

    collection = flmparse.read("captures/")               # a folder, file, .zip or .tar.gz
    collection.frames["paths"]                            # a DataFrame, with its columns even when empty
    assessment = flmparse.assess(collection, gate="ready")
    assessment.verdict, assessment.findings
    page = flmparse.render(assessment, "readiness", "html")   # text; bytes where the format is binary ("xlsx")
    reading = flmparse.parse_text(text)                   # one output that stands in a string

Names are loaded when they are first used: importing flmparse imports neither pandas nor lark.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from flmparse._version import __version__

if TYPE_CHECKING:
    from flmparse.assessment import Assessment as Assessment
    from flmparse.assessment import GateAssessment as GateAssessment
    from flmparse.assessment import assess as assess
    from flmparse.collection import Collection as Collection
    from flmparse.collection import parse_text as parse_text
    from flmparse.collection import read as read
    from flmparse.errors import FlmparseError as FlmparseError
    from flmparse.findings import Evidence as Evidence
    from flmparse.findings import Finding as Finding
    from flmparse.findings import Result as Result
    from flmparse.findings import Severity as Severity
    from flmparse.findings import Status as Status
    from flmparse.findings import Verdict as Verdict
    from flmparse.procedure import Gate as Gate
    from flmparse.render import render as render
    from flmparse.screens import Reading as Reading

_HOMES = {
    "Assessment": "flmparse.assessment",
    "Collection": "flmparse.collection",
    "Evidence": "flmparse.findings",
    "Finding": "flmparse.findings",
    "FlmparseError": "flmparse.errors",
    "Gate": "flmparse.procedure",
    "GateAssessment": "flmparse.assessment",
    "Reading": "flmparse.screens",
    "Result": "flmparse.findings",
    "Severity": "flmparse.findings",
    "Status": "flmparse.findings",
    "Verdict": "flmparse.findings",
    "assess": "flmparse.assessment",
    "parse_text": "flmparse.collection",
    "read": "flmparse.collection",
    "render": "flmparse.render",
}

__all__ = [
    "Assessment",
    "Collection",
    "Evidence",
    "Finding",
    "FlmparseError",
    "Gate",
    "GateAssessment",
    "Reading",
    "Result",
    "Severity",
    "Status",
    "Verdict",
    "__version__",
    "assess",
    "parse_text",
    "read",
    "render",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'flmparse' has no attribute {name!r}")
    module = import_module(home)
    # The subpackage `flmparse.render` takes this name as soon as it is imported; it is callable and does the same.
    return module if name == "render" else getattr(module, name)


def __dir__() -> list[str]:
    return sorted(__all__)
