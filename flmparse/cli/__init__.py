"""The command line. The only part of flmparse that prints or exits, and the only importer of typer.

One module per command; each imports what it needs when it runs, so that ``--help`` and ``rules`` load neither pandas nor lark.
Exit codes (a contract): 0 GO, 1 NO-GO, 2 could not run, 3 INCONCLUSIVE.
"""

import gc
import signal
import sys
import threading
from typing import Annotated, NoReturn

import typer

from flmparse._version import __version__
from flmparse.cli import captures, check, demo, explain, init, parse, report, rules, schema, simulate, waivers
from flmparse.cli.asking import EXIT_COULD_NOT_RUN
from flmparse.cli.options import Command
from flmparse.cli.output import Quiet, say, stand_in_for_closed_streams, write
from flmparse.errors import FlmparseError

HELP = """Read the command logs of an EMC Federated Live Migration and judge its gates, with the evidence line by line.

Works offline on text; never talks to an array or a host.

\b
Examples:
  flmparse demo                                  the white paper's own captures, checked
  flmparse check captures/ --gate ready          may we activate?
  flmparse report compliance captures/           was all of it done as prescribed?
  flmparse rules MSK005                          what a rule asks, and why
"""

app = typer.Typer(
    help=HELP,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "auto_envvar_prefix": "FLMPARSE",
        "max_content_width": 100,
    },
)

for _module, _command in (
    (demo, demo.demo),
    (parse, parse.parse),
    (check, check.check),
    (report, report.report),
    (captures, captures.captures),
    (rules, rules.rules),
    (explain, explain.explain),
    (waivers, waivers.waivers),
    (init, init.init),
    (simulate, simulate.simulate),
    (schema, schema.schema),
):
    app.command(cls=Command, epilog=_module.EXAMPLES)(_command)


def _print_version(wanted: bool) -> None:
    if wanted:
        write(f"flmparse {__version__}\n")
        raise typer.Exit


@app.callback()
def _all_commands(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            allow_from_autoenv=False,
            help="Print the version and exit.",
        ),
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Show no progress and say nothing but warnings and errors.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    context.obj = debug
    _Debug.on = debug
    Quiet.on = quiet


class _Debug:
    """Whether an error shows its traceback; set by ``--debug``, asked once everything has failed."""

    on = False


RARELY = (100_000, 50, 50)
"""When Python looks for circles of objects: a tenth of a short run went into looking through what imports have made."""


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit."""
    _Debug.on = Quiet.on = False
    gc.set_threshold(*RARELY)
    stand_in_for_closed_streams()
    _leave_tidily()
    try:
        app(args=arguments, prog_name="flmparse")
    except FlmparseError as error:
        _show_traceback()
        say(str(error))
    except MemoryError:
        _show_traceback()
        say("not enough memory; give it more, or a smaller collection")
    except Exception as error:  # the promise is one line and the exit code, whatever went wrong
        _show_traceback()
        message = " ".join(str(error).split())
        say(
            f"internal error: {type(error).__name__}{': ' + message if message else ''}{_where(error)}; please report it"
        )
    else:
        sys.exit(0)
    sys.exit(EXIT_COULD_NOT_RUN)


def _leave_tidily() -> None:
    """Let a signal that ends the run end it as Ctrl-C does: what is half written is removed, and no process is left."""
    if threading.current_thread() is threading.main_thread():
        for name in {"SIGTERM", "SIGHUP"} & {*dir(signal)}:
            number = getattr(signal, name)
            if signal.getsignal(number) is signal.SIG_DFL:  # nohup ignores one
                signal.signal(number, lambda given, _frame: sys.exit(128 + given))


def _show_traceback() -> None:
    if _Debug.on:
        import traceback

        traceback.print_exc()


def _where(error: Exception) -> str:
    trace = error.__traceback__
    position = ""
    while trace is not None:
        name = str(trace.tb_frame.f_globals.get("__name__", ""))
        if name.startswith("flmparse."):
            position = f" (in {name}, line {trace.tb_lineno})"
        trace = trace.tb_next
    return position
