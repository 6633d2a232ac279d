"""What XML answers say about an array itself; several commands print it around their own elements."""

from flmparse.reading.result import Rows, from_records
from flmparse.reading.xml import XmlPage
from flmparse.tables.arrays import ARRAYS
from flmparse.tables.environment import SOLUTIONS_ENABLER

ARRAY_ELEMENTS = frozenset(
    {"Microcode", "Symmwin", "Enginuity", "Cache", "Times", "SYMCLI", "SYMAPI", "SYMAPI_Server", "Powerpath", "Flags"}
    | {"SRDFA", "Auto_Meta"}
)
"""Elements below ``Symmetrix`` that tell about the array itself."""


def rows_of_xml(page: XmlPage) -> dict[str, Rows]:
    """Return the arrays of an XML answer, and the version of Solutions Enabler that wrote it."""
    arrays, versions = [], []
    for array in page.each("Symmetrix"):
        row = page.values(
            array,
            {"symmetrix": "Symm_Info/symid"},
            {
                "attachment": "Symm_Info/attachment",
                "patch_level": "Microcode/patch_level",
                "microcode_version": "Enginuity/patch_level",
                "physical_devices": "Symm_Info/physical_devices",
                "devices": "Symm_Info/devices",
            },
        )
        # The short list and the long one tell the same under two names.
        for column, paths in (
            ("model", ("Symm_Info/model", "Symm_Info/product_model")),
            ("microcode", ("Symm_Info/microcode_version", "Microcode/version")),
            ("cache_mb", ("Symm_Info/cache_megabytes", "Cache/megabytes")),
        ):
            row[column] = next((value for path in paths if (value := page.value(array, path))), None)
            if row[column] is None:
                page.doubt_element(array, f"an array without its {column.removesuffix('_mb')}")
        build = row["microcode_version"]
        if build and row["microcode"] and not build.startswith(row["microcode"]):
            page.doubt_element(array, f"microcode {row['microcode']} and Enginuity build {build} of one array disagree")
        arrays.append(row)
        for element in array.each("SYMCLI"):
            fields = page.values(element, {"version": "version"}, {"edit_level": "edit"})
            versions.append(fields | {"version": (fields["version"] or "").removeprefix("V") or None})
    return {ARRAYS.name: from_records(arrays), SOLUTIONS_ENABLER.name: from_records(versions[:1])}
