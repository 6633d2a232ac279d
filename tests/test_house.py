"""The shape of the house: each library has one door, no module grows too long, names and columns are what they seem.

Which part may import which, `make check` asks import-linter.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "flmparse"
MODULES = sorted(PACKAGE.rglob("*.py"))
TREES = {module: ast.parse(module.read_text("utf-8")) for module in MODULES}

DOORS = {
    "lark": {"reading", "screens"},
    "jinja2": {"render"},
    "typer": {"cli"},
    "click": {"cli"},
    "xlsxwriter": {"render"},
    "regex": {"reading"},
}
"""Libraries that only one part may import."""


def part_of(module: Path) -> str:
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(module: Path, *, also_typing: bool = False) -> Iterator[str]:
    tree = TREES[module]
    skipped = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            skipped |= {id(inner) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in skipped and not also_typing:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "flmparse":
                yield from (f"flmparse.{alias.name}" for alias in node.names)


def position(module: Path, node: ast.AST) -> str:
    return f"{module.relative_to(PACKAGE)}:{getattr(node, 'lineno', 1)}"


def test_each_library_has_one_door() -> None:
    offenders = [
        f"{module.relative_to(PACKAGE)} imports {name}"
        for module in MODULES
        for name in imports(module, also_typing=True)
        if part_of(module) not in DOORS.get(name.split(".")[0], {part_of(module)})
    ]
    assert offenders == []


def test_only_the_command_line_prints_and_exits() -> None:
    offenders = []
    for module in MODULES:
        if part_of(module) in ("cli", "__main__"):
            continue
        for node in ast.walk(TREES[module]):
            match node:
                case ast.Call(func=ast.Name("print" | "exit" | "quit" | "breakpoint")):
                    offenders.append(position(module, node))
                case ast.Attribute(value=ast.Name("sys"), attr="exit"):
                    offenders.append(position(module, node))
    assert offenders == []


def test_no_module_is_longer_than_one_wants_to_read() -> None:
    lengths = {str(module.relative_to(PACKAGE)): module.read_text("utf-8").count("\n") for module in MODULES}
    assert {name: lines for name, lines in lengths.items() if lines > 420} == {}


NAMES_THAT_SAY_NOTHING = {"told", "said", "place"}
STILL_TO_BE_RENAMED = {"render", "screens"}
"""Parts that still use them; this shrinks and never grows."""


def names_bound(module: Path) -> set[str]:
    """Return the names that a module gives to variables and arguments."""
    nodes = list(ast.walk(TREES[module]))
    variables = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return variables | {node.arg for node in nodes if isinstance(node, ast.arg)}


def test_a_variable_is_named_for_what_it_holds() -> None:
    offenders = {
        f"{module.relative_to(PACKAGE)}: {name}"
        for module in MODULES
        if part_of(module) not in STILL_TO_BE_RENAMED
        for name in names_bound(module) & NAMES_THAT_SAY_NOTHING
    }
    assert offenders == set()


def test_nothing_that_a_package_exports_hides_a_module_of_it() -> None:
    offenders = set()
    for module in MODULES:
        if module.name != "__init__.py":
            continue
        modules = {path.stem for path in module.parent.iterdir()}
        exported = {
            alias.asname or alias.name
            for node in TREES[module].body
            if isinstance(node, ast.ImportFrom) and node.module and node.module != dotted(module)
            for alias in node.names
        }
        exported |= {node.name for node in TREES[module].body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        offenders |= {f"{dotted(module)}.{name}" for name in exported & modules}
    assert offenders == set()


def dotted(module: Path) -> str:
    """Return how a module, or a package by its __init__.py, is imported."""
    path = module.relative_to(PACKAGE.parent).with_suffix("")
    return ".".join(path.parent.parts if path.name == "__init__" else path.parts)


COLUMNS_OF_ANY_FRAME = {"capture", "line", "block", "node", "gate", "_merge"}
"""What a collection adds to the rows of a table, and pandas to merged ones (``indicator=True``)."""


def test_every_column_that_a_rule_or_a_fact_reads_exists() -> None:
    """A column in brackets, ``rows["port"]``, stands in some table, or is made in that file or by a fact."""
    from flmparse.tables import all_tables

    known = COLUMNS_OF_ANY_FRAME | {name for table in all_tables().values() for name in table.column_names}
    readers = [module for module in MODULES if part_of(module) in ("rules", "facts", "evidence")]
    known |= {name for module in readers if part_of(module) != "rules" for name in columns_made(TREES[module])}
    offenders = []
    for module in readers:
        names = known | set(columns_made(TREES[module]))
        endings = tuple(suffixes(TREES[module]))
        for node, column in columns_read(TREES[module]):
            stem = next((column.removesuffix(ending) for ending in endings if column.endswith(ending)), column)
            if column not in names and stem not in names:
                offenders.append(f"{position(module, node)}: {column}")
    assert offenders == []


def texts(*nodes: ast.AST | None) -> Iterator[str]:
    """Yield the texts among expressions, and those in lists and tuples of them."""
    for node in nodes:
        match node:
            case ast.Constant(value=str(text)):
                yield text
            case ast.List(elts=items) | ast.Tuple(elts=items):
                yield from texts(*items)


def columns_read(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=ast.Attribute(attr="frames")):
                pass  # a table by its name
            case ast.Subscript(ctx=ast.Load(), slice=columns):
                yield from ((node, text) for text in texts(columns))


def columns_made(tree: ast.Module) -> Iterator[str]:
    """Yield the names under which columns are made: of arguments (assign, agg), by storing, by renaming, by inserting."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="assign" | "agg"), keywords=keywords):
                yield from (keyword.arg for keyword in keywords if keyword.arg)
            case ast.keyword(arg="indicator", value=name):
                yield from texts(name)
            case ast.Call(func=ast.Attribute(attr="rename" | "insert" | "reset_index"), args=arguments):
                yield from texts(*arguments)
            case ast.Subscript(ctx=ast.Store(), slice=column):
                yield from texts(column)
            case ast.Dict(keys=keys, values=values):
                yield from texts(*keys, *values)


