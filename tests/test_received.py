"""What comes back from citizens and other systems: read as it was meant, and nothing hostile gets through."""

from __future__ import annotations

import base64
import json
import tempfile
import threading
import uuid
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from jena_planner.jena_city import variant_files
from jena_planner.jena_city.origin import Origin
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.variant import Block, Roof, Variant
from jena_planner.participation import contributions, inbox, received
from jena_planner.participation.contributions import Frame

ORIGIN = Origin("EPSG:25832", 681500, 5645000, "DE_DHHN2016_NH")
FRAME = Frame(
    ORIGIN,
    (-500.0, -500.0, 500.0, 500.0),
    "ufer",
    frozenset({"bestand", "a", "b"}),
    frozenset({"grün"}),
    frozenset({"licht"}),
    frozenset({"platz"}),
)
HERE = [681510.5, 5645020.25, 150.0]
LON, LAT = 11.5827767, 50.9280435  # of 681500, 5645000, by PROJ's cs2cs as the notes on formats have it


def said(**more: Any) -> dict[str, Any]:
    comment = {"id": str(uuid.uuid4()), "position": HERE, "text": "Mehr Bäume", "category": "grün", "variant": "a", "feeling": "like"}
    return {
        "format": "jena-planner/contribution", "schema": 1, "publication": "ufer", "id": str(uuid.uuid4()), "crs": "EPSG:25832", "consent": True,
        "created": "2026-12-03T10:00:00+01:00", "comments": [comment], "judgements": [], "choices": [], "variants": [], **more,
    }  # fmt: skip


def of(path: Path, content: Any, **more: Any) -> received.Received:
    path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return received.read([str(path)], FRAME, **more)


def design(*blocks: Block) -> dict[str, Any]:
    made = variant_files.as_geojson(Variant("mein", "Mein Hof", blocks or (Block("h", shapely.box(0, 0, 12, 10), 2),)), ORIGIN)
    return {**made, "based_on": "a", "reason": "weil"}


def test_our_own_file_comes_back_as_it_was(tmp_path: Path) -> None:
    one = said(
        judgements=[{"variant": "a", "criterion": "licht", "value": 4}], choices=[{"shown": ["a", "b"], "chosen": "b", "criterion": None}],
        variants=[design(Block("h", shapely.box(0, 0, 12, 10), 2, roof=Roof("gable", 40.0)))],
    )  # fmt: skip
    found = of(tmp_path / "beitrag.json", one)
    assert found.problems == [] and found.refused == 0
    [made] = found.contributions
    assert made.content["created"] == "2026-12-03T09:00:00Z"
    for key in ("comments", "judgements", "choices"):
        assert [{**of_made, "place": None, "object": None, "camera": None} for of_made in made.content[key]] == [
            {**of_one, "place": None, "object": None, "camera": None} for of_one in one[key]
        ]
    [variant] = made.content["variants"]
    assert variant == design(Block("h", shapely.box(0, 0, 12, 10), 2, roof=Roof("gable", 40.0)))


def test_a_link_carries_it_and_half_a_link_does_not(tmp_path: Path) -> None:
    one = said()
    packer = zlib.compressobj(wbits=-15)
    packed = base64.urlsafe_b64encode(packer.compress(json.dumps(one).encode()) + packer.flush()).decode().rstrip("=")
    found = received.read([f"https://mitmachen.example/seite/#b={packed}"], FRAME)
    assert found.contributions[0].id == one["id"]
    with pytest.raises(InputProblem, match="or not the whole of one"):
        received.read([f"https://mitmachen.example/#b={packed[: len(packed) // 2]}"], FRAME)
    bomb = zlib.compressobj(9, wbits=-15)
    huge = base64.urlsafe_b64encode(bomb.compress(b" " * (64 * 1024 * 1024)) + bomb.flush()).decode()
    with pytest.raises(InputProblem, match="or not the whole of one"):
        received.read([f"https://x.example/#b={huge}"], FRAME)


