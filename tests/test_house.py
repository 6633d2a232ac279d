"""The shape of the house: the contracts of the imports hold, each library has one door, no module grows too long."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "flmparse"
MODULES = sorted(PACKAGE.rglob("*.py"))

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
    tree = ast.parse(module.read_text("utf-8"))
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


def test_the_layers_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=PACKAGE.parent,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_library_has_one_door(module: Path) -> None:
    for name in imports(module, also_typing=True):
        library = name.split(".")[0]
        if library in DOORS:
            assert part_of(module) in DOORS[library], f"{module.name} imports {library}"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_command_line_prints_and_exits(module: Path) -> None:
    if part_of(module) in ("cli", "__main__"):
        return
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("print", "exit", "quit", "breakpoint"), f"{module.name}:{node.lineno}"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) != ("sys", "exit"), f"{module.name}:{node.lineno}"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_is_longer_than_one_wants_to_read(module: Path) -> None:
    assert module.read_text("utf-8").count("\n") <= 420


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
