"""What citizens said, counted: how often, about what, where and when; judgements with their uncertainty; pairs as a ranking.

A count of those who took part is no survey: numbers stand first, shares of fewer than MANY are not told, each table says of how many.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import spatial

from ..jena_city.arrays import FloatArray
from .inbox import Inbox

MANY = 30  # below it no shares are told
DRAWS = 2000  # of the bootstrap
NEAR = 20.0  # metres between comments that speak of one place
BURST = 10  # contributions in one minute; more are marked
SEED = 20181127
CHANNELS = ("online", "paper")


@dataclass(frozen=True)
class Judged:
    """Judgements of a variant by a criterion. counts : how often 1, 2, 3, 4, 5. low, high : of the mean, 95 %, by drawing contributions
    anew (percentile bootstrap, Efron 1979); None where there are fewer than three."""

    variant: str
    criterion: str
    counts: tuple[int, int, int, int, int]
    low: float | None
    high: float | None

    @property
    def number(self) -> int:
        return sum(self.counts)

    @property
    def mean(self) -> float:
        return sum((k + 1) * count for k, count in enumerate(self.counts)) / self.number


@dataclass(frozen=True)
class Ranked:
    """A variant among pairs. wins, shown : how often it was chosen, of how many times shown; neither : how often none of the two was.
    strength : Bradley–Terry, 1 on average; low, high : 95 % by drawing contributions anew; None where it cannot be told."""

    variant: str
    wins: int
    shown: int
    neither: int
    strength: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Place:
    """Comments near each other. position : easting and northing of their middle. comments : (number of the contribution, comment)."""

    position: tuple[float, float]
    comments: tuple[tuple[str, dict[str, Any]], ...]


@dataclass
class Summary:
    """total, comments, texts and the like are numbers of each channel ("online", "paper"). repeated : contributions that say word for word
    what another one says. bursts : moments (UTC, minute) with very many at once."""

    total: Counter[str] = field(default_factory=Counter)
    comments: Counter[str] = field(default_factory=Counter)
    designs: Counter[str] = field(default_factory=Counter)
    by_category: dict[str, Counter[str]] = field(default_factory=dict)
    by_variant: dict[str, Counter[str]] = field(default_factory=dict)
    by_day: Counter[str] = field(default_factory=Counter)
    by_status: Counter[str] = field(default_factory=Counter)
    judged: list[Judged] = field(default_factory=list)
    ranked: list[Ranked] = field(default_factory=list)
    pairs: int = 0
    places: list[Place] = field(default_factory=list)
    without_place: int = 0
    repeated: int = 0
    bursts: dict[str, int] = field(default_factory=dict)

    @property
    def number(self) -> int:
        return self.total.total()


def share(part: int, whole: int) -> float | None:
    """Percent, None of fewer than MANY."""
    return 100.0 * part / whole if whole >= MANY else None


def channel_of(contribution: Mapping[str, Any]) -> str:
    return "paper" if contribution["channel"] == "paper" else "online"


def summary(inbox: Inbox, variants: Sequence[str], criteria: Sequence[str]) -> Summary:
    """Count what was collected. variants, criteria : ids in the order in which they are told."""
    made = Summary()
    seen: set[str] = set()
    moments: Counter[str] = Counter()
    placed: list[tuple[str, dict[str, Any]]] = []
    for one in inbox.contributions:
        channel = channel_of(one)
        made.total[channel] += 1
        made.comments[channel] += len(one["comments"])
        made.designs[channel] += len(one["variants"])
        made.by_day[one["created"][:10]] += 1
        made.by_status[inbox.answers[one["id"]].status] += 1
        moments[one["created"][:16]] += 1
        said = _content(one)
        made.repeated += said in seen
        seen.add(said)
        for comment in one["comments"]:
            feeling = comment["feeling"] or "none"
            made.by_category.setdefault(comment["category"] or "", Counter())[feeling] += 1
            made.by_variant.setdefault(comment["variant"] or "", Counter())[feeling] += 1
            if comment["position"] is None:
                made.without_place += comment["place"] is None
            else:
                placed.append((inbox.number(one["id"]), comment))
    made.bursts = {moment: count for moment, count in moments.items() if moment and count > BURST}
    made.places = clusters(placed)
    made.judged = judged(inbox.contributions, variants, criteria)
    made.ranked = ranked(inbox.contributions, variants)
    made.pairs = sum(len(one["choices"]) for one in inbox.contributions)
    return made


def _content(one: Mapping[str, Any]) -> str:
    comments = [{key: value for key, value in comment.items() if key not in ("id", "camera")} for comment in one["comments"]]
    return json.dumps([comments, one["judgements"], one["choices"], one["variants"]], sort_keys=True, ensure_ascii=False)


def clusters(placed: Sequence[tuple[str, dict[str, Any]]]) -> list[Place]:
    """Comments grouped by place, the largest group first: two belong together when they lie within NEAR of each other, or others between
    them do (single linkage)."""
    if not placed:
        return []
    points = np.array([comment["position"][:2] for _, comment in placed], np.float64)
    first = list(range(len(points)))

    def root(k: int) -> int:
        while first[k] != k:
            first[k] = first[first[k]]
            k = first[k]
        return k

    for a, b in spatial.cKDTree(points).query_pairs(NEAR):
        one, other = sorted((root(a), root(b)))
        first[other] = one
    groups: dict[int, list[int]] = {}
    for k in range(len(points)):
        groups.setdefault(root(k), []).append(k)
    found = [Place(_middle(points[rows]), tuple(placed[k] for k in rows)) for rows in groups.values()]
    return sorted(found, key=lambda place: -len(place.comments))


def _middle(points: FloatArray) -> tuple[float, float]:
    x, y = points.mean(axis=0).tolist()
    return x, y


def judged(contributions: Sequence[Mapping[str, Any]], variants: Sequence[str], criteria: Sequence[str]) -> list[Judged]:
    """All judgements, by criterion and variant."""
    values: dict[tuple[str, str], list[int]] = {}
    for one in contributions:
        for said in one["judgements"]:
            values.setdefault((said["criterion"], said["variant"]), []).append(said["value"])
    order = {(criterion, variant): None for criterion in criteria for variant in variants} | dict.fromkeys(values)
    found = []
    for key in order:
        if key not in values:
            continue
        given = np.array(values[key])
        low = high = None
        if len(given) >= 3:
            drawn = np.random.default_rng(SEED).choice(given, (DRAWS, len(given))).mean(axis=1)
            low, high = np.quantile(drawn, [0.025, 0.975]).tolist()
        counts = tuple(int((given == value).sum()) for value in range(1, 6))
        found.append(Judged(key[1], key[0], counts, low, high))  # type: ignore[arg-type]
    return found


def ranked(contributions: Sequence[Mapping[str, Any]], variants: Sequence[str]) -> list[Ranked]:
    """Choices between two as a ranking, the strongest first. Strengths: Bradley and Terry 1952, by the MM algorithm of Hunter 2004; half a
    win and half a loss against an average one are added to each, so that one that never lost is not infinitely strong."""
    names = list(dict.fromkeys([*variants, *(name for one in contributions for said in one["choices"] for name in said["shown"])]))
    row = {name: k for k, name in enumerate(names)}
    each = [_wins(one["choices"], row) for one in contributions if one["choices"]]
    if not each:
        return []
    wins = np.sum(each, axis=0)
    shown, neither = Counter[str](), Counter[str]()
    for one in contributions:
        for said in one["choices"]:
            shown.update(said["shown"])
            if said["chosen"] is None:
                neither.update(said["shown"])
    strengths = _strengths(wins)
    bounds = None
    if len(each) >= 3:
        chance, stacked = np.random.default_rng(SEED), np.array(each)
        drawn = [_strengths(stacked[chance.integers(0, len(each), len(each))].sum(axis=0)) for _ in range(DRAWS // 4)]
        bounds = np.quantile(drawn, [0.025, 0.975], axis=0)
    found = [
        Ranked(
            name,
            int(wins[k].sum()),
            shown[name],
            neither[name],
            float(strengths[k]),
            *((float(bounds[0, k]), float(bounds[1, k])) if bounds is not None else (None, None)),
        )
        for name, k in row.items()
        if shown[name]
    ]
    return sorted(found, key=lambda one: -(one.strength or 0.0))


def _wins(choices: Sequence[Mapping[str, Any]], row: Mapping[str, int]) -> FloatArray:
    """(i, j): how often i was chosen and j was not."""
    wins = np.zeros((len(row), len(row)))
    for said in choices:
        if said["chosen"] is not None:
            one, other = said["shown"]
            winner, loser = (one, other) if said["chosen"] == one else (other, one)
            wins[row[winner], row[loser]] += 1
    return wins


def _strengths(wins: FloatArray) -> FloatArray:
    met = wins + wins.T
    strength = np.ones(len(wins))
    for _ in range(500):
        before = strength
        against = (met / (before[:, None] + before[None, :])).sum(axis=1) + 1.0 / (before + 1.0)  # the last: against an average one
        strength = (wins.sum(axis=1) + 0.5) / against
        strength = strength / math.exp(float(np.log(strength).mean()))
        if np.abs(strength - before).max() < 1e-9:
            break
    return strength
