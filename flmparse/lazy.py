"""numpy and pandas, loaded when they are first used: half of a second that `--help` and `rules` do without."""

import importlib.util
import sys
from types import ModuleType
from typing import TYPE_CHECKING

__all__ = ["np", "pd"]


# docs/decisions/02-lazy-numpy-and-pandas.md
def _load_on_first_use(name: str) -> ModuleType:
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    loader = importlib.util.LazyLoader(spec.loader)
    spec.loader = loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    loader.exec_module(module)
    return module


if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
else:
    np = _load_on_first_use("numpy")
    pd = _load_on_first_use("pandas")
