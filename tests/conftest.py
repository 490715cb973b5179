"""What holds for all tests: a cache of their own, little work for the garbage collector, and signals that arrive."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import signal
import tempfile

import pytest

if "PYTEST_XDIST_WORKER" not in os.environ:  # workers share the folder of the process that started them
    _FOLDER = tempfile.mkdtemp(prefix="casemap-tests-cache-")
    atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
    os.environ["CASEMAP_CACHE_DIR"] = _FOLDER

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # shells start what runs in the background like this
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="module", autouse=True)
def _kept_out_of_sight() -> None:
    """Collect garbage before each module, and leave out what stays then: thousands of tests, and what they share.

    Without this, each full collection looks through all of it, for a quarter of the suite's time.
    """
    gc.collect()
    gc.freeze()
