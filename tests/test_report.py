"""The report on what citizens said: counted right, never more certain than it is, and with words that stay words."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import uuid
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely

from jena_planner.jena_city.origin import Origin
from jena_planner.participation import inbox, summary, told
from jena_planner.participation.contributions import Checked

ORIGIN = Origin("EPSG:25832", 681500, 5645000, "DE_DHHN2016_NH")
NAMES = told.Names(
    "Ufer Nord", {"a": "Variante A", "b": "Variante B"}, {"gruen": "Grün"}, {"licht": "Licht"}, {"platz": ("Platz", (0.0, 0.0))}, ORIGIN, "1.0",
    [shapely.box(20, 20, 40, 40)], [shapely.box(-50, -50, 50, 50)],
)  # fmt: skip
DAY = dt.date(2026, 12, 24)


def said(number: int, *, channel: str = "page", comments: list[dict[str, Any]] | None = None, **more: Any) -> Checked:
    content = {
        "id": str(uuid.UUID(int=number)), "created": f"2026-12-{1 + number % 20:02d}T10:{number % 60:02d}:00Z", "channel": channel, "comments": comments or [],
        "judgements": [], "choices": [], "variants": [], **more,
    }  # fmt: skip
    return Checked(content)


def comment(text: str = "Ja", **more: Any) -> dict[str, Any]:
    empty = {"position": None, "object": None, "place": None, "variant": None, "camera": None, "category": None, "feeling": None}
    return {"id": str(uuid.uuid4()), "text": text, **empty, **more}


def of(folder: Path, *ones: Checked) -> tuple[inbox.Inbox, summary.Summary]:
    inbox.take(folder, ones)
    box = inbox.load(folder)
    return box, summary.summary(box, ["bestand", "a", "b"], ["licht"])


def test_paper_and_online_count_together_and_are_told_apart(tmp_path: Path) -> None:
    _, made = of(
        tmp_path, said(1, comments=[comment(category="gruen", feeling="like", variant="a")]), said(2, channel="kiosk", comments=[comment("A"), comment("B")]),
        said(3, channel="paper", comments=[comment(category="gruen", feeling="dislike", variant="a")]),
    )  # fmt: skip
    assert (made.number, dict(made.total)) == (3, {"online": 2, "paper": 1})
    assert dict(made.comments) == {"online": 3, "paper": 1}
    assert dict(made.by_category["gruen"]) == {"like": 1, "dislike": 1} and dict(made.by_variant[""]) == {"none": 2}


def test_what_is_said_word_for_word_again_is_counted_and_told(tmp_path: Path) -> None:
    _, made = of(
        tmp_path,
        *(said(k, comments=[{**comment("Kein Parkhaus!"), "id": str(k)}]) for k in range(1, 5)),
        said(9, comments=[comment("Anders")]),
    )
    assert (made.number, made.repeated) == (5, 3)


def test_a_burst_is_marked(tmp_path: Path) -> None:
    flood = [said(k, comments=[comment(str(k))], created="2026-12-05T20:15:30Z") for k in range(12)]
    _, made = of(tmp_path, *flood, said(90, comments=[comment()]))
    assert made.bursts == {"2026-12-05T20:15": 12}


def test_comments_near_each_other_are_one_place() -> None:
    placed = [("J-1", comment(position=[681500.0 + x, 5645000.0, 150.0])) for x in (0, 15, 30, 300)]
    first, second = summary.clusters(placed)
    assert len(first.comments) == 3 and first.position == (681515.0, 5645000.0)  # 0 and 30 by way of 15
    assert len(second.comments) == 1


def test_the_mean_of_judgements_has_an_interval_that_shrinks() -> None:
    def row(values: list[int]) -> summary.Judged:
        ones = [{"judgements": [{"variant": "a", "criterion": "licht", "value": value}]} for value in values]
        [made] = summary.judged(ones, ["a"], ["licht"])
        return made

    few, many = row([5, 4, 2, 1, 3]), row([5, 4, 2, 1, 3] * 20)
    assert few.counts == (1, 1, 1, 1, 1) and few.mean == many.mean == 3.0
    assert few.low is not None and few.high is not None and many.low is not None and many.high is not None
    assert few.low < 3.0 < few.high and few.high - few.low > 3 * (many.high - many.low)
    # Of 100 values with a deviation of √2 the mean lies within 1.96 · √2 / 10 of itself.
    assert many.high - many.low == pytest.approx(2 * 1.96 * 2**0.5 / 10, rel=0.1)
    assert row([5, 1]).low is None  # of two nothing is told


def test_pairs_make_a_ranking() -> None:
    def pairs(wins: int, losses: int) -> list[summary.Ranked]:
        choose = lambda name: {"choices": [{"shown": ["a", "b"], "chosen": name, "criterion": None}]}  # noqa: E731
        return summary.ranked([choose("a")] * wins + [choose("b")] * losses + [choose(None)], ["a", "b"])

    first, second = pairs(200, 100)
    assert (first.variant, first.wins, first.shown, first.neither) == ("a", 200, 301, 1)
    assert first.strength is not None and second.strength is not None
    assert first.strength / second.strength == pytest.approx(2.0, rel=0.02)  # Bradley and Terry: chances are as strengths
    assert second.high is not None and first.low is not None and first.low > second.high
    sure, _ = pairs(3, 0)
    assert sure.strength is not None and sure.strength < 10  # three wins are no certainty
    assert summary.ranked([], ["a"]) == []


def test_there_are_no_percentages_of_few(tmp_path: Path) -> None:
    assert summary.share(12, 29) is None and summary.share(15, 30) == 50.0
    box, made = of(tmp_path / "few", *(said(k, comments=[comment(str(k), category="gruen", feeling="like")]) for k in range(20)))
    page = told.page(box, made, [], NAMES, "de", DAY)
    assert "nicht repräsentativ" in page and "\u202f%" not in page
    box, made = of(tmp_path / "many", *(said(k, comments=[comment(str(k), category="gruen", feeling="like")]) for k in range(40)))
    assert "100\u202f% gefällt" in told.page(box, made, [], NAMES, "de", DAY)


MEAN = ['<script>alert("x")</script>', '=HYPERLINK("http://evil")', "+1+1", "-2", "@SUM(A1)", "\tx", '"><img src=x onerror=alert(1)>']


def test_words_are_no_markup_and_no_formulas(tmp_path: Path) -> None:
    design = {"name": MEAN[0], "based_on": MEAN[6], "reason": MEAN[1], "features": []}
    box, made = of(
        tmp_path,
        said(
            1,
            comments=[comment(text, position=[681500.0, 5645000.0, 1.0], category=MEAN[6], variant=MEAN[0]) for text in MEAN],
            variants=[design],
        ),
    )
    inbox.answered(box, box.contributions[0]["id"], status="partly", answer=MEAN[1])
    designs = [told.Design("J-0001", MEAN[0], MEAN[6], MEAN[1], 1, 2.0, 9.0, 0)]
    paths = told.write(tmp_path / "out", box, made, designs, NAMES, "de", DAY)
    page = paths[0].read_text(encoding="utf-8")
    assert "<script" not in page and "<img" not in page and "&lt;script&gt;" in page
    rows = list(csv.reader(io.StringIO(paths[1].read_text(encoding="utf-8-sig")), delimiter=";"))
    assert len(rows) == 1 + len(MEAN) + 1
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for row in rows for cell in row)
    assert rows[1][8:] == ["681500.00", "5645000.00", "1.00"]
    book = openpyxl.load_workbook(paths[2])
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    features = json.loads(paths[3].read_text(encoding="utf-8"))["features"]
    assert [one["properties"]["text"] for one in features] == MEAN and features[0]["geometry"]["coordinates"] == [681500.0, 5645000.0, 1.0]


def test_what_became_of_it_is_told(tmp_path: Path) -> None:
    box, made = of(tmp_path, said(1, comments=[comment("Mehr Bäume", place="platz")]), said(2, comments=[comment("Weniger Autos")]))
    inbox.answered(box, str(uuid.UUID(int=1)), status="adopted", answer="Vier Bäume mehr, siehe Variante B.")
    made = summary.summary(box, [], [])
    page = told.page(box, made, [], NAMES, "de", DAY)
    for words in ("J-0001", "übernommen", "Vier Bäume mehr", "1 von 2 beantwortet", "Platz"):
        assert words in page
    assert "answered" in told.page(box, made, [], NAMES, "en", DAY) and 'lang="en"' in told.page(box, made, [], NAMES, "en", DAY)
    assert set(told.WORDS["de"]) == set(told.WORDS["en"])


def test_what_is_hidden_is_counted_and_not_told(tmp_path: Path) -> None:
    words, place = "Herr Maier im dritten Stock", [681500.0, 5645000.0, 1.0]
    design = {"name": words, "based_on": "a", "reason": words, "features": []}
    box, made = of(
        tmp_path, said(1, comments=[comment(words, position=place, label=words)], variants=[design]), said(2, comments=[comment()])
    )
    inbox.answered(box, str(uuid.UUID(int=1)), hidden="nennt einen Nachbarn")
    paths = told.write(tmp_path / "out", box, made, [], NAMES, "de", DAY)
    book = openpyxl.load_workbook(paths[2])
    sheets = "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    written = [paths[0].read_text(encoding="utf-8"), paths[1].read_text(encoding="utf-8-sig"), sheets, paths[3].read_text(encoding="utf-8")]
    for one in written:
        assert "Maier" not in one and "nennt einen Nachbarn" in one
    assert made.number == 2


def test_an_empty_inbox_says_so(tmp_path: Path) -> None:
    box, made = inbox.load(tmp_path), summary.Summary()
    assert "noch nichts eingegangen" in told.page(box, made, [], NAMES, "de", DAY)
