"""Options that several commands share, each spelt and explained once."""

from collections import Counter
from enum import StrEnum
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperCommand, TyperOption

from flmparse.cli import completion


class Command(TyperCommand):
    """A command that refuses an option that is given twice and takes one value: the first would be dropped without a word."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Return what is left of the arguments."""
        order = self.make_parser(ctx).parse_args(list(args))[2] if "--help" not in args and "-h" not in args else []
        for parameter, times in Counter(order).items():
            takes_one = isinstance(parameter, TyperOption) and not (
                parameter.multiple or parameter.count or parameter.is_flag
            )
            if takes_one and times > 1:
                ctx.fail(f"{parameter.opts[0]} is given {times} times and takes one value")
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command. To click an EOFError is the end of typed input, which it answers with 1: that means NO-GO here."""
        try:
            return super().invoke(ctx)
        except EOFError as error:
            raise RuntimeError(f"EOFError {error}".strip()) from error


Gates = Annotated[
    list[str] | None,
    typer.Option(
        "--gate",
        "-g",
        metavar="NAME|all",
        autocompletion=completion.gates,
        help="Gate to ask about: prepare, created, masked, ready, copying, copied, ...; several with commas, or repeated.  "
        "[default: all up to where the evidence is]",
    ),
]

CodePage = Annotated[
    str | None,
    typer.Option(
        "--code-page",
        metavar="NAME",
        envvar="FLMPARSE_CODE_PAGE",
        help="Code page of captures that are neither UTF-8 nor UTF-16, for example cp850.  [default: cp1252]",
    ),
]

Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        metavar="N",
        min=0,
        envvar="FLMPARSE_JOBS",
        help="Processes that read large files at once (Linux); the answer is the same with any number.  [default: by size]",
    ),
]

Profile = Annotated[
    Literal["paper", "strict"] | None,
    typer.Option(
        "--profile",
        envvar="FLMPARSE_PROFILE",
        help="What evidence is required: what the white paper shows, or all of it.  [default: the manifest's, else paper]",
    ),
]

Select = Annotated[
    list[str] | None,
    typer.Option(
        "--select",
        metavar="ID",
        autocompletion=completion.rules,
        help="Ask only these rules: an id (MSK005), a family (MSK) or several with commas.",
    ),
]

Ignore = Annotated[
    list[str] | None,
    typer.Option(
        "--ignore",
        metavar="ID",
        autocompletion=completion.rules,
        help="Leave these rules out; the result names them.",
    ),
]


class Weight(StrEnum):
    """What may make a check exit with 1."""

    FAIL = "fail"
    WARN = "warn"
    INCONCLUSIVE = "inconclusive"


FailOn = Annotated[
    list[Weight] | None,
    typer.Option(
        "--fail-on",
        help="What exits with 1. warn: also GO WITH WARNINGS. inconclusive: also INCONCLUSIVE. May be repeated.  [default: fail]",
    ),
]

AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="Day or ISO 8601 time at which waivers are judged.  [default: the newest time of a capture]",
    ),
]

Author = Annotated[
    str | None,
    typer.Option("--author", metavar="NAME", help="Who answers for it, as the report should say.  [default: nobody]"),
]


def formats_help() -> str:
    """Return the formats of a report with what each is for, for the help of a command."""
    from flmparse.render.formats import all_formats

    width = max(map(len, all_formats()))
    return "\n".join(f"  {form.name:<{width}}  {form.holds}" for form in all_formats().values())


Output = Annotated[
    str,
    typer.Option("-o", "--output", metavar="FILE", help="Write to this file; - is standard output."),
]
