"""Times, hosts and ends of outputs that a running log tells, and lines of it that belong to no tool."""

from datetime import datetime, timezone

import pytest

from flmparse import screens
from flmparse.screens import Status
from flmparse.text.capture import from_text
from flmparse.text.clock import readings, written
from flmparse.text.transcript import Block, split


def blocks_of(text: str) -> list[Block]:
    return split(from_text("log.txt", text))


def spans_of(text: str) -> list[tuple[str, str | None, str | None]]:
    """Return of each command its tool, and when it was printed at the earliest and at the latest."""
    return [
        (
            block.command.tool,
            block.earliest.isoformat() if block.earliest else None,
            block.latest.isoformat() if block.latest else None,
        )
        for block in blocks_of(text)
        if block.command is not None
    ]


@pytest.mark.parametrize(
    "prompt",
    [
        "[2012-08-27 08:10:00] C:\\>",
        "2012-08-27 08:10:00 C:\\logs>",
        "Mon 08/27/2012  8:10:00.12>",
        "Mon 08/27/2012  8:10:00.12 C:\\logs>",
        "C:\\logs 2012-08-27 08:10:00>",
        "PS [2012-08-27 08:10:00] C:\\>",
        "[2012-08-27 08:10:00] PS C:\\>",
        "[2012-08-27 08:10:00 root@host ~]#",
        "2012-08-27 08:10:00 root@host:~#",
    ],
)
def test_a_prompt_tells_when_its_command_was_typed(prompt: str) -> None:
    assert spans_of(f"{prompt} symcfg list\nanswer\n{prompt}\n") == [
        ("symcfg", "2012-08-27T08:10:00", "2012-08-27T08:10:00")
    ]


def test_an_output_lies_between_the_times_above_and_below_it() -> None:
    log = "[08:00:00 2012-08-27] x\n[2012-08-27 08:10:00] C:\\> symcfg list\nanswer\n[2012-08-27 08:25:00] C:\\> hostname\nN1\n"
    assert spans_of(log) == [
        ("symcfg", "2012-08-27T08:10:00", "2012-08-27T08:25:00"),
        ("hostname", "2012-08-27T08:25:00", None),
    ]


def test_date_and_get_date_tell_the_time_of_what_follows() -> None:
    log = "C:\\> Get-Date -Format s\n2012-08-27T08:10:00\n\nC:\\> symcfg list\nanswer\nC:\\> date /t\nMon 08/27/2012\nC:\\> time /t\n09:30 AM\n"
    assert spans_of(log)[:2] == [
        ("get-date", "2012-08-27T08:10:00", "2012-08-27T08:10:00"),
        ("symcfg", "2012-08-27T08:10:00", "2012-08-27T09:30:59"),
    ]


def test_the_header_of_a_transcript_names_its_computer_and_is_part_of_no_output() -> None:
    stars = "*" * 22
    log = (
        f"C:\\> symcfg list\nanswer\n{stars}\nWindows PowerShell transcript start\nStart time: 20120827081000\nUsername: X\\y\n"
        f"Machine: FILE02 (Microsoft Windows NT 6.1.7601)\n{stars}\nTranscript started, output file is C:\\x.txt\nPS C:\\> hostname\nFILE02\n"
    )
    first, second = (block for block in blocks_of(log) if block.command is not None)
    assert (first.output, first.log_host) == ("answer\n", None)
    assert (second.log_host, second.earliest) == ("FILE02", datetime(2012, 8, 27, 8, 10))
    assert (first.line_start, first.line_end, second.line_start, second.line_end) == (1, 2, 3, 11)


def test_script_tells_the_offset_of_the_whole_log() -> None:
    log = "Script started on 2012-08-27 08:00:00+02:00\n[08:10:00] root@host:~# symcfg list\nanswer\n"
    (block,) = (block for block in blocks_of(log) if block.command is not None)
    assert block.earliest == datetime.fromisoformat("2012-08-27T08:10:00+02:00")


