"""Pictures of map services: in the right place whatever their way of counting, with date and licence, and a sentence for every fault."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import rasterio

from jena_planner.jena_city import background, map_services
from jena_planner.jena_city.origin import Origin
from jena_planner.jena_city.problems import Cancelled, InputProblem

from . import small
from .map_server import STEP, Server, colours, running

UTM = Origin("EPSG:25832", 681735, 5644970)
BOX = (681_735.0, 5_644_970.0, 682_135.0, 5_645_270.0)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(map_services, "PAUSE", 0.01)
    with running(Server()) as made:
        yield made


def shows_its_place(path: Path, box: tuple[float, float, float, float], crs: str = "EPSG:25832") -> None:
    """Every pixel has the colour of the place where the file says it lies."""
    with rasterio.open(path) as file:
        assert file.crs.to_epsg() == int(crs.removeprefix("EPSG:"))
        column, row = np.meshgrid(np.arange(file.width) + 0.5, np.arange(file.height) + 0.5)
        x, y = file.transform @ (column, row)
        assert np.array_equal(np.moveaxis(file.read(), 0, 2), colours(x, y))
        west, south, east, north = file.bounds
    assert west <= box[0] + 1e-6
    assert south <= box[1] + 1e-6
    assert east >= box[2] - 1e-6
    assert north >= box[3] - 1e-6


@pytest.mark.parametrize("version", ["1.1.1", "1.3.0"])
def test_a_picture_joined_of_pieces_as_small_as_the_service_wants(server: Server, tmp_path: Path, version: str) -> None:
    server.version, server.widest = version, 100
    made = background.fetch(f"{server.address}wms?map=b&REQUEST=GetCapabilities", "dop", UTM, BOX, tmp_path, step=1.0)
    shows_its_place(made.path, BOX)
    assert (made.columns, made.rows, made.step, made.missing) == (400, 300, 1.0, 0)
    maps = [words for words in server.asked if words["REQUEST"] == "GetMap"]
    assert len(maps) == 12
    assert {words["VERSION"] for words in maps} == {version}
    assert max(int(words["WIDTH"]) for words in maps) == 100
    assert {words["MAP"] for words in maps} == {"a"}  # the address that the capabilities give


@pytest.mark.parametrize("version", ["1.1.1", "1.3.0"])
def test_a_system_that_counts_north_before_east(server: Server, tmp_path: Path, version: str) -> None:
    server.version, server.systems = version, ("EPSG:31468",)
    box = (4_471_000.0, 5_642_000.0, 4_471_100.0, 5_642_060.0)
    made = background.fetch(f"{server.address}wms", "dop", Origin("EPSG:31468", 4_471_000, 5_642_000), box, tmp_path, step=2.0)
    shows_its_place(made.path, box, "EPSG:31468")


@pytest.mark.parametrize("template", [True, False])
@pytest.mark.parametrize(("asked", "step"), [(2.0, STEP), (3.0, STEP), (4.0, 2 * STEP), (0.5, STEP)])
def test_tiles_by_template_and_by_key_and_value(server: Server, tmp_path: Path, template: bool, asked: float, step: float) -> None:
    server.template = template
    made = background.fetch(f"{server.address}wmts", "Grundkarte", UTM, BOX, tmp_path, step=asked)
    assert made.step == pytest.approx(step)
    shows_its_place(made.path, BOX)
    assert (made.source, made.licence) == ("Musterstadt: Grundkarte (WMTS grund)", "CC BY 4.0")


def test_date_and_licence_stand_beside_it(server: Server, tmp_path: Path) -> None:
    made = background.fetch(f"{server.address}wms?token=geheim", "dop", UTM, BOX, tmp_path, step=2.0)
    said = tomllib.loads(made.path.with_suffix(".toml").read_text(encoding="utf-8"))
    assert said == {
        "source": "GDI-Muster: Digitale Orthophotos (WMS dop)",
        "licence": "dl-de/by-2-0, www.govdata.de",
        "date": dt.date.today().isoformat(),
        "url": f"{server.address}wms",
    }


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("exception", "Layer unbekannt"),
        ("403", "refuses \\(403"),
        ("503", "has a fault \\(503"),
        ("404", "has nothing here"),
        ("html", "Wartung bis Montag"),
        ("small", "10 × 10 pixels instead of"),
    ],
)
def test_every_fault_is_a_sentence_and_leaves_nothing_behind(server: Server, tmp_path: Path, fault: str, words: str) -> None:
    server.fault = fault
    with pytest.raises(InputProblem, match=words):
        background.fetch(f"{server.address}wms", "dop", UTM, BOX, tmp_path, step=2.0)
    assert list(tmp_path.rglob("*.*")) == []


def test_what_cannot_be_asked_for_is_said_before(server: Server, tmp_path: Path) -> None:
    def refused(url: str, layer: str = "dop", origin: Origin = UTM, step: float = 2.0) -> str:
        with pytest.raises(InputProblem) as found:
            background.fetch(url, layer, origin, BOX, tmp_path, step=step)
        return str(found.value)

    assert "Name one of these: dop, karte" in refused(f"{server.address}wms", "dpo")
    assert "has 2 layers" in refused(f"{server.address}wms", "")
    assert "is not offered in EPSG:25833, but in EPSG:25832" in refused(f"{server.address}wms", origin=Origin("EPSG:25833", 0, 0))
    assert "20000 × 15000 pixels" in refused(f"{server.address}wms", step=0.02)
    assert "no address of a map service" in refused("www.geoportal.de")
    assert "cannot be reached" in refused("http://127.0.0.1:9/wms")
    assert not [words for words in server.asked if words.get("REQUEST") == "GetMap"]


def test_a_service_that_does_not_answer_in_time(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setattr(map_services, "PATIENCE", (1.0, 0.05))
    monkeypatch.setattr(Server, "answer", lambda _self, _path, _words: time.sleep(0.3) or (200, "text/xml", b""))
    with pytest.raises(InputProblem, match="does not answer in time"):
        background.fetch(f"{server.address}wms", "dop", UTM, BOX, tmp_path)


def test_a_stop_is_heard_while_it_fetches(server: Server, tmp_path: Path) -> None:
    def stop(_share: float, what: str) -> None:
        if what == "fetching the background":
            raise Cancelled

    server.widest = 10
    with pytest.raises(Cancelled):
        background.fetch(f"{server.address}wms", "dop", UTM, BOX, tmp_path, step=2.0, progress=stop)
    assert list(tmp_path.rglob("*.*")) == []


def test_entities_of_a_strange_description_lead_nowhere(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret"
    secret.write_text("geheim")
    text = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]><ServiceExceptionReport>&x;</ServiceExceptionReport>'
    monkeypatch.setattr(Server, "answer", lambda _self, _path, _words: (200, "text/xml", text.encode()))
    with pytest.raises(InputProblem) as found:
        background.fetch(f"{server.address}wms", "dop", UTM, BOX, tmp_path)
    assert "geheim" not in str(found.value)


@pytest.mark.parametrize(("size", "step"), [(400.0, 0.2), (2000.0, 0.49), (40_000.0, 9.8)])
def test_the_usual_resolution_keeps_a_picture_of_bearable_size(size: float, step: float) -> None:
    assert background.usual_step((0.0, 0.0, size, size / 2)) == pytest.approx(step)


@pytest.mark.needs("bpy")
def test_it_becomes_the_projects_orthophoto_with_its_licence_under_pictures(server: Server, tmp_path: Path) -> None:
    """From the command line, end to end; asked again, the picture is replaced."""
    from click.testing import CliRunner

    from jena_planner.cli import cli
    from jena_planner.jena_city import imported
    from jena_planner.pipeline import opening

    folder = small.write(tmp_path / "projekt")
    for step in ("1.0", "0.5"):
        words = ["background", str(folder), "--url", f"{server.address}wms", "--layer", "dop", "--resolution", step]
        made = CliRunner().invoke(cli, words)
        assert made.exit_code == 0, made.output
    opened = opening.load(folder)
    assert opened.file.data.orthophoto == ["background/dop.tif"]
    site = imported.site_in(folder)
    assert site.orthophoto is not None
    assert site.orthophoto.step == pytest.approx(0.5)
    assert f"GDI-Muster: Digitale Orthophotos (WMS dop), dl-de/by-2-0, www.govdata.de ({dt.date.today().isoformat()})" in site.source
