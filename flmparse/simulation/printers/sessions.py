"""The pair file; symrcopy create, activate, terminate, query, verify, list; the lists of other replication."""

from collections.abc import Sequence

from flmparse.simulation.model import TRACKS_PER_MB, Migration, Pair, Session

QUERY_HEADING = """
       Control Device                  Remote Device              Flags      Status     Done
---------------------------- ----------------------------------- ------- -------------- ----
                   Protected
SID:symdev         Tracks    Identification                   RI CDSHUTZ  CTL <=> REM    (%)
------------------ --------- -------------------------------- -- ------- -------------- ----
"""

QUERY_LEGEND = """
Legend:
R:  (Remote Device Vendor Identification)
    S = Symmetrix, C = Clariion, . = Unknown.

I:  (Remote Device Specification Identifier)
    D = Device Name, W = LUN WWN, World Wide Name.

Flags:
(C): X = The background copy setting is active for this pair.
     . = The background copy setting is not active for this pair.
(D): X = The session is a differential copy session.
     . = The session is not a differential copy session.
(S): X = The session is pushing data to the remote device(s).
     . = The session is pulling data from the remote device(s).
(H): X = The session is a hot copy session.
     . = The session is a cold copy session.
(U): X = The session has donor update enabled.
     . = The session does not have donor update enabled.
(T): M = The session is a migration session.
     R = The session is a RecoverPoint session.
     S = The session is a standard ORS session.
(Z): X = The session has front-end zero detection enabled.
     . = The session does not have front-end zero detection enabled.
(*): The failed session can be reactivated.
"""


def pair_file(migration: Migration) -> str:
    """The file that names the pairs, target first."""
    target, source = migration.target, migration.source
    lines = migration.pair_lines
    if lines is None:
        lines = [
            f"symdev={target.symmetrix}:{target.name(pair.target)} symdev={source.symmetrix}:{source.name(pair.source)}"
            for pair in migration.pairs
        ]
    head = [
        "## FLM PAIR FILE",
        "##",
        f"## COLUMN1: FLM Target [ VMAX - {target.microcode} ]",
        f"## COLUMN2: FLM Source [ DMX - {migration.declared_source_microcode} ]",
        "",
    ]
    return "\n".join([*head, *lines])


def operation(migration: Migration, verb: str) -> str:
    """The answer to create, activate, terminate."""
    # Figure 4 prints blanks within the quotes of create, and of create alone.
    name = f"' {migration.pair_file} '" if verb == "Create" else f"'{migration.pair_file}'"
    return f"""'{verb}' operation execution is in progress for the device list
in device file {name}. Please wait...

'{verb}' operation successfully executed for the device list
in device file '{migration.pair_file}'."""


def done_percent(pair: Pair, session: Session) -> str:
    """Return Done: N/A until activation, then the copied share cut to whole percent."""
    if session.status == "Created":
        return "N/A"
    return str((pair.tracks - session.tracks_left) * 100 // pair.tracks + session.done_error)


def flags(session: Session) -> str:
    """Return the seven letters CDSHUTZ."""
    marks = (session.background_copy, session.differential, session.push, session.hot, session.donor_update)
    return "".join("X" if on else "." for on in marks) + session.kind + ("X" if session.zero_detection else ".")


def query(migration: Migration, pairs: Sequence[Pair] | None = None) -> str:
    """``symrcopy query``: the pairs that have a session, totals, legend."""
    target, source = migration.target, migration.source
    listed = [(pair, pair.session) for pair in (pairs if pairs is not None else migration.pairs) if pair.session]
    rows = "\n".join(
        [
            f"{target.symmetrix}:{target.name(pair.target)}  {session.tracks_left:>9} "
            f"{source.symmetrix}:{source.name(pair.source):<19} {session.remote_kind} {flags(session)} "
            f"{session.status + ('(*)' if session.reactivatable else ''):<14} {done_percent(pair, session):>4}"
            for pair, session in listed
        ]
    )
    total = sum(session.tracks_left for _, session in listed)
    name = migration.deviations.device_file or migration.pair_file
    return f"""Device File Name      : {name}
{QUERY_HEADING}{rows}

Total              ---------
  Track(s)         {total:>9}
  MB(s)            {_tenths(total):>9}
{QUERY_LEGEND}"""


def _tenths(tracks: int) -> str:
    tenths = (20 * tracks + TRACKS_PER_MB) // (2 * TRACKS_PER_MB)
    return f"{tenths // 10}.{tenths % 10}"


def verified(migration: Migration) -> str:
    """``symrcopy verify -copied``."""
    if all(pair.session is None or pair.session.status == "Copied" for pair in migration.pairs):
        return "All device(s) in the list are in 'Copied' state."
    return "None of the device(s) in the list are in 'Copied' state."


NO_SESSIONS = "No Open Replicator sessions were found"


def clones(symmetrix: str, sessions: Sequence[tuple[str, str]]) -> str:
    """``symclone list``: source and target device of each session."""
    if not sessions:
        return f"No Clone sessions were found on Symmetrix {symmetrix}"
    rows = "\n".join(
        f"     {source:<5}        0        0           {target:<5}       0 X.X. Copied       100"
        for source, target in sessions
    )
    return f"""Symmetrix ID: {symmetrix}

         Source Device                   Target Device            State     Copy
--------------------------------- ---------------------------- ------------ ----
          Protected Modified                Modified
     Sym  Tracks    Tracks             Sym  Tracks   CGDP SRC <=> TGT  (%)
--------------------------------- ---------------------------- ------------ ----
{rows}"""


def no_replication(symmetrix: str) -> list[tuple[str, str]]:
    """What symrdf, symsnap and symmir print where there is nothing to list: tool and answer."""
    return [
        ("symrdf", f"Symmetrix ID: {symmetrix}\n\nNo RDF devices were found"),
        ("symsnap", f"No Snap sessions were found on Symmetrix {symmetrix}"),
        ("symmir", f"No BCV sessions were found on Symmetrix {symmetrix}"),
    ]