def test_masterportal_drawings_become_blocks(tmp_path: Path) -> None:
    """As modeler3D writes them: rings not closed, lines "Polyline" with one list more, heights above the ellipsoid, extrudedHeight the top."""
    ring = [[11.5826, 50.9280, 196.0], [11.5829, 50.9280, 196.0], [11.5829, 50.9282, 196.0], [11.5826, 50.9282, 196.0]]
    colour = {"red": 0.9, "green": 0.3, "blue": 0.2, "alpha": 1}
    content = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": {"name": "Haus 1 [jc:7f3a]", "clampToGround": True, "color": colour, "outlineColor": colour, "extrudedHeight": 208.0, "rectangle": False}},
            {"type": "Feature", "geometry": {"type": "Polyline", "coordinates": [[[11.583, 50.928, 196.0], [11.584, 50.928, 196.0]]]}, "properties": {"name": "Weg hier"}},
        ],
    }  # fmt: skip
    found = of(tmp_path / "export.geojson", content, undulation=46.0)
    [made] = found.contributions
    [variant] = made.content["variants"]
    block = variant_files.from_geojson(variant, Path("x"), ORIGIN).blocks[0]
    # By hand: 0.0003° of longitude at 50.928° are 21.1 m, 0.0002° of latitude 22.3 m.
    assert float(block.footprint.area) == pytest.approx(21.1 * 22.25, rel=0.01)
    assert (block.base, block.storeys, block.storeys_height, block.name) == (150.0, 4, 12.0, "Haus 1")
    assert block.properties["published_as"] == "7f3a"
    assert [one["text"] for one in made.content["comments"]] == ["Weg hier"]


def test_dipas_contributions_without_a_place_get_none(tmp_path: Path) -> None:
    outline = {"type": "Polygon", "coordinates": [[[11.58, 50.92], [11.59, 50.92], [11.59, 50.93], [11.58, 50.93], [11.58, 50.92]]]}
    properties = {
        "id": "42",
        "dateCreated": "2026-05-04T10:12:33Z",
        "title": "Mehr Bäume",
        "contributionType": "Vorschlag",
        "contributionContent": "<p>Vor&nbsp;der Kita.</p>",
        "category": "Grün",
        "votingPro": "12",
        "votingContra": 1,
        "belongToProject": "x",
        "commentedBy": [{"id": 7, "comment": "Ja!", "commentedBy": [{"id": 8, "comment": "Auch."}]}],
    }
    content = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [LON, LAT]}, "properties": {**properties, "dipasLocated": True}},
            {"type": "Feature", "geometry": outline, "properties": {**properties, "id": 43, "dipasLocated": False}},
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [0, 0]}, "properties": {**properties, "id": 44, "dipasLocated": False}},
        ],
    }  # fmt: skip
    found = of(tmp_path / "pds.json", content)
    first, second, third = (one.content["comments"] for one in found.contributions)
    assert first[0]["text"] == "Mehr Bäume\n\nVor der Kita." and first[0]["votes_for"] == 12
    assert np.hypot(first[0]["position"][0] - 681500, first[0]["position"][1] - 5645000) < 0.05
    assert [one["text"] for one in first[1:]] == ["Ja!", "Auch."]
    assert second[0]["position"] is None and third[0]["position"] is None
    again = of(tmp_path / "later.json", content)
    assert [one.id for one in again.contributions] == [one.id for one in found.contributions]