@pytest.mark.parametrize(
    "lines, days",
    [
        (["Mon 08/27/2012 08:00:00", "09/03/2012 08:00:00"], ["2012-08-27", "2012-09-03"]),
        (["27/08/2012 08:00:00", "03/09/2012 08:00:00"], ["2012-08-27", "2012-09-03"]),
        (["Mon 03/09/2012 08:00:00"], ["2012-09-03"]),
        (["Enter the new date: (mm-dd-yy)", "03/09/2012 08:00:00"], ["2012-03-09"]),
        (["03/09/2012 08:00:00"], []),
        (["27.08.2012 08:00", "Montag, 27. August 2012 09:00:00"], ["2012-08-27", "2012-08-27"]),
        (["Mon Aug 27 08:00:00 CEST 2012", "Monday, August 27, 2012 8:10:00 PM"], ["2012-08-27", "2012-08-27"]),
        (["08/27/2012 08:00:00", "27/08/2012 09:00:00"], ["2012-08-27", "2012-08-27"]),
        (["31.02.2012 08:00:00"], []),
    ],
)
def test_the_order_of_day_and_month_is_told_or_unknown(lines: list[str], days: list[str]) -> None:
    times = [item for number, line in enumerate(lines, 1) if (item := written(number, line)) is not None]
    assert [moment.earliest.date().isoformat() for moment in readings(times)] == days


def test_a_time_of_day_goes_on_past_midnight_and_back_by_no_means() -> None:
    times = ["2012-08-27 23:50:00", "23:59:00", "00:05:00", "00:01:00", "00:10"]
    items = [item for number, text in enumerate(times, 1) if (item := written(number, text)) is not None]
    assert [(moment.line, moment.earliest.isoformat(), moment.latest.isoformat()) for moment in readings(items)] == [
        (1, "2012-08-27T23:50:00", "2012-08-27T23:50:00"),
        (2, "2012-08-27T23:59:00", "2012-08-27T23:59:00"),
        (3, "2012-08-28T00:05:00", "2012-08-28T00:05:00"),
        (5, "2012-08-28T00:10:00", "2012-08-28T00:10:59"),
    ]


def test_a_zone_is_taken_as_it_is_printed() -> None:
    item = written(1, "2012-08-27T08:10:00Z")
    assert item is not None and item.offset == timezone.utc  # noqa: UP017
    assert written(1, "no time in this line") is None


@pytest.mark.parametrize(
    "typed", ["rem #flm gate=ready", "echo #flm gate=ready", "# #flm gate=ready", "#flm gate=ready"]
)
def test_a_marker_may_be_typed_at_a_prompt(typed: str) -> None:
    *_, last = blocks_of(f"C:\\> symcfg list\nanswer\nC:\\> {typed}\nC:\\> hostname\nN1\n")
    assert last.marker is not None and last.marker.gate is not None and last.marker.gate.word == "ready"


def test_an_end_with_the_count_of_lines_proves_an_output_whole() -> None:
    whole, *_ = blocks_of("C:\\> hostname\nN1\n#flm end rc=0 lines=1\n")
    short, *_ = blocks_of("C:\\> hostname\nN1\n#flm end rc=0 lines=3\n")
    assert (whole.closed, short.closed) == (True, False)
    assert short.marker is not None and short.marker.problem == "#flm end counts 3 lines above it, 1 are there"


@pytest.mark.parametrize(
    "text",
    [
        "C:\\> dir\n Volume in drive C has no label.\n08/27/2012  08:10 AM    <DIR>   SYMCLI\n",
        "C:\\> symrcpoy -f x query\n'symrcpoy' is not recognized as an internal or external command,\noperable program or batch file.\n",
        "C:\\> whoami\ncorp\\stadm\n",
        "root@h:~$ uptime\n 08:10:00 up 3 days\n",
        "Microsoft Windows [Version 6.3.9600]\n(c) 2013 Microsoft Corporation. All rights reserved.\n",
        "please wait for the go of the change board\n",
    ],
)
def test_what_belongs_to_no_tool_is_foreign(text: str) -> None:
    for block in blocks_of(text):
        reading = screens.read(block)
        assert reading.status in (Status.FOREIGN, Status.EMPTY)
        assert reading.counts.total == block.line_end - block.line_start + 1
        assert not reading.unknown


