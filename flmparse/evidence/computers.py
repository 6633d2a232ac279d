"""Names of computers: which computer an output is of, and when two names are of one."""

from collections.abc import Iterable

from flmparse.collection import SE_HOST, Output, computer_named
from flmparse.terms import host_name


def computer_of(output: Output) -> str | None:
    """Return the computer that an output is about: the one that its DiskPart names, wherever it is filed; else its node."""
    return computer_named(output.reading) or output.node


def names_its_computer(output: Output) -> bool:
    """Whether the output is the answer to ``hostname``, which names the computer of the log."""
    return output.command is not None and output.command.tool == "hostname"


def same_computer(first: str | None, second: str | None) -> bool:
    """Whether two names are of one computer."""
    return first is not None and second is not None and host_name(first) == host_name(second)


def is_elsewhere(step: Output, output: Output) -> bool:
    """Whether a step is known to be of another computer than an output."""
    computer = computer_of(step)
    return computer is not None and output.node is not None and not same_computer(computer, output.node)


def nodes_of(outputs: Iterable[Output]) -> set[str]:
    """Return the cluster nodes on which outputs were captured."""
    return {output.node for output in outputs if output.node is not None and output.node != SE_HOST}