def suffixes(tree: ast.Module) -> Iterator[str]:
    """Yield what `merge` adds to names that both sides have."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "suffixes":
            yield from (text for text in texts(node.value) if text)


def test_every_screen_of_text_has_a_grammar_and_every_grammar_a_screen() -> None:
    # An answer that is known as XML only has no grammar: its elements are named in the screen's module.
    from flmparse.assets import folder
    from flmparse.screens import all_screens

    grammars = {path.stem for path in folder("grammars").glob("*.lark")} - {"vocabulary"}
    assert grammars == {name for name, screen in all_screens().items() if screen.text}
    assert all(screen.text or screen.xml for screen in all_screens().values())


def test_every_column_and_table_says_what_it_means() -> None:
    from flmparse.tables import all_tables

    for table in all_tables().values():
        assert table.meaning and table.captured_by, table.name
        assert list(table.empty().columns) == table.column_names
        assert all(column.meaning for column in table.columns), table.name
        names = set(table.column_names)
        assert names.issuperset((*table.key, *table.scope)), table.name


def test_every_rule_page_is_complete() -> None:
    from flmparse.rules import catalogue
    from flmparse.rules.rule import PAGE_HEADINGS

    for rule in catalogue().values():
        assert list(rule.page) == list(PAGE_HEADINGS), rule.id
        assert all(rule.page.values()), rule.id
        assert rule.title.endswith(".") and rule.reference and rule.gates, rule.id
        assert set(rule.required) <= set(rule.gates), rule.id


def test_rules_screens_and_tables_are_listed_without_pandas_and_lark() -> None:
    code = (
        "import sys; from flmparse.rules import catalogue; from flmparse.screens import all_screens; from flmparse.tables import all_tables;"
        "catalogue(), all_screens(), all_tables(); print({'pandas.core', 'lark', 'numpy._core', 'jinja2'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
