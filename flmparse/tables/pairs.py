"""The pair file: which target device takes over which source device (white paper page 10)."""

from flmparse import terms
from flmparse.tables.table import Column, Table

PAIRS = Table(
    "pairs",
    "one line of a pair file: target (control) first, source (remote) second",
    (
        Column("target_symmetrix", "text", "array of the first device (VMAX)", terms.symmetrix),
        Column("target_device", "text", "first device", terms.device),
        Column(
            "source_symmetrix",
            "text",
            "array of the second device (DMX); null for a wwn= or clardev= device",
            terms.symmetrix,
        ),
        Column("source_device", "text", "second device; null for a wwn= or clardev= device", terms.device),
        Column("source_other", "text", "the second token where it is not symdev=, as written"),
    ),
    captured_by="the pair file itself",
)

PAIR_FILE_CLAIMS = Table(
    "pair_file_claims",
    "a comment of the pair file about an array's microcode: `FLM Source [ DMX - 5671 ]`",
    (
        Column("role", "text", "target or source"),
        Column("model", "text", "VMAX, DMX ... as written"),
        Column("microcode", "text", "four digits as written"),
    ),
    captured_by="the pair file itself",
)
