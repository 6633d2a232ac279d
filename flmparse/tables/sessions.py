"""Open Replicator sessions: `symrcopy query` and `symrcopy verify` (white paper figures 5, 12, 14, 15)."""

from flmparse import terms
from flmparse.tables.table import Column, Table

SESSIONS = Table(
    "sessions",
    "one `symrcopy query`: its device file and the totals below the rows",
    (
        Column(
            "device_file", "text", "`Device File Name` of the heading, blanks stripped; null where the heading lacks it"
        ),
        Column("total_tracks", "whole", "Track(s) of the total"),
        Column("total_mb", "decimal", "MB(s) of the total"),
    ),
    captured_by="symrcopy -f <pair file> query",
)

SESSION_PAIRS = Table(
    "session_pairs",
    "one row of `symrcopy query`: the session of a pair",
    (
        Column("control_symmetrix", "text", "array of the control (target) device", terms.symmetrix),
        Column("control_device", "text", "control (target) device", terms.device),
        Column("protected_tracks", "whole", "tracks still to be copied, of the control array's track size"),
        Column("remote_symmetrix", "text", "array of the remote (source) device", terms.symmetrix),
        Column("remote_device", "text", "remote (source) device", terms.device),
        Column("remote_other", "text", "the identification where it is not array:device (a LUN WWN)"),
        Column("remote_kind", "choice", "columns R and I: SD = a Symmetrix device name"),
        Column("flags", "choice", "the flag column as printed, a letter or dot for each of its heading's letters"),
        Column("background_copy", "choice", "flag C: X or ."),
        Column("differential", "choice", "flag D: X or ."),
        Column("push", "choice", "flag S: X pushing, . pulling"),
        Column("hot", "choice", "flag H: X hot, . cold"),
        Column("donor_update", "choice", "flag U: X or ."),
        Column("session_type", "choice", "flag T: M migration, R RecoverPoint, S standard ORS"),
        Column("zero_detection", "choice", "flag Z: X or ."),
        Column("status", "choice", "Created, CopyInProg, Copied, Failed ... without the mark (*)"),
        Column("can_reactivate", "flag", "the mark (*): the failed session can be activated again"),
        Column("done_percent", "whole", "Done; null for N/A"),
    ),
    key=("control_symmetrix", "control_device"),
    captured_by="symrcopy -f <pair file> query",
)

SESSION_VERDICTS = Table(
    "session_verdicts",
    "the sentence of `symrcopy verify`",
    (
        Column("quantity", "text", "all, some or none of the devices"),
        Column("state", "text", "the state verified, without quotes: Copied"),
    ),
    captured_by="symrcopy -f <pair file> verify -copied",
)