@pytest.mark.parametrize(
    "text",
    [
        "C:\\> powermt foo\nbar baz bat\n",
        "C:\\> my_wrapper.bat\nSymmetrix ID: 000187490076\n",
        "0327 RW 000187490076 0720\n",
        "Pseudo name=harddisk17\n",
        "C:\\> format D:\nformatting\n",
        "the display showed emcpower17 dead on one node\n",
    ],
)
def test_what_may_be_part_of_an_answer_stays_unknown(text: str) -> None:
    (block,) = blocks_of(text)
    reading = screens.read(block)
    assert reading.status not in (Status.FOREIGN, Status.PARSED, Status.NONE, Status.EMPTY)


def test_csh_counts_its_prompts() -> None:
    log = "host 12% date\nMon Aug 27 08:10:00 UTC 2012\nhost 13% symcfg list\nanswer 50%\nhost 14% cd /tmp\nhost 15% \n"
    assert [block.command.text for block in blocks_of(log) if block.command] == ["date", "symcfg list", "cd /tmp"]
    assert spans_of(log)[1][:2] == ("symcfg", "2012-08-27T08:10:00+00:00")


def test_w32tm_tells_the_current_time_and_no_other() -> None:
    chart = "Tracking dc01 [10.0.0.1:123].\nCollecting 1 samples.\nThe current time is 8/27/2012 8:10:00 AM.\n08:10:00, +00.0012s\n"
    status = "Leap Indicator: 0(no warning)\nLast Successful Sync Time: 8/27/2012 5:05:00 AM\n"
    assert spans_of(f"C:\\> w32tm /stripchart /computer:dc01\n{chart}C:\\> symcfg list\nx\n")[1] == (
        "symcfg",
        "2012-08-27T08:10:00",
        None,
    )
    assert spans_of(f"C:\\> symcfg list\nx\nC:\\> w32tm /query /status\n{status}")[0] == ("symcfg", None, None)


def test_an_echoed_remark_is_no_clock() -> None:
    assert spans_of("C:\\> symcfg list\nx\nC:\\> echo as of 2010-01-01 08:00\nas of 2010-01-01 08:00\n")[0] == (
        "symcfg",
        None,
        None,
    )
    asked = "C:\\> echo %DATE% %TIME%\nMon 08/27/2012  8:10:00.12\nC:\\> symcfg list\nx\n"
    assert spans_of(asked)[1] == ("symcfg", "2012-08-27T08:10:00", None)


def test_a_silent_command_was_typed_at_its_own_prompt_and_not_at_the_next() -> None:
    log = "[2012-08-27 08:10:00] C:\\> powermt save\n[2012-08-27 09:30:00] C:\\> symcfg list\nx\n"
    assert spans_of(log)[0] == ("powermt", "2012-08-27T08:10:00", "2012-08-27T09:30:00")


def test_midnight_is_passed_where_prompts_tell_the_time_alone() -> None:
    log = "C:\\> date /t\nMon 08/27/2012\n23:50:00.12 C:\\> symcfg list\nx\n 0:10:00.12 C:\\> symcfg list\ny\n"
    assert [earliest for _, earliest, _ in spans_of(log)[1:]] == ["2012-08-27T23:50:00", "2012-08-28T00:10:00"]


def test_dates_whose_order_nothing_tells_are_no_times_and_one_date_of_the_log_tells_all() -> None:
    ambiguous = "05/06/2012 08:10:00 C:\\> symcfg list\nx\n"
    assert spans_of(ambiguous) == [("symcfg", None, None)]
    assert spans_of(ambiguous + "13/06/2012 08:10:00 C:\\> hostname\nx\n")[0][1] == "2012-06-05T08:10:00"
    assert spans_of(ambiguous + "Wed 06/13/2012 08:10:00 C:\\> hostname\nx\n")[0][1] == "2012-05-06T08:10:00"


def test_a_day_that_is_the_same_in_either_order_is_known() -> None:
    assert spans_of("09/09/2012 08:10:00 C:\\> symcfg list\nx\n") == [("symcfg", "2012-09-09T08:10:00", None)]
    assert spans_of("Mon 09/09/2012 08:10:00 C:\\> symcfg list\nx\n") == [("symcfg", None, None)]
