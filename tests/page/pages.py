"""Reports and their pages that the tests of HTML share."""

from functools import cache

from lxml import html as parser
from lxml.html import HtmlElement

from flmparse import assets
from flmparse.assessment import Assessment, assess
from flmparse.collection import from_bundle as collected
from flmparse.collection import read
from flmparse.render import render_report
from flmparse.render.context import report_of
from flmparse.render.report import Report
from flmparse.simulation import Shape, simulate
from flmparse.simulation.files import MANIFEST
from flmparse.text.capture import Bundle, from_bytes
from tests.formats.reports import hostile_report, paper_report


@cache
def whitepaper() -> Assessment:
    return assess(read(str(assets.folder("fixtures") / "migrations" / "whitepaper")), "all")


@cache
def compliance() -> Report:
    return report_of(whitepaper(), "compliance")


@cache
def simulated() -> Report:
    """Return 70 pairs at the gate ready, one of them unseen by a node: more than a page lists, in captures larger than it shows."""
    files = dict(simulate(Shape(pairs=70, nodes=2, seed=3), ["F071"]).captures())
    manifest = files.pop(MANIFEST).encode()
    captures = tuple(from_bytes(name, text.encode()) for name, text in sorted(files.items()))
    return report_of(assess(collected(Bundle("simulation", captures, manifest, ())), "ready"), "compliance")


REPORTS = {"paper": compliance, "with waivers": paper_report, "hostile": hostile_report, "simulated": simulated}


@cache
def text_of(name: str) -> str:
    return str(render_report(REPORTS[name](), "html"))


@cache
def page_of(name: str) -> HtmlElement:
    return parser.document_fromstring(text_of(name))
