"""The folders grammars/, reports/ and fixtures/: inside an installed package, next to it in a checkout.

No other module builds a path to an asset.
"""

import hashlib
from functools import cache
from pathlib import Path

from flmparse.errors import AssetError

_PACKAGE = Path(__file__).resolve().parent


@cache
def folder(name: str) -> Path:
    """Return the folder ``name`` (``grammars``, ``reports``, ``fixtures``), or raise AssetError."""
    inside = _PACKAGE / name
    if inside.is_dir():
        return inside
    beside = _PACKAGE.parent / name
    # Without this guard site-packages/grammars of another package would be taken for ours.
    if (_PACKAGE.parent / "pyproject.toml").is_file() and beside.is_dir():
        return beside
    raise AssetError(f"no {name}/ in {_PACKAGE}: the installation is incomplete; reinstall flmparse")


@cache
def digest(*names: str) -> str:
    """Return the SHA-256 of what these parts of the installation hold: modules, packages and folders, as bytes with their names."""
    found = hashlib.sha256()
    for name in names:
        path = _PACKAGE / name
        path = path if path.exists() else folder(name)
        files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file() and p.suffix != ".pyc")
        for file in files:
            data = file.read_bytes().replace(b"\r\n", b"\n")
            found.update(f"{name} {file.relative_to(path).as_posix()} {len(data)}\n".encode() + data)
    return found.hexdigest()


def grammar(name: str) -> Path:
    """Return the grammar file of the screen ``name``, or raise AssetError."""
    path = folder("grammars") / f"{name}.lark"
    if not path.is_file():
        raise AssetError(f"no grammar {name}.lark in {path.parent}; reinstall flmparse")
    return path
