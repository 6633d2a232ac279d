"""Words that several commands print for the same: flags, and the states of a device."""

YES_NO = {"Yes": True, "No": False}
MARKS = {"X": True, ".": False}
FLAGS = {**YES_NO, "Enabled": True, "Disabled": False, "True": True, "False": False}

STATE_LETTERS = {"Ready": "RW", "Write Disabled": "WD", "Not Ready": "NR"}
"""The states of a device in words, and in the letters that the tables print."""
