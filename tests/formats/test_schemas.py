"""What is written is held against its schema: SARIF and JUnit against the published ones, JSON against our own, closed."""

import json
import re
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from lxml import etree

from flmparse import assets, cli
from flmparse.errors import ManifestError, UsageError
from flmparse.manifest import parse
from flmparse.render import render_report
from flmparse.render.manifest import manifest_text
from flmparse.render.report import Report
from flmparse.render.schemas import SCHEMAS, schema
from flmparse.simulation import Layout, Shape, simulate
from flmparse.simulation.files import MANIFEST
from tests.formats.reports import hostile_report, paper_report

PUBLISHED = Path(__file__).parent.parent / "schemas"
REPORTS = {"white paper": paper_report, "hostile": hostile_report}


@pytest.fixture(params=REPORTS)
def report(request: pytest.FixtureRequest) -> Report:
    return REPORTS[request.param]()


def closed(node: Any) -> Any:
    """Return a schema that allows no field it does not name: a field nobody described is a fault of the description."""
    if isinstance(node, dict):
        kept = {key: closed(value) for key, value in node.items()}
        if kept.get("type") == "object" and "properties" in kept:
            kept.setdefault("additionalProperties", False)
        return kept
    return [closed(item) for item in node] if isinstance(node, list) else node


@cache
def own(name: str) -> Draft202012Validator:
    return Draft202012Validator(closed(schema(name)))


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    assert schema(name)["$id"] == f"urn:flmparse:schema:{name}:1"


def test_a_misspelt_schema_is_told() -> None:
    with pytest.raises(UsageError, match="did you mean 'check'"):
        schema("chek")


def test_json_is_as_its_schema_says(report: Report) -> None:
    text = render_report(report, "json")
    document = json.loads(text)
    own("check").validate(document)
    assert text == json.dumps(document, indent=2) + "\n"
    findings = [finding for gate in document["gates"] for result in gate["results"] for finding in result["findings"]]
    own("findings").validate(findings)
    assert len(findings) > 50


def test_every_line_of_json_lines_is_as_its_schema_says(report: Report) -> None:
    lines = [json.loads(line) for line in str(render_report(report, "jsonl")).splitlines()]
    for line in lines:
        own("record").validate(line)
    assert {line["type"] for line in lines} == {"report", "gate", "result"}


@pytest.mark.parametrize("damage", ["status", "verdict", "evidence"])
def test_the_schema_of_check_refuses_what_is_wrong(damage: str) -> None:
    document = json.loads(render_report(paper_report(), "json"))
    if damage == "status":
        document["gates"][3]["results"][0]["status"] = "ok"
    elif damage == "verdict":
        del document["gates"][0]["verdict"]
    else:
        document["gates"][3]["results"][0]["evidence"][0]["sha256"] = "none"
    assert not own("check").is_valid(document)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("parse", ("parse", "{paper}", "-f", "json")),
        ("unknown", ("parse", "{paper}/3-ready/figure-10.txt", "--unknown", "-f", "json")),
        ("captures", ("captures", "{paper}", "--gate", "ready", "-f", "json")),
        ("waivers", ("waivers", "{paper}", "-f", "json")),
        ("rules", ("rules", "-f", "json")),
    ],
)
def test_the_json_of_the_other_commands_is_as_its_schema_says(
    name: str, arguments: tuple[str, ...], tmp_path: Path
) -> None:
    paper = assets.folder("fixtures") / "migrations" / "whitepaper"
    to = tmp_path / "out.json"
    with pytest.raises(SystemExit):
        cli.main([*(word.format(paper=paper) for word in arguments), "-o", str(to)])
    own(name).validate(json.loads(to.read_text()))


def as_json_values(value: Any) -> Any:
    """Return a TOML document as JSON has it: days and times are text."""
    if isinstance(value, dict):
        return {key: as_json_values(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json_values(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def manifests() -> dict[str, str]:
    migrations = assets.folder("fixtures") / "migrations"
    texts = {name: (migrations / name / "migration.toml").read_text("utf-8") for name in ("whitepaper", "clean")}
    layout: Layout
    for layout in ("gates", "hosts"):
        texts[layout] = dict(simulate(Shape(pairs=4, nodes=2, seed=7)).captures(layout=layout))[MANIFEST]
    texts["init"] = re.sub("(?m)^# (?=\\[|[^ ]+ =)", "", manifest_text(None))
    return texts


@pytest.mark.parametrize(("name", "text"), manifests().items())
def test_a_manifest_is_as_its_schema_says_and_can_be_read(name: str, text: str) -> None:
    document = tomllib.loads(text)
    assert len(document) > 3
    validator = Draft202012Validator(schema("manifest"), format_checker=Draft202012Validator.FORMAT_CHECKER)
    validator.validate(as_json_values(document))
    assert parse(text.encode()).present


def test_the_schema_of_the_manifest_refuses_what_reading_it_refuses() -> None:
    for text in ("[migration]\npairfile = 'x'\n", "[policy]\nprofile = 'papr'\n", "[[waiver]]\nrule = 'PTH007'\n"):
        assert not Draft202012Validator(schema("manifest")).is_valid(tomllib.loads(text))
        with pytest.raises(ManifestError):
            parse(text.encode())


def test_the_schema_of_lines_not_understood_names_every_key(tmp_path: Path) -> None:
    (tmp_path / "node.txt").write_text("C:\\> powermt display dev=all\nwho wrote this line?\n")
    to = tmp_path / "out.json"
    with pytest.raises(SystemExit):
        cli.main(["parse", str(tmp_path / "node.txt"), "--unknown", "-f", "json", "-o", str(to)])
    document = json.loads(to.read_text())
    own("unknown").validate(document)
    assert len(document["unknown"]) == 1


def test_flmparse_schema_prints_them(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, shown in (([], "check "), (["check"], '"title": "flmparse check, schema version 1"')):
        with pytest.raises(SystemExit) as left:
            cli.main(["schema", *arguments])
        assert left.value.code == 0 and shown in capsys.readouterr().out


def test_sarif_is_as_the_published_schema_says(report: Report) -> None:
    published = json.loads((PUBLISHED / "sarif-2.1.0.json").read_text("utf-8"))
    validator = Draft202012Validator(published, format_checker=Draft202012Validator.FORMAT_CHECKER)
    validator.validate(json.loads(render_report(report, "sarif")))


def test_junit_is_as_the_published_schema_says(report: Report) -> None:
    published = etree.XMLSchema(etree.parse(PUBLISHED / "junit-10.xsd"))
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    published.assertValid(etree.fromstring(str(render_report(report, "junit")).encode(), parser))