def test_consul_answers_are_read_page_by_page_or_whole(tmp_path: Path) -> None:
    node = {
        "id": "5",
        "title": "Spielplatz",
        "summary": "Ein Spielplatz am Ufer",
        "description": "<p>Mit <strong>Wasser</strong>.</p>",
        "publicCreatedAt": "2026-05-01 10:00:00 +0200",
        "cachedVotesUp": 31,
        "geozone": {"name": "Nord"},
        "tags": {"edges": [{"node": {"name": "Kinder"}}]},
        "comments": {"edges": [{"node": {"id": "9", "body": "Gute Idee"}}]},
    }
    found = of(tmp_path / "consul.json", {"data": {"proposals": {"edges": [{"node": node}], "pageInfo": {"hasNextPage": False}}}})
    [comment, answer] = found.contributions[0].content["comments"]
    assert comment["text"] == "Spielplatz\n\nEin Spielplatz am Ufer\n\nMit Wasser." and comment["position"] is None
    assert (comment["votes_for"], comment["label"], comment["district"], answer["text"]) == (31, "Kinder", "Nord", "Gute Idee")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Text;Rechtswert;Hochwert;Thema\nMehr Grün;681510,5;5645020,25;grün\n", "cp1252"),
        ("text,lon,lat,category\nMehr Grün,11.582931,50.928224,grün\n", "utf-8"),
        ("\ufeffKommentar\tx\ty\tKategorie\nMehr Grün\t681510.5\t5645020.25\tgrün\n", "utf-8"),
    ],
)
def test_tables_as_offices_have_them(text: str, encoding: str, tmp_path: Path) -> None:
    (tmp_path / "karten.csv").write_bytes(text.encode(encoding))
    found = received.read([str(tmp_path / "karten.csv")], FRAME)
    [comment] = found.contributions[0].content["comments"]
    assert comment["text"] == "Mehr Grün" and comment["category"] == "grün"
    assert np.hypot(comment["position"][0] - HERE[0], comment["position"][1] - HERE[1]) < 0.6


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\r\ntext;x;y\r\nEine Bank;681510,5;5645020,25\r\n",
        'text,rechtswert,hochwert\nEine Bank,"681.510,5","5.645.020,25"\n',
        "text\tostwert\tnordwert\nEine Bank\t32681510.5\t5 645 020,25\n",
    ],
)
def test_numbers_as_offices_write_them(text: str, tmp_path: Path) -> None:
    (tmp_path / "k.csv").write_bytes(text.encode("utf-16") if "\t" in text else text.encode("utf-8"))
    [one] = received.read([str(tmp_path / "k.csv")], FRAME).contributions
    assert one.content["comments"][0]["position"] == [681510.5, 5645020.25]


def test_a_place_that_is_none_is_told(tmp_path: Path) -> None:
    found = of(tmp_path / "k.csv", "text;x;y\nEine Bank;beim Bäcker;\n")
    assert found.contributions[0].content["comments"][0]["position"] is None
    assert [one.code for one in found.problems] == ["place-unreadable"]


def test_rows_that_read_the_same_are_two_people(tmp_path: Path) -> None:
    (tmp_path / "karten.csv").write_text("text;kanal\nJa;papier\nJa;papier\n", encoding="utf-8")
    found = received.read([str(tmp_path / "karten.csv")], FRAME)
    assert len({one.id for one in found.contributions}) == 2 and {one.content["channel"] for one in found.contributions} == {"paper"}


CROSSING = [[0, 0], [10, 10], [10, 0], [0, 10], [0, 0]]


def _polygon(ring: list[list[float]]) -> dict[str, Any]:
    made = design()
    made["features"][0]["geometry"]["coordinates"] = [[[x + 681500, y + 5645000] for x, y in ring]]
    return made


@pytest.mark.parametrize(
    ("variant", "why"),
    [
        (_polygon(CROSSING), "crosses or touches itself"),
        (_polygon([[9000, 0], [9010, 0], [9010, 10], [9000, 0]]), "outside the area"),
        (_polygon([[float(k), float(k % 2)] for k in range(600)]), "more than 500 points"),
        (_polygon([[0, 0], [1e300, 0], [1, 1], [0, 0]]), ""),
        (_polygon([[0, 0], [0.1, 0], [0.1, 0.1], [0, 0]]), "covers only"),
        ({**design(), "features": design()["features"] * 300}, "300 blocks|used twice"),
        ({"type": "FeatureCollection", "features": "no"}, "no FeatureCollection"),
        (design(Block("h", shapely.box(0, 0, 12, 10), 190)), "m high"),
    ],
)
def test_a_variant_that_cannot_be_is_left_out_and_the_rest_is_kept(variant: dict[str, Any], why: str, tmp_path: Path) -> None:
    found = of(tmp_path / "b.json", said(variants=[variant, design()]))
    [made] = found.contributions
    assert [one["name"] for one in made.content["variants"]] == ["Mein Hof"] and made.content["comments"]
    assert [one.code for one in found.problems] == ["variant-refused"]
    import re

    assert re.search(why, found.problems[0].message)


def test_models_of_others_are_not_opened(tmp_path: Path) -> None:
    mean = design()
    mean["features"][0]["properties"]["stand_in"] = {"path": "../../etc/passwd", "position": [681500, 5645000]}
    found = of(tmp_path / "b.json", said(variants=[mean]))
    assert found.contributions[0].content["variants"] == []


