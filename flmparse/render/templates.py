"""The Jinja2 side: HTML and Markdown from the templates in reports/, or from a user's folder before them. The only importer of jinja2.

HTML escapes everything (``autoescape=True``: the ``.j2`` ending would make a guess by name fail); Markdown escapes everything
through ``finalize``. Captured text cannot become markup in either. All templates run in a sandbox: a folder of templates that came
by mail can read the report and nothing else.
"""

import re
import traceback
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flmparse import assets
from flmparse.errors import UsageError
from flmparse.render.report import Report
from flmparse.render.wording import token

if TYPE_CHECKING:
    from jinja2 import Environment

SUFFIX = ".j2"

NOT_FOR_TEMPLATES = frozenset({"migration_read", "function", "templates"})
"""What a report holds for other formats: tables that can write files, the functions of rules."""


def html(report: Report) -> str:
    """Return one HTML file with its style and its one script inside; it loads nothing, and is whole without the script."""
    return _written(_html_environment(report.templates), "report.html.j2", report)


def markdown(report: Report) -> str:
    """Return the report as Markdown."""
    return _written(_markdown_environment(report.templates), "report.md.j2", report)


def check_templates(folder: str) -> None:
    """Raise UsageError where a folder of templates is not there, holds none of ours, or has one that is no template."""
    own = Path(folder)
    if not own.is_dir():
        raise UsageError(f"--template {folder}: no such folder")
    ours = sorted(path.name for path in assets.folder("reports").iterdir())
    if not any((own / name).is_file() for name in ours):
        raise UsageError(f"--template {folder}: holds none of the files that it could replace: {', '.join(ours)}")
    environment = _html_environment(folder)
    for path in sorted(own.rglob(f"*{SUFFIX}")):
        name = path.relative_to(own).as_posix()
        chosen = _markdown_environment(folder) if name.endswith(f".md{SUFFIX}") else environment
        _with_position(lambda chosen=chosen, name=name: chosen.get_template(name), folder)


def _written(environment: "Environment", name: str, report: Report) -> str:
    def render() -> str:
        template = environment.get_template(name)
        if not name.startswith("report.html"):
            return template.render(report=report)
        return template.render(
            report=report, style=_text(environment, "report.css"), script=_text(environment, "report.js")
        )

    return _with_position(render, report.templates) if report.templates else render()


def _text(environment: "Environment", name: str) -> str:
    assert environment.loader is not None
    source = environment.loader.get_source(environment, name)[0]
    return source.replace("\r\n", "\n")  # as a browser reads it before it takes the hash of a script


def _with_position(work: Any, folder: str) -> Any:
    """Do what a user's templates ask for; what they do wrong is a UsageError with file and line."""
    from jinja2 import TemplateNotFound, TemplateSyntaxError

    try:
        return work()
    except TemplateSyntaxError as error:
        raise UsageError(f"--template {error.filename or error.name}:{error.lineno}: {error.message}") from None
    except Exception as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(SUFFIX)]
        where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else folder
        what = f"no template {error.name!r}" if isinstance(error, TemplateNotFound) else str(error)
        raise UsageError(f"--template {where}: {what or type(error).__name__}") from None


def _loader(folder: str) -> Any:
    from jinja2 import ChoiceLoader, FileSystemLoader
    from jinja2.loaders import split_template_path

    class InsideTheFolder(FileSystemLoader):
        def get_source(self, environment: "Environment", template: str) -> Any:
            path = Path(folder, *split_template_path(template))
            if path.exists() and not (path.is_file() and path.resolve().is_relative_to(Path(folder).resolve())):
                raise UsageError(f"{path}: no file of this folder; a link may not lead out of it")
            return super().get_source(environment, template)

    ours = FileSystemLoader(assets.folder("reports"))
    return ChoiceLoader([InsideTheFolder(folder), ours]) if folder else ours


def _environment(folder: str, **settings: Any) -> "Environment":
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    # docs/decisions/18-user-templates.md
    class Sandbox(ImmutableSandboxedEnvironment):
        def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
            return attr not in NOT_FOR_TEMPLATES and super().is_safe_attribute(obj, attr, value)

    return Sandbox(
        loader=_loader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **settings,
    )


@cache
def _html_environment(folder: str = "") -> "Environment":
    from markupsafe import Markup

    environment = _environment(folder, autoescape=True)
    environment.filters["words"] = lambda names: " ".join(token(name) for name in names)
    environment.filters["as_drawn"] = Markup  # the pictures: drawn by flmparse, their captured text escaped there
    # The two texts that are no captured text: our own style sheet and our own script, or those of the user's folder.
    environment.filters["as_style"] = lambda text: Markup(text.replace("</", "<\\/"))
    environment.filters["as_script"] = lambda text: Markup(_script(text))
    environment.filters["script_hash"] = lambda text: (
        "sha256-" + b64encode(sha256(_script(text).encode()).digest()).decode()
    )
    return environment


def _script(text: str) -> str:
    return text.replace("</", "<\\/")


@cache
def _markdown_environment(folder: str = "") -> "Environment":
    environment = _environment(folder, autoescape=False, finalize=_markdown_text)
    environment.filters["code"] = _code
    environment.filters["fenced"] = _fenced
    return environment


class _Written(str):
    """Text that is Markdown already."""

    __slots__ = ()


_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&])")


def _markdown_text(value: object) -> object:
    if isinstance(value, _Written) or not isinstance(value, str):
        return value
    return _SPECIAL.sub(r"\\\1", value)


def _code(text: str, table: bool = False) -> _Written:
    """Return text as a code span, whatever backticks are in it; in a table its bars are escaped."""
    if not text:
        return _Written("")
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    span = f"{fence}{pad}{text}{pad}{fence}"
    return _Written(span.replace("|", "\\|") if table else span)


def _fenced(lines: "tuple[tuple[int, str], ...]", indent: int = 0) -> _Written:
    """Return numbered lines as a fenced block, whatever backticks are in them."""
    longest = max((len(run) for _, text in lines for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    width = max((len(str(number)) for number, _ in lines), default=1)
    body = [f"{number:>{width}} | {text}".rstrip() for number, text in lines]
    margin = " " * indent
    return _Written("\n".join(margin + line for line in [f"{fence}text", *body, fence]))
