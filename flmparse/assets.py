"""Where grammars/, reports/ and fixtures/ are: inside the installed package, or beside it in a checkout.

The only module that builds a path to an asset. A wheel carries the three folders inside the package; an editable
install leaves them where they are, at the top of the checkout.
"""

from functools import cache
from pathlib import Path

from flmparse.errors import AssetError

_PACKAGE = Path(__file__).resolve().parent


@cache
def folder(name: str) -> Path:
    """Return the folder of the asset kind ``name`` (``grammars``, ``reports``, ``fixtures``)."""
    inside = _PACKAGE / name
    if inside.is_dir():
        return inside
    beside = _PACKAGE.parent / name
    # Without this guard a foreign site-packages/grammars would be taken for ours.
    if (_PACKAGE.parent / "pyproject.toml").is_file() and beside.is_dir():
        return beside
    raise AssetError(f"no {name}/ in {_PACKAGE}: the installation is incomplete; reinstall flmparse")


def grammar(name: str) -> Path:
    """Return the grammar file of the screen ``name``."""
    path = folder("grammars") / f"{name}.lark"
    if not path.is_file():
        raise AssetError(f"no grammar {name}.lark in {path.parent}; reinstall flmparse")
    return path