def test_words_stay_words(tmp_path: Path) -> None:
    mean = "<script>alert(1)</script>\u202e=cmd|' /C calc'!A0\x00\x1b[31m" + "x" * 5000
    found = of(tmp_path / "b.json", said(comments=[{"text": mean, "category": "<b>", "variant": "../../x", "position": [1e308, 0, 0]}]))
    [comment] = found.contributions[0].content["comments"]
    assert comment["text"].startswith("<script>alert(1)</script>=cmd") and len(comment["text"]) <= 2000
    assert not any(ord(letter) < 32 or letter == "\u202e" for letter in comment["text"])
    assert comment["category"] is None and comment["variant"] is None and comment["position"] is None
    assert {one.code for one in found.problems} == {"text-cut", "unknown", "place-unreadable"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[" * 100_000, "nested too deeply|not valid JSON"),
        ('{"format": "jena-planner/contribution", "schema": 1, "x": NaN}', "NaN is no number"),
        ('{"a": 1e999}', "too large"),
        ('{"a": 1', "not valid JSON"),
        ('{"a": 1}', "neither a contribution"),
        ("PK\x03\x04 nothing of ours", "no column with what was said"),
        ("\x00\x01\x02", "neither JSON nor a table"),
    ],
)
def test_a_file_that_is_nothing_is_refused_in_a_sentence(text: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match=why):
        of(tmp_path / "b.json", text)


def test_one_bad_file_does_not_keep_a_folder_from_being_read(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.json").write_text("{", encoding="utf-8")
    (tmp_path / "in/b.json").write_text(json.dumps(said()), encoding="utf-8")
    (tmp_path / "in/c.json").write_text(json.dumps(said(publication="anderswo")), encoding="utf-8")
    found = received.read([str(tmp_path / "in")], FRAME)
    assert len(found.contributions) == 1 and found.refused == 2
    assert any("another procedure" in one.message for one in found.problems)


def _json() -> st.SearchStrategy[Any]:
    leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20)
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4), max_leaves=12
    )


@given(
    st.sampled_from(
        [
            "comments",
            "judgements",
            "choices",
            "variants",
            "camera",
            "position",
            "features",
            "properties",
            "geometry",
            "id",
            "created",
            "crs",
        ]
    ),
    _json(),
)
def test_whatever_stands_in_a_field_is_cleaned_or_refused(key: str, value: Any) -> None:
    one = said(variants=[design()])
    where: Any = one
    if key in ("camera", "position"):
        where = one["comments"][0]
    elif key == "features":
        where = one["variants"][0]
    elif key in ("properties", "geometry"):
        where = one["variants"][0]["features"][0]
    where[key] = value
    try:
        made = contributions.check(one, "x", FRAME)
    except InputProblem:
        return
    json.dumps(made.content, allow_nan=False)
    for variant in made.content["variants"]:
        variant_files.from_geojson(variant, Path("x"), ORIGIN)
    again = contributions.check(made.content, "x", FRAME)  # what is clean stays as it is
    assert again.content == made.content


_PDS = {
    "id": "42", "title": "Bäume", "contributionContent": "<p>Mehr</p>", "category": "Grün", "votingPro": "3", "belongToProject": "x",
    "dateCreated": "2026-05-04T10:12:33Z", "dipasLocated": True, "commentedBy": [{"id": 7, "commentContent": "Ja"}],
}  # fmt: skip
_FOREIGN: list[dict[str, Any]] = [
    {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [LON, LAT]}, "properties": _PDS}]},
    {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": "Haus", "extrudedHeight": 208.0},
         "geometry": {"type": "Polygon", "coordinates": [[[LON, LAT, 196.0], [LON + 1e-4, LAT, 196.0], [LON, LAT + 1e-4, 196.0]]]}}]},
    {"data": {"proposals": {"edges": [{"node": {"id": 1, "title": "Bank", "tags": {"nodes": [{"name": "Grün"}]}, "cachedVotesUp": 2,
                                                "mapLocation": {"longitude": LON, "latitude": LAT}, "comments": {"nodes": [{"id": 2, "body": "Ja"}]}}}]}}},
    {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[LON, LAT], [LON, 50.93]]}, "properties": {"text": "Hier"}}]},
]  # fmt: skip


