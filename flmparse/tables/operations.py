"""Steps that changed the arrays and hosts, as their commands report them."""

from flmparse.tables.table import Column, Table

OPERATIONS = Table(
    "operations",
    "one step that changes something: a command and whether it succeeded",
    (
        Column(
            "operation",
            "text",
            "create, activate, terminate, failback, set donor_update off ... (symrcopy); mask (symaccess); symmask remove,"
            " symmask refresh; rescan (diskpart); powermt remove, powermt save, powermt check, ...",
        ),
        Column(
            "succeeded",
            "flag",
            "the output reports success (or the command is silent on success and printed nothing); null: neither reported",
        ),
        Column("subject", "text", "what it was done to: device file, array or computer, as the output names it"),
    ),
    captured_by="the log of the step itself",
)
