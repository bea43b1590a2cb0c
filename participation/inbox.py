"""What has been collected into a project: `participation/contributions/ID.json`, one file each, and what the office says to it.

Files of our own contributions are written once and never changed; those of other systems become what they are there now, when they come
again. Numbers, status and answers stand in `participation/answers.json`, also for a contribution whose file is away, so that no number is
given twice.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from ..jena_city.files import write_text
from ..jena_city.problems import InputProblem, Problem
from .contributions import Checked

FOLDER, ANSWERS = Path("participation") / "contributions", Path("participation") / "answers.json"
SCHEMA = 1
Status = Literal["received", "read", "adopted", "partly", "not-adopted"]
STATUS: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True)
class Answer:
    """number : for people, counted in the order in which contributions came. answer : the office's words. hidden : why its words are
    shown to nobody outside, "" where they are."""

    number: int
    status: Status = "received"
    answer: str = ""
    hidden: str = ""


@dataclass
class Inbox:
    """contributions : as JSON, in the order of their numbers. answers : by their ids."""

    folder: Path
    contributions: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def number(self, identity: str) -> str:
        """As it is told to people: "J-0042"."""
        return f"J-{self.answers[identity].number:04d}"


def load(project: Path) -> Inbox:
    """What has been collected in a project's folder. A file that cannot be read is left out and listed."""
    found = Inbox(project)
    path = project / ANSWERS
    if path.is_file():
        found.answers = _answers(path)
    for file in sorted((project / FOLDER).glob("*.json")):
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            if content["id"] != file.stem:
                raise ValueError("its id is not that of its name")
        except (OSError, ValueError, KeyError, TypeError) as error:
            found.problems.append(Problem("contribution-unreadable", str(file), "", f"it cannot be read ({error}) and is left out"))
            continue
        found.contributions.append(content)
    fresh = sorted((one for one in found.contributions if one["id"] not in found.answers), key=lambda one: (one["created"], one["id"]))
    last = max((one.number for one in found.answers.values()), default=0)
    for number, one in enumerate(fresh, last + 1):
        found.answers[one["id"]] = Answer(number)
    found.contributions.sort(key=lambda one: found.answers[one["id"]].number)
    return found


def _answers(path: Path) -> dict[str, Answer]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["schema"] > SCHEMA:
            raise InputProblem(path, f"it was written by a newer program (schema {content['schema']})", "Update Jena Planner")
        return {key: Answer(**one) for key, one in content["answers"].items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputProblem(path, f"the answers cannot be read ({error})", "Mend the file, or take it away to begin anew") from error


def save_answers(inbox: Inbox) -> None:
    """Write numbers, status and answers."""
    content = {
        "schema": SCHEMA,
        "answers": {key: asdict(one) for key, one in sorted(inbox.answers.items(), key=lambda item: item[1].number)},
    }
    write_text(inbox.folder / ANSWERS, json.dumps(content, ensure_ascii=False, indent=1))


@dataclass(frozen=True)
class Taken:
    """How many contributions are new, were there already, and are there as they are now in the system they are from. problems : those
    that claim to be one that is there, and are another."""

    new: int = 0
    there: int = 0
    changed: int = 0
    problems: tuple[Problem, ...] = ()


def take(project: Path, contributions: Sequence[Checked]) -> Taken:
    """Put what came into the project's folder."""
    new = there = changed = 0
    problems: list[Problem] = []
    written: set[str] = set()
    for one in contributions:
        path = project / FOLDER / f"{one.id}.json"
        text = json.dumps(one.content, ensure_ascii=False, indent=1)
        if not path.exists():
            new += 1
        elif path.read_text(encoding="utf-8", errors="replace") == text:
            there += 1
            continue
        elif one.foreign and one.id not in written:
            changed += 1
        else:
            there += 1
            said = f"contribution {one.id[:8]} is there already, in other words; the first was kept"
            problems.append(Problem("other-words", str(path), "", said))
            continue
        write_text(path, text)
        written.add(one.id)
    if new:
        save_answers(load(project))
    return Taken(new, there, changed, tuple(problems))


def answered(inbox: Inbox, identity: str, **changed: Any) -> None:
    """Change what the office says to a contribution, and write it. What others have answered since the inbox was loaded, stays."""
    if changed.get("status", "read") not in STATUS:
        raise InputProblem(identity, f"status {changed['status']} is unknown", f"Allowed: {', '.join(STATUS)}")
    path = inbox.folder / ANSWERS
    if path.is_file():
        inbox.answers.update(_answers(path))
    inbox.answers[identity] = replace(inbox.answers[identity], **changed)
    save_answers(inbox)
