"""``vxdmpadm getsubpaths``: the paths under Veritas DMP, all of them or of one DMP node, controller or enclosure.

    c2t50000972C0044D18d1s2 ENABLED(A)   -          emc0_0123    emc0         c2        -

How a federated device shows here is not printed in the white paper.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.screens.shared.headed_words import headed_rows
from flmparse.tables.multipath import DMP_PATHS

_COLUMNS = {
    "NAME": "path",
    "DMPNODENAME": "dmp_node",
    "ENCLR-TYPE": "enclosure_type",
    "ENCLR-NAME": "enclosure",
    "CTLR": "controller",
    "CTLR-NAME": "controller",
}
_STATES = dict.fromkeys(("STATE", "STATE[A]", "STATE[-]"), "state")
_TYPES = dict.fromkeys(("PATH-TYPE", "PATH-TYPE[M]", "PATH-TYPE[-]"), "path_type")
_NODE_ASKED = re.compile(r"dmpnodename=(\S+)", re.I)
_CONTROLLER_ASKED = re.compile(r"ctlr=(\S+)", re.I)


def _rows(page: Page) -> dict[str, Rows]:
    paths = headed_rows(page, _COLUMNS | _STATES | _TYPES)
    command = page.command.text if page.command else ""
    node, controller = _NODE_ASKED.search(command), _CONTROLLER_ASKED.search(command)
    for path in paths:
        state, _, mark = str(path["state"]).partition("(")
        path |= {"state": state, "is_active": mark == "A)"}
        path.setdefault("dmp_node", node[1] if node else None)
        path.setdefault("controller", controller[1] if controller else None)
        path["path_type"] = str(path["path_type"]).partition("(")[0] if path["path_type"] else None
    return {DMP_PATHS.name: from_records(paths)}


SCREEN = Screen(
    name="vxdmpadm_getsubpaths",
    tables=(DMP_PATHS,),
    command=re.compile(r"vxdmpadm getsubpaths\b"),
    opening=re.compile(r"^[ \t]*NAME[ \t]+STATE(?:\[[A-Z-]\])?[ \t]+PATH-TYPE", re.M),
    rows=_rows,
    promised=(("HEADING",), ("TABLE",)),
)
