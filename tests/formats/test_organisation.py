"""What the manifest says of the organisation: its name, header and logo, and its own ids of rules."""

import base64
import io
import zipfile
from pathlib import Path

import pytest

import flmparse
from flmparse.assessment import assess
from flmparse.collection import read
from flmparse.errors import ManifestError
from flmparse.manifest import parse
from flmparse.render import render_report
from flmparse.render.context import report_of
from flmparse.render.manifest import manifest_text
from flmparse.text.capture import LARGEST_PICTURE_BYTES

PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 40

MANIFEST = """\
[migration]
name = "Rack 7"
[report]
organisation = "Example Bank"
header = "Internal"
logo = "./brand/logo.png"
[controls]
msk005 = ["ISO-A.8.9", "CB-17"]
MSK = "CB-1"
"""


def folder(tmp_path: Path, manifest: str = MANIFEST, picture: bytes = PICTURE) -> str:
    (tmp_path / "brand").mkdir(parents=True)
    (tmp_path / "migration.toml").write_text(manifest)
    (tmp_path / "brand" / "logo.png").write_bytes(picture)
    (tmp_path / "node.txt").write_text("C:\\> powermt display dev=all\n")
    return str(tmp_path)


def test_the_logo_stands_in_the_report_and_is_no_capture(tmp_path: Path) -> None:
    collection = read(folder(tmp_path))
    assert [capture.name for capture in collection.captures] == ["node.txt"]
    assert collection.logo == "data:image/png;base64," + base64.b64encode(PICTURE).decode()
    report = report_of(assess(collection, "ready"))
    assert (report.organisation, report.header, report.logo) == ("Example Bank", "Internal", collection.logo)
    text = str(render_report(report, "text"))
    assert text.startswith("Internal\nCheck: Rack 7\n") and "  Organisation:  Example Bank\n" in text


def test_the_logo_is_found_in_an_archive_too(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("top/migration.toml", MANIFEST)
        archive.writestr("top/brand/logo.png", PICTURE)
    path = tmp_path / "all.zip"
    path.write_bytes(packed.getvalue())
    assert read(str(path)).logo.startswith("data:image/png;base64,")


@pytest.mark.parametrize(
    ("manifest", "picture"),
    [
        (MANIFEST, b"<svg onload='alert(1)'/>"),
        (MANIFEST, PICTURE + b"\0" * LARGEST_PICTURE_BYTES),
        (MANIFEST.replace("./brand/logo.png", "logo.png"), PICTURE),
        (MANIFEST.replace("./brand/logo.png", "../../../etc/passwd"), PICTURE),
        (MANIFEST.replace("./brand/logo.png", "node.txt"), PICTURE),
    ],
    ids=["svg", "too large", "not there", "outside", "a capture"],
)
def test_what_is_no_logo_is_said_with_its_line(tmp_path: Path, manifest: str, picture: bytes) -> None:
    with pytest.raises(ManifestError, match=r"^migration.toml:6: logo: .* is no PNG, JPEG or GIF file"):
        read(folder(tmp_path, manifest, picture))


def test_a_picture_that_nobody_names_stays_a_capture(tmp_path: Path) -> None:
    collection = read(folder(tmp_path, '[migration]\nname = "x"\n'))
    assert [capture.name for capture in collection.captures] == ["brand/logo.png", "node.txt"] and not collection.logo


def test_own_ids_are_of_a_rule_or_of_a_family(tmp_path: Path) -> None:
    manifest = parse(MANIFEST.encode())
    assert manifest.controls_of("MSK005") == ("ISO-A.8.9", "CB-17", "CB-1")
    assert (manifest.controls_of("MSK006"), manifest.controls_of("PTH001")) == (("CB-1",), ())
    path = Path(folder(tmp_path))
    (path / "3-ready").mkdir()
    (path / "node.txt").rename(path / "3-ready" / "node.txt")
    report = report_of(assess(read(str(path)), "ready"))
    (view,) = [view for view in report.gates[0].results if view.rule == "MSK005"]
    assert view.controls == ("ISO-A.8.9", "CB-17", "CB-1")
    assert "[ISO-A.8.9] [CB-17] [CB-1] masking.every-node-in-view" in str(render_report(report, "text"))
    assert "\\[ISO-A.8.9\\] \\[CB-17\\] \\[CB-1\\] masking.every-node-in-view" in str(render_report(report, "md"))


def test_own_ids_of_no_rule_are_an_error() -> None:
    collection = flmparse.read(str(Path(__file__).parent.parent.parent / "fixtures" / "migrations" / "whitepaper"))
    object.__setattr__(collection, "manifest", parse(b'[controls]\nMSK055 = ["X-1"]\n'))
    with pytest.raises(ManifestError, match=r"\[controls\]: no rule 'MSK055'; did you mean 'MSK00"):
        assess(collection, "ready")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[controls]\nMSK005 = 7\n", "migration.toml:2: controls.MSK005: must be a list, not 7"),
        ("[controls]\nMSK005 = []\n", "migration.toml:2: controls.MSK005: must not be empty"),
        (
            '[report]\norganization = "x"\n',
            "migration.toml:2: report.organization: no such key; did you mean 'organisation'?",
        ),
        ("[report]\nlogo = 1\n", "migration.toml:2: report.logo: must be text in quotes, not 1"),
        ("controls = 1\n", "migration.toml:1: controls: must be written as a section [controls]"),
    ],
)
def test_what_is_wrong_with_them_is_said(text: str, told: str) -> None:
    with pytest.raises(ManifestError) as error:
        parse(text.encode())
    assert told in str(error.value)


def test_what_init_suggests_can_be_taken_as_it_stands() -> None:
    suggested = manifest_text(None).partition("[report]")
    manifest = parse("".join(suggested[1:]).replace("\n# ", "\n").encode())
    assert manifest.report.logo == "logo.png" and manifest.controls == {"MSK005": ("ISO-A.8.9",)}
