"""Processor time of a call, in a test run that keeps much in memory."""

import gc
import time
from collections.abc import Callable, Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def nothing_old_is_collected() -> Iterator[None]:
    """Leave what earlier tests keep out of each collection of garbage; import it where time is measured."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def seconds(call: Callable[[], object], *, collected: bool = True) -> float:
    """Return the processor time of a call; collecting garbage before it takes longer than reading a small text."""
    if collected:
        gc.collect()
    begin = time.process_time()
    call()
    return time.process_time() - begin
