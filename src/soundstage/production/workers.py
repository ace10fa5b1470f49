"""Processes that work on frames beside this one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..devices import usable_cpus

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor


@contextmanager
def workers(begin: Callable[..., None] | None = None, given: tuple[Any, ...] = ()) -> Iterator[ProcessPoolExecutor]:
    """As many processes as there are CPUs, each begun with `begin(*given)`; what waits is dropped at the end."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_all_start_methods, get_context

    import cv2

    # Forked processes have everything loaded already, and need no guard in the caller's script.
    method = "fork" if "fork" in get_all_start_methods() else "spawn"
    threads = cv2.getNumThreads()
    # One thread to a process, set before they are forked: OpenCV's own would be waited for there for ever.
    cv2.setNumThreads(1)
    try:
        with ProcessPoolExecutor(usable_cpus(), get_context(method), begin, given) as pool:
            try:
                yield pool
            finally:
                pool.shutdown(cancel_futures=True)
    finally:
        cv2.setNumThreads(threads)
