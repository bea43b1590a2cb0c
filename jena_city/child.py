"""What child processes have in common: they speak in JSON lines on standard output, and end with their parent."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from typing import Any

from .problems import InputProblem

Say = Callable[..., None]
"""say(share=0.5), say(what="…"): a line of these keys."""


def answered(work: Callable[[Say], None]) -> int:
    """Do the work of a child process, tell its end or its InputProblem, and return the exit code (0 done, 2 not done).

    Standard input is the life line. Whatever else is printed, by libraries in C too, goes to standard error.
    """
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    threading.Thread(target=_end_with_parent, daemon=True).start()

    def say(**content: Any) -> None:
        print(json.dumps(content), file=lines, flush=True)

    try:
        work(say)
    except InputProblem as problem:
        say(problem={"where": problem.where, "what": problem.what, "what_to_do": problem.what_to_do})
        return 2
    say(done=True)
    return 0


def _end_with_parent() -> None:
    while os.read(0, 4096):  # comes back empty when the parent is gone; sys.stdin would hold a lock that the end of Python waits for
        pass
    os._exit(3)
