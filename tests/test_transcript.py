import pytest
from hypothesis import given
from hypothesis import strategies as st

from flmparse import commands
from flmparse.procedure import Gate
from flmparse.text.capture import from_text
from flmparse.text.clean import CleanText
from flmparse.text.transcript import Block, split


def blocks_of(text: str) -> list[Block]:
    return split(from_text("log.txt", text))


@pytest.mark.parametrize(
    "prompt, host",
    [
        (r"C:\> ", None),
        (r"C:\Users\Administrator>", None),
        (r"PS C:\Windows\system32> ", None),
        ("[root@node1 ~]# ", "node1"),
        ("admin@se-host:~$ ", "se-host"),
        ("# ", None),
        ("$ ", None),
        (" /opt/emc/SYMCLI/bin # ", None),
        ("root:/# ", None),
        ("bash-3.2# ", None),
        ("se-host# ", None),
        ("se-host:/opt/emc> ", None),
        ("se-host% ", None),
        ("root@se-host # ", "se-host"),
        ("root@se-host ~]# ", "se-host"),
    ],
)
def test_prompts_are_known(prompt: str, host: str | None) -> None:
    (block,) = blocks_of(f"{prompt}symrcopy -f win_flm query\nanswer\n")
    assert block.command is not None
    assert (block.command.tool, block.command.words, block.command.options) == (
        "symrcopy",
        ("query",),
        {"-f": "win_flm"},
    )
    assert (block.prompt_host, block.output, block.output_start) == (host, "answer\n", 2)


def test_comments_and_headings_with_a_hash_are_no_prompts() -> None:
    (block,) = blocks_of("## FLM PAIR FILE\n#\n# note\n### HW Path   I/O Paths\n")
    assert block.command is None and block.output_start == 1


def test_several_commands_share_a_log_and_the_next_prompt_proves_the_answer_whole() -> None:
    first, second = blocks_of("C:\\> symmask -sid 076 refresh\ndone\n\nC:\\> hostname\nNODE1\n")
    assert (first.line_start, first.line_end, first.closed) == (1, 3, True)
    assert (second.line_start, second.line_end, second.closed) == (4, 5, False)


def test_an_empty_prompt_at_the_end_closes_the_answer() -> None:
    (block,) = blocks_of("C:\\> hostname\nNODE1\nC:\\>\n")
    assert block.closed and block.prompt_lines == (1, 3)


def test_a_wrapped_option_is_joined_with_its_value() -> None:
    (block,) = blocks_of("C:\\> symrcopy -f win_flm create -migrate -mp_type  \nppath  \n\nanswer\n")
    assert block.command is not None
    assert block.command.options["-mp_type"] == "ppath"
    assert block.prompt_lines == (1, 2) and block.output_start == 3


def test_a_misspelt_option_keeps_its_value_and_is_named() -> None:
    (block,) = blocks_of("C:\\> symmask -sid 076 -wnn 10000000c953f9f3 remove devs\n0720,075F\n")
    assert block.command is not None
    assert block.command.unknown_options == ("-wnn",)
    assert block.command.words == ("remove", "devs", "0720,075F")


def test_markers_hold_until_the_next() -> None:
    text = "#flm node=N1 gate=ready time=2011-01-04T12:00:00Z\nC:\\> powermt version\nx\nC:\\> hostname\ny\n#flm node=N2\nz\n"
    blocks = blocks_of(text)
    assert [(b.marker and b.marker.node, b.marker and b.marker.gate) for b in blocks] == [
        ("N1", Gate.READY),
        ("N1", Gate.READY),
        ("N2", None),
    ]


def test_what_a_marker_says_wrongly_is_kept_as_its_problem() -> None:
    (block,) = blocks_of("#flm gate=redy when=now\nx\n")
    assert block.marker is not None
    assert "no gate 'redy'; did you mean 'ready'?" in block.marker.problem
    assert "'when=now' is none of node=, gate=, time=" in block.marker.problem


def test_a_prompt_that_a_tool_was_called_at_is_one_without_a_tool_too() -> None:
    first, second = blocks_of("se-host# symcfg list\nanswer\nse-host# cd /tmp\nse-host#\n")
    assert (first.output, first.closed) == ("answer\n", True)
    assert second.command is not None and (second.command.tool, second.closed) == ("cd", True)