def _ways(content: Any) -> list[tuple[Any, Any]]:
    """Every place in JSON at which a value stands: what holds it, and by which key."""
    pairs = list(content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else [])
    return [(content, key) for key, _ in pairs] + [way for _, inner in pairs for way in _ways(inner)]


@settings(max_examples=150)
@given(st.sampled_from(_FOREIGN), st.integers(0, 60), _json() | st.just(10**290) | st.just(1e308))
def test_whatever_another_system_writes_is_read_or_left_out(content: dict[str, Any], at: int, value: Any) -> None:
    mine = json.loads(json.dumps(content))
    ways = _ways(mine)
    inner, key = ways[at % len(ways)]
    inner[key] = value
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = of(Path(folder) / "x.json", mine)
        except InputProblem:
            return
    for one in found.contributions:
        json.dumps(one.content, allow_nan=False)
        assert all(FRAME.holds(*comment["position"][:2]) for comment in one.content["comments"] if comment["position"])


@pytest.mark.parametrize("number", ["1" + "0" * 400, "1e999", "NaN", "-Infinity"])
def test_a_number_beyond_numbers_is_no_json(number: str, tmp_path: Path) -> None:
    text = json.dumps(said()).replace("681510.5", number)
    with pytest.raises(InputProblem, match="not valid JSON"):
        of(tmp_path / "c.json", text)


def test_a_refusal_says_what_was_wrong_within(tmp_path: Path) -> None:
    crossing = design(Block("h", shapely.box(0, 0, 12, 10), 2))
    ring = crossing["features"][0]["geometry"]["coordinates"][0]
    ring[1], ring[2] = ring[2], ring[1]
    found = of(tmp_path / "c.json", said(comments=[], variants=[crossing]))
    assert found.refused == 1 and "a variant was left out" in found.problems[0].message


class _Pages(BaseHTTPRequestHandler):
    pages: list[list[dict[str, Any]]] = []
    broken = False
    cut = 0  # letters that are promised and never sent

    def do_GET(self) -> None:
        assert self.path.startswith("/api/v1/contributions?publication=ufer")
        number = int(self.path.split("after=")[1]) if "after=" in self.path else 0
        body = json.dumps({"contributions": self.pages[number], "next": str(number + 1) if number + 1 < len(self.pages) else None}).encode()
        self.send_response(500 if self.broken else 200)
        self.send_header("content-length", str(len(body) + self.cut))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    running = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()


def test_a_server_is_asked_page_by_page(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Pages, "pages", [[said(), said()], [said()], []])
    found = received.read([server], FRAME)
    assert len(found.contributions) == 3
    monkeypatch.setattr(_Pages, "cut", 100)
    with pytest.raises(InputProblem, match="does not answer as it should"):
        received.read([server], FRAME)
    monkeypatch.setattr(_Pages, "cut", 0)
    monkeypatch.setattr(_Pages, "broken", True)
    with pytest.raises(InputProblem, match="does not answer as it should"):
        received.read([server], FRAME)


def test_what_was_collected_twice_is_there_once_and_keeps_its_number(tmp_path: Path) -> None:
    first, second = said(), said(created="2026-12-02T10:00:00+01:00")
    found = of(tmp_path / "a.json", {"format": "jena-planner/contributions", "schema": 1, "contributions": [first, second]})
    assert inbox.take(tmp_path, found.contributions) == inbox.Taken(new=2)
    assert inbox.take(tmp_path, found.contributions) == inbox.Taken(there=2)
    kept = inbox.load(tmp_path)
    assert [one["id"] for one in kept.contributions] == [second["id"], first["id"]]  # in the order in which they came
    inbox.answered(kept, first["id"], status="adopted", answer="Die Bäume stehen jetzt im Plan.")
    inbox.take(tmp_path, of(tmp_path / "b.json", said(created="2026-11-01T10:00:00Z")).contributions)
    later = inbox.load(tmp_path)
    assert [later.number(one["id"]) for one in later.contributions] == ["J-0001", "J-0002", "J-0003"]
    assert later.answers[first["id"]].answer == "Die Bäume stehen jetzt im Plan." and later.answers[first["id"]].number == 2
    with pytest.raises(InputProblem, match="status"):
        inbox.answered(later, first["id"], status="erledigt")


