"""One Hypothesis profile: the same examples every time, and no deadline that a busy machine could miss."""

import os
from pathlib import Path

from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

# Nothing is left in the home of whoever runs the tests; workers and command lines that tests start share one folder.
os.environ.setdefault("FLMPARSE_CACHE", str(Path(__file__).parent.parent / ".pytest_cache" / "grammars"))