@pytest.mark.parametrize("damaged", ["C:~> ", "C:\\~ ", "C\\> ", "C:\\ ", "C:\\x> "])
def test_a_prompt_with_a_damaged_character_is_one_where_a_tool_is_called(damaged: str) -> None:
    first, second = blocks_of(f"C:\\> powermt save\n{damaged}powermt check force\nanswer\n")
    assert (first.output, first.closed) == ("", True)
    assert second.command is not None and second.command.words == ("check", "force")


@pytest.mark.parametrize(
    "pager",
    [
        "--More--",
        "-- More  --",
        "--More--(45%)",
        "-- Fortsetzung --",
        "lines 1-24/80 (END)",
        "Press any key to continue . . .",
    ],
)
def test_what_a_pager_wrote_is_no_text(pager: str) -> None:
    assert CleanText(lambda: f"a\n{pager}\nb\n")() == "a\n\nb\n"


def test_a_row_behind_a_pager_stays() -> None:
    assert CleanText(lambda: "--More--  0328 Not Visible\n")() == "0328 Not Visible\n"
    assert CleanText(lambda: "There is more --More-- to see\n")() == "There is more --More-- to see\n"


def test_terminal_control_is_taken_out_and_lines_stay() -> None:
    dirty = "\x1b[32msymdev\x1b[0m  lis\x08\x08\x08list\xa0-v\x00\n"
    assert CleanText(lambda: dirty)() == "symdev  list -v\n"
    assert CleanText(lambda: dirty)().count("\n") == 1


PIECES = st.sampled_from(
    [
        "C:\\> symcfg list\n",
        "C:\\>\n",
        "#flm node=N1\n",
        "# symdev show 01\n",
        "#\n",
        "\n",
        "text\n",
        "DISKPART> rescan\n",
        "symdev list -v\n",
        "-mp_type \\\n",
    ]
)


@given(st.lists(PIECES, max_size=12), st.sampled_from(["", "last line without an end"]))
def test_every_line_belongs_to_one_block(pieces: list[str], last: str) -> None:
    capture = from_text("log.txt", "".join(pieces) + last)
    owned = [number for block in split(capture) for number in range(block.line_start, block.line_end + 1)]
    assert owned == list(range(1, len(capture.lines) + 1))
    for block in split(capture):
        assert block.output_start + block.output.count("\n") - 1 == block.line_end


@pytest.mark.parametrize(
    ("command", "computer"),
    [
        ("symrcopy -f <pair file> query", "Solutions Enabler host"),
        ("symrdf|symclone -sid <array> list", "Solutions Enabler host"),
        ("diskpart, then rescan", "every node"),
        ("Get-Disk | Format-List", "every node"),
        ("Get-ClusterResource, or cluster res", "one node"),
        ("Get-Date", ""),
        ("the pair file itself", ""),
        ("", ""),
    ],
)
def test_the_card_of_a_tool_says_where_it_runs(command: str, computer: str) -> None:
    assert commands.runs_on(command) == computer


_PAIRS = "symdev=000194900275:0328 symdev=000187490076:0720\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{_PAIRS}# cluster quorum\n{_PAIRS}",
        f"#FLM data disks\n{_PAIRS}# diskpart disks\n",
        f"#flm data disks\n{_PAIRS}",
        f"# powermt display dev=all was checked\n\n{_PAIRS}",
    ],
)
def test_a_comment_of_a_pair_file_is_no_prompt_and_no_marker(text: str) -> None:
    (block,) = blocks_of(text)
    assert (block.command, block.marker) == (None, None)
    assert len(block.output.split("\n")) == len(text.split("\n"))


def test_a_pair_file_printed_in_a_log_keeps_its_prompts() -> None:
    blocks = blocks_of(f"# cat win_flm\n{_PAIRS}# symrcopy quorum disks\n{_PAIRS}# symrcopy -f win_flm query\nx\n")
    assert [block.command.tool for block in blocks if block.command] == ["cat", "symrcopy"]


def test_a_query_in_a_loop_is_as_many_answers() -> None:
    answer = "Device File Name      : win_flm\n000194900275:0328 {}\n\n"
    text = "C:\\> symrcopy -f win_flm query -i 60 -c 2\n\n" + answer.format(1) + answer.format(0) + "C:\\>\n"
    first, last = blocks_of(text)
    assert (first.line_start, first.line_end, last.line_start, last.line_end) == (1, 5, 6, 9)
    assert (first.prompt_lines, last.prompt_lines, first.closed, last.closed) == ((1,), (9,), True, True)
    assert "0328 1" in first.output and "0328 0" in last.output and "0328 1" not in last.output
    (single,) = blocks_of(text.replace(" -i 60 -c 2", ""))
    assert single.line_end == 9
