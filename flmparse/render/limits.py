"""How much of a report is listed, quoted and drawn. What is left out is counted where it would stand, and JSON has all of it."""

# -- the first page -----------------------------------------------------------------------------------------------------

REASONS = 3

RULES_NAMED = 4
"""Rules that one sentence names."""

BOARD = 6
"""Blocking findings, and waivers, that stand on the first page: it has to fit one sheet."""

# -- answers ------------------------------------------------------------------------------------------------------------

FINDINGS_OF_A_RULE = 50
"""Findings of one rule at one gate that a page lists."""

FINDINGS = 2_000
"""Findings that a page lists in all: above that every answer lists fewer of them, so that none is without any."""

QUOTED_LINES = 24
"""Lines quoted below one finding."""

QUOTED_CHARACTERS = 900_000
"""Characters quoted below findings in all, as markup. Findings after that name their lines, which stand with the captures."""

QUOTED_LINE_COST = 45
"""Characters that the number of a quoted line and its link need."""

LINE_LENGTH = 400
"""Characters quoted of one line."""

CITED_LINES = 8
"""Lines that are named with an answer."""

LINES_FOR_NODES = 50
"""Lines of an answer from which its nodes are read: an answer about every path cites thousands, of the same few captures."""

DEVICES_OF_A_COMMAND = 32
"""Source devices that a command names one by one; of more it says ``<devices>``."""

CHOICES = 200
"""Choices of a filter that are listed; more are typed."""

# -- the matrix of pairs --------------------------------------------------------------------------------------------------

PAIRS = 64
"""Pairs that a page lists, the worst first where there are more; the rest is counted by its worst status."""

LINKS = 3
"""Findings that one cell leads to."""

# -- captures -----------------------------------------------------------------------------------------------------------

CAPTURES = 200
KINDS = 8
"""Kinds of captures by which those that are not listed are counted."""

PROBLEMS = 5
"""Problems of one capture."""

REFUSED = 50
"""Files that could not be read."""

UNKNOWN = 40
"""Runs of lines that were not understood."""

# -- captured text ------------------------------------------------------------------------------------------------------

WHOLE_CAPTURE = 400
"""Lines up to which a capture is printed whole."""

LINES_OF_A_CAPTURE = 600
"""Lines that are printed of a larger one."""

NEIGHBOURS = 2
"""Lines printed before and after one that is cited or was not understood."""

MARKS = 6
"""Findings that a line leads to."""

TEXT_CHARACTERS = 1_500_000
"""Characters of all captures on a page, with what their lines and links need around them."""

TEXT_LINE_COST, TEXT_MARK_COST = 110, 80

# -- other formats ------------------------------------------------------------------------------------------------------

TEXT_FINDINGS = 5
"""Findings of one rule, and quoted lines of one finding, in plain text."""

CASE_LINES = 200
"""Findings and quoted lines that one case of JUnit prints."""

SARIF_LOCATIONS = 50
"""Locations of a rule that passed; of a finding that asks for something all are listed."""

CITED_IN_A_CELL = 200
"""Lines named in one cell of a table. A spreadsheet breaks a cell of 32,767 characters."""

SHEET_ROWS = 100_000
"""Rows of a sheet: a spreadsheet of more takes minutes to write and to open."""

# -- pictures -----------------------------------------------------------------------------------------------------------

BARS = 16
"""Bars of one kind; of more, the fewest, the median and the most are drawn."""

SERIES = 12
"""Pairs with a line of their own."""

QUERIES = 60
"""Queries that are drawn; of more, the first, the last two and others between them at even steps."""

MARKED_POINTS = 24
NAMED_QUERIES = 8
SLOWEST_PAIRS = 5
"""Pairs that are named where there are too many for a line each."""

ROWS_OF_A_PANEL = 32
"""Rows of one moment; with more, adapters are added up, then ports."""

DRAWN_NODES = 8
"""Nodes with paths of their own that are drawn; those that see the same share a picture."""