def test_an_id_that_is_taken_keeps_the_first_words(tmp_path: Path) -> None:
    first = said()
    inbox.take(tmp_path, of(tmp_path / "a.json", first).contributions)
    other = {**said(), "id": first["id"], "source": {"system": "dipas"}}
    taken = inbox.take(tmp_path, of(tmp_path / "b.json", other).contributions)
    assert (taken.new, taken.there, taken.changed) == (0, 1, 0) and "in other words" in taken.problems[0].message
    [kept] = inbox.load(tmp_path).contributions
    assert kept["comments"][0]["id"] == first["comments"][0]["id"]


def test_what_another_system_holds_is_brought_up_to_date(tmp_path: Path) -> None:
    def collect(**more: Any) -> inbox.Taken:
        feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [LON, LAT]}, "properties": {**_PDS, **more}}
        return inbox.take(tmp_path, of(tmp_path / "dipas.json", {"type": "FeatureCollection", "features": [feature]}).contributions)

    assert collect() == inbox.Taken(new=1)
    inbox.answered(kept := inbox.load(tmp_path), kept.contributions[0]["id"], answer="Danke.")
    more = collect(votingPro="12", commentedBy=[{"id": 7, "commentContent": "Ja"}, {"id": 8, "commentContent": "Nein"}])
    assert more == inbox.Taken(changed=1)
    later = inbox.load(tmp_path)
    assert [one["text"] for one in later.contributions[0]["comments"]] == ["Bäume\n\nMehr", "Ja", "Nein"]
    assert later.contributions[0]["comments"][0]["votes_for"] == 12
    assert next(iter(later.answers.values())).answer == "Danke."


def test_a_table_that_comes_again_sorted_and_longer_adds_what_is_new(tmp_path: Path) -> None:
    rows = ["Mehr Bäume;papier", "Mehr Bäume;papier", "Weniger Autos;papier"]

    def collect(*rows: str) -> tuple[int, int]:
        taken = inbox.take(tmp_path, of(tmp_path / "karten.csv", "\n".join(["text;kanal", *rows, ";"])).contributions)
        return taken.new, taken.there

    assert collect(*rows) == (3, 0)
    assert collect(rows[2], "Eine Bank;papier", *rows[:2]) == (1, 3)


def test_a_numbered_row_may_be_put_right(tmp_path: Path) -> None:
    assert inbox.take(tmp_path, of(tmp_path / "k.csv", "Nr;text\n1;Mer Bäume\n2;Bank\n").contributions).new == 2
    taken = inbox.take(tmp_path, of(tmp_path / "k.csv", "Nr;text\n2;Bank\n1;Mehr Bäume\n").contributions)
    assert (taken.new, taken.there, taken.changed) == (0, 1, 1)


def test_answers_of_two_at_once_are_both_kept(tmp_path: Path) -> None:
    """One has the list open in Blender while another collects and answers."""
    inbox.take(tmp_path, of(tmp_path / "a.json", first := said()).contributions)
    here = inbox.load(tmp_path)
    inbox.take(tmp_path, of(tmp_path / "b.json", second := said()).contributions)
    inbox.answered(inbox.load(tmp_path), second["id"], answer="Ja.")
    inbox.answered(here, first["id"], answer="Nein.")
    later = inbox.load(tmp_path)
    assert {key: (one.number, one.answer) for key, one in later.answers.items()} == {first["id"]: (1, "Nein."), second["id"]: (2, "Ja.")}


def test_a_file_that_is_away_for_a_while_keeps_its_number_and_answer(tmp_path: Path) -> None:
    inbox.take(tmp_path, of(tmp_path / "a.json", first := said()).contributions)
    inbox.answered(inbox.load(tmp_path), first["id"], answer="Ja.")
    path = tmp_path / inbox.FOLDER / f"{first['id']}.json"
    text = path.read_text(encoding="utf-8")
    path.unlink()
    inbox.take(tmp_path, of(tmp_path / "b.json", second := said()).contributions)
    path.write_text(text, encoding="utf-8")
    later = inbox.load(tmp_path)
    assert (later.number(first["id"]), later.number(second["id"])) == ("J-0001", "J-0002") and later.answers[first["id"]].answer == "Ja."
