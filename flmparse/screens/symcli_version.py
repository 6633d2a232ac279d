"""``symcli``, ``symcfg -version``: the version of Solutions Enabler on the host where it ran.

    Symmetrix Command Line Interface (SYMCLI) Version V7.4.0.0 (Edit Level: 1337)

White paper page 6 asks for 7.4. The version counts up to the edit level; the library that a command is run with may be newer than the one it
was built with, so the run time version is preferred for ``symapi_version``.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.tables.environment import SOLUTIONS_ENABLER


def _rows(page: Page) -> dict[str, Rows]:
    banners = [{**page.fields(token), "line": page.line_of(token)} for token in page.all("SYMCLI")]
    if len(banners) > 1:
        page.doubt(int(banners[1]["line"] or 0), "a second version of SYMCLI in one banner")
    libraries = [page.fields(token).get("run_time") for token in page.all("RUN_TIME")]
    libraries += [page.fields(token).get("built_with") for token in page.all("BUILT_WITH")]
    for banner in banners:
        banner["symapi_version"] = libraries[0] if libraries else None
    return {SOLUTIONS_ENABLER.name: from_records(banners)}


SCREEN = Screen(
    name="symcli_version",
    tables=(SOLUTIONS_ENABLER,),
    command=re.compile(r"symcli\Z|symcli -(?:v|version)\Z|sym\w+ -version\Z"),
    opening=re.compile(
        r"\A\s*(?:Symmetrix (?:Command Line Interface|CLI) \(SYMCLI\) Version|SYMAPI Run Time Version"
        r"|[Bb]uilt with SYMAPI Version)"
    ),
    rows=_rows,
    promised=(("SYMCLI",),),
)
