"""Downloads against a server of our own: gone on with, broken off, lying, absent, stumbling; and what is handed out is what was published."""

from __future__ import annotations

import io
import json
import re
import threading
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from jena_planner.jena_city import downloads, gather, imported, profiles, tiles, web
from jena_planner.jena_city.problems import Cancelled, InputProblem
from jena_planner.pipeline import sourcing

from . import gml
from .test_cli import answer, run

E, N, Z = gml.JENA  # in the tile 680 5644 of 2 km
BOX = (E, N, E + 100, N + 20)
CITY = gml.city(gml.box_building("house", E + 5, N + 5, Z, 10, 8, 6)).encode()


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return made.getvalue()


class Server:
    """files : what is published, by path. ranges : whether it can go on in the middle. breaks : paths -> bytes after which it hangs up, once
    each. answers : paths -> statuses given before the file. asked : (path, Range) of each request."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.ranges = True
        self.breaks: dict[str, list[int]] = {}
        self.answers: dict[str, list[int]] = {}
        self.redirects: dict[str, str] = {}
        self.asked: list[tuple[str, str]] = []
        self.at_once = self.most_at_once = 0
        self.wait: Callable[[], None] = lambda: None
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server.at_once += 1
                server.most_at_once = max(server.most_at_once, server.at_once)
                try:
                    server.serve(self)
                finally:
                    server.at_once -= 1

            def log_message(self, *_unused: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def serve(self, to: BaseHTTPRequestHandler) -> None:
        path, wanted = to.path, to.headers.get("Range", "")
        self.asked.append((path, wanted))
        assert (to.headers.get("User-Agent") or "").startswith("jena-planner/")
        self.wait()
        if path in self.redirects:
            to.send_response(302)
            to.send_header("Location", self.redirects[path])
            to.send_header("Content-Length", "0")
            to.end_headers()
            return
        if self.answers.get(path):
            to.send_response(self.answers[path].pop(0))
            to.send_header("Content-Length", "0")
            to.end_headers()
            return
        content = self.files.get(path)
        if content is None:
            to.send_response(404)
            to.send_header("Content-Length", "0")
            to.end_headers()
            return
        tag = f'"{hash(content)}"'
        if to.headers.get("If-None-Match") == tag:
            to.send_response(304)
            to.end_headers()
            return
        start = 0
        if self.ranges and wanted and to.headers.get("If-Range", tag) == tag:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
            to.send_response(206)
            to.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        else:
            to.send_response(200)
        to.send_header("ETag", tag)
        to.send_header("Content-Length", str(len(content) - start))
        to.end_headers()
        end = self.breaks[path].pop(0) if self.breaks.get(path) else len(content)
        to.wfile.write(content[start:end])
        to.wfile.flush()
        if end < len(content):
            to.close_connection = True

    def count(self) -> Counter[str]:
        return Counter(path for path, _ in self.asked)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(web, "WAIT", 0.01)
    before = tiles.folder()
    tiles.use_folder(tmp_path / "cache" / "tiles")
    made = Server()
    yield made
    made.http.shutdown()
    made.http.server_close()
    tiles.use_folder(before)


def profile(
    server: Server, *, tile: str = "/lod2_{E}_{N}.zip", terrain: tuple[str, ...] = ("/dgm_{E}_{N}.xyz",), index: str = ""
) -> profiles.Profile:
    common = {"title": "t", "licence": "dl-de/by-2-0", "licence_url": "https://www.govdata.de/dl-de/by-2-0", "megabytes": 0.01}
    return profiles.Profile.model_validate(
        {
            "schema": 1, "name": "Muster", "centre": [11.58, 50.93], "crs": "EPSG:25832", "height_system": "DE_DHHN2016_NH",
            "sources": [
                {**common, "kind": "buildings", "provider": "Amt A", "urls": [server.base + tile], "tile": 2000},
                {
                    **common, "kind": "terrain", "provider": "Amt B", "urls": [server.base + one for one in terrain], "tile": 1000,
                    "index": server.base + index if index else "",
                },
            ],
        }
    )  # fmt: skip


def get(server: Server, out: Path, what: str = "buildings", box: tuple[float, float, float, float] = BOX, **kinds: object) -> downloads.Got:
    return downloads.download(downloads.wanted(profile(server, **kinds), what.split(","), box), out)  # type: ignore[arg-type]


def ground(east: int, north: int, size: int = 1000, step: int = 50) -> bytes:
    rows = [f"{x} {y} 150.0" for y in range(north, north + size + 1, step) for x in range(east, east + size + 1, step)]
    return "\n".join(rows).encode()


def test_a_tile_arrives_whole_and_is_not_fetched_twice(server: Server, tmp_path: Path) -> None:
    server.files["/lod2_680_5644.zip"] = zipped(a__gml=CITY, readme__pdf=b"%PDF", a__csv=b"x")
    got = get(server, tmp_path / "one")
    assert [path.name for path in got.files] == ["lod2_680_5644.zip"]
    assert got.files[0].read_bytes() == server.files["/lod2_680_5644.zip"]
    assert got.fetched == len(server.files["/lod2_680_5644.zip"]) and not got.absent and not got.problems
    assert re.fullmatch(r"© Amt A, dl-de/by-2-0 \(www\.govdata\.de/dl-de/by-2-0\), Daten verändert \(\d{4}-\d\d-\d\d\)", got.licence)
    again = get(server, tmp_path / "two")
    assert again.fetched == 0 and again.kept == 1 and again.files[0].read_bytes() == got.files[0].read_bytes()
    assert server.count() == {"/lod2_680_5644.zip": 1}
    import hashlib

    listed = json.loads((tmp_path / "two" / "downloads.json").read_text(encoding="utf-8"))["lod2_680_5644.zip"]
    assert listed["sha256"] == hashlib.sha256(server.files["/lod2_680_5644.zip"]).hexdigest()
    assert listed["url"] == server.base + "/lod2_680_5644.zip" and "Amt A" in listed["licence"]


@pytest.mark.parametrize("ranges", [True, False])
def test_a_transfer_that_breaks_off_is_gone_on_with(server: Server, tmp_path: Path, ranges: bool) -> None:
    whole = zipped(a__gml=CITY * 1, b__txt=bytes(range(256)) * 8000)
    server.files["/lod2_680_5644.zip"] = whole
    server.ranges = ranges
    server.breaks["/lod2_680_5644.zip"] = [600_000, 1_500_000]
    got = get(server, tmp_path / "out")
    assert got.files[0].read_bytes() == whole
    starts = [int(wanted.removeprefix("bytes=").removesuffix("-") or 0) for _, wanted in server.asked]
    assert len(starts) == 3 and starts[0] == 0 and 0 < starts[1] < starts[2]
    assert not list((tmp_path / "cache").rglob("*.part*"))


def test_a_stop_keeps_what_came_and_the_next_time_goes_on(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = zipped(a__gml=CITY, b__txt=bytes(range(256)) * 20_000)
    server.files["/lod2_680_5644.zip"] = whole

    def stopping(_share: float, _what: str) -> None:
        if any(part.stat().st_size for part in (tmp_path / "cache").rglob("*.part")):
            raise Cancelled

    server.breaks["/lod2_680_5644.zip"] = [1_000_000]
    monkeypatch.setattr(web, "WAIT", 2.0)  # before it would be asked again
    with pytest.raises(Cancelled):
        downloads.download(downloads.wanted(profile(server), ["buildings"], BOX), tmp_path / "out", stopping)
    monkeypatch.setattr(web, "WAIT", 0.01)
    [part] = (tmp_path / "cache").rglob("*.part")
    assert 0 < part.stat().st_size <= 1_000_000
    server.asked.clear()
    got = get(server, tmp_path / "out")
    assert got.files[0].read_bytes() == whole
    assert server.asked[0][1].startswith("bytes=") and server.asked[0][1] != "bytes=0-"


def test_a_file_that_changed_meanwhile_is_begun_anew(server: Server, tmp_path: Path) -> None:
    old, new = zipped(a__gml=CITY, b__txt=b"old" * 400_000), zipped(a__gml=CITY, b__txt=b"newer" * 400_000)
    server.files["/lod2_680_5644.zip"] = old
    server.breaks["/lod2_680_5644.zip"] = [600_000]

    def change() -> None:
        if len(server.asked) == 2:
            server.files["/lod2_680_5644.zip"] = new

    server.wait = change
    assert get(server, tmp_path / "out").files[0].read_bytes() == new


def test_a_tile_the_publisher_does_not_have_is_listed_and_stops_nothing(server: Server, tmp_path: Path) -> None:
    server.files["/lod2_680_5644.zip"] = zipped(a__gml=CITY)
    got = get(server, tmp_path / "out", box=(E, N, E + 2000, N + 20))
    assert [path.name for path in got.files] == ["lod2_680_5644.zip"] and got.absent == ["lod2_682_5644.zip"]
    assert not got.problems


def test_the_older_address_serves_where_the_newer_has_nothing(server: Server, tmp_path: Path) -> None:
    server.files["/old_681_5644.xyz"] = ground(681_000, 5_644_000)
    got = get(server, tmp_path / "out", "terrain", terrain=("/new_{E}_{N}.xyz", "/old_{E}_{N}.xyz"))
    assert [path.name for path in got.files] == ["old_681_5644.xyz"] and not got.absent


def test_the_publishers_list_tells_what_cannot_be_known(server: Server, tmp_path: Path) -> None:
    names = ["dgm_681_5644_2019.xyz", "dgm_681_5644_2023.xyz", "dgm_681_5644_2021.xyz", "dgm_6810_5644_2025.xyz", "xdgm_681_5644_2029.xyz"]
    server.files["/index.json"] = json.dumps({"datasets": [{"files": [{"name": name} for name in names]}]}).encode()
    server.files["/dgm_681_5644_2023.xyz"] = ground(681_000, 5_644_000)
    box = (681_100.0, 5_644_100.0, 683_100.0, 5_644_200.0)
    got = get(server, tmp_path / "out", "terrain", box, terrain=("/dgm_{E}_{N}_*.xyz",), index="/index.json")
    assert [path.name for path in got.files] == ["dgm_681_5644_2023.xyz"]
    assert got.absent == ["dgm_682_5644_*.xyz", "dgm_683_5644_*.xyz"]
    assert server.count()["/index.json"] == 1


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_server_that_stumbles_is_asked_again(server: Server, tmp_path: Path, status: int) -> None:
    server.files["/lod2_680_5644.zip"] = zipped(a__gml=CITY)
    server.answers["/lod2_680_5644.zip"] = [status, status]
    assert len(get(server, tmp_path / "out").files) == 1
    assert server.count() == {"/lod2_680_5644.zip": 3}


def test_a_server_that_only_stumbles_ends_in_one_sentence(server: Server, tmp_path: Path) -> None:
    server.answers["/lod2_680_5644.zip"] = [500] * 50
    with pytest.raises(InputProblem, match=r"the server answers 500 .*Try again later") as caught:
        get(server, tmp_path / "out")
    assert caught.value.where == server.base + "/lod2_680_5644.zip"
    assert len(server.asked) == web.TRIES


PAGE = b"<!DOCTYPE html><html><head><title>Fehler</title></head><body>Wartung</body></html>"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (PAGE, "the server sent a web page instead of the file"),
        (b"\xef\xbb\xbf\n " + PAGE, "the server sent a web page instead of the file"),
        (b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', "the file holds no buildings"),
        (b"681000 5644000 150\n681001 5644000 150\n681002 5644000 150\n", "the file holds no buildings"),
        (zipped(a__pdf=b"%PDF-1.4"), "no geodata was found in it"),
        (zipped(a__gml=PAGE), "the file holds no buildings"),
        (zipped(a__xyz=ground(681_000, 5_644_000)), "the file holds no buildings"),
        (CITY[: len(CITY) // 2], "the file ends in the middle"),
        (b"", "the file is empty"),
        (b"PK\x03\x04" + b"x" * 100, "archive"),
    ],
)
def test_what_is_not_what_it_should_be_is_refused_and_not_kept(server: Server, tmp_path: Path, content: bytes, words: str) -> None:
    server.files["/lod2_680_5644.zip"] = content
    with pytest.raises(InputProblem) as caught:
        get(server, tmp_path / "out")
    assert words in caught.value.what and caught.value.where.startswith(server.base)
    assert not list((tmp_path / "out").glob("lod2*")) and not list((tmp_path / "cache").rglob("*.zip*"))
    server.files["/lod2_680_5644.zip"] = zipped(a__gml=CITY)
    assert len(get(server, tmp_path / "out").files) == 1


def test_a_damaged_archive_is_refused(server: Server, tmp_path: Path) -> None:
    content = bytearray(zipped(a__gml=CITY))
    content[200] ^= 0xFF
    server.files["/lod2_680_5644.zip"] = bytes(content)
    with pytest.raises(InputProblem, match="the archive"):
        get(server, tmp_path / "out")


def test_one_bad_tile_stops_no_other(server: Server, tmp_path: Path) -> None:
    server.files |= {"/lod2_680_5644.zip": zipped(a__gml=CITY), "/lod2_682_5644.zip": PAGE}
    got = get(server, tmp_path / "out", box=(E, N, E + 2000, N + 20))
    assert len(got.files) == 1
    [problem] = got.problems
    assert problem.code == "not-downloaded" and problem.file.endswith("/lod2_682_5644.zip") and "web page" in problem.message


def test_a_damaged_copy_is_fetched_anew(server: Server, tmp_path: Path) -> None:
    server.files["/lod2_680_5644.zip"] = zipped(a__gml=CITY)
    get(server, tmp_path / "one")
    [kept] = (tmp_path / "cache").rglob("*.zip")
    kept.unlink()
    kept.write_bytes(b"something else")
    got = get(server, tmp_path / "two")
    assert got.files[0].read_bytes() == server.files["/lod2_680_5644.zip"] and got.kept == 0


def test_an_old_copy_is_asked_for_and_taken_where_it_is_the_same(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import datetime as dt

    server.files["/lod2_680_5644.zip"] = zipped(a__gml=CITY)
    get(server, tmp_path / "one")
    monkeypatch.setattr(downloads, "FRESH", dt.timedelta(0))
    assert get(server, tmp_path / "two").kept == 1
    assert server.count()["/lod2_680_5644.zip"] == 2  # asked, and told that it is the same
    server.files["/lod2_680_5644.zip"] = zipped(a__gml=CITY, b__txt=b"newer")
    got = get(server, tmp_path / "two")
    assert got.kept == 0 and got.files[0].read_bytes() == server.files["/lod2_680_5644.zip"]  # and what a download put there is replaced
    server.http.shutdown()
    server.http.server_close()
    assert get(server, tmp_path / "three").kept == 1  # nobody there: the old copy


def test_a_file_of_somebody_elses_is_left_alone(server: Server, tmp_path: Path) -> None:
    server.files["/lod2_680_5644.zip"] = zipped(a__gml=CITY)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "lod2_680_5644.zip").write_bytes(b"mine")
    with pytest.raises(InputProblem, match="there is another file of this name"):
        get(server, tmp_path / "out")
    assert (tmp_path / "out" / "lod2_680_5644.zip").read_bytes() == b"mine"


def test_servers_send_on_within_the_web_only(server: Server, tmp_path: Path) -> None:
    server.files["/there.zip"] = zipped(a__gml=CITY)
    server.redirects["/lod2_680_5644.zip"] = "/there.zip"
    assert [path.name for path in get(server, tmp_path / "out").files] == ["lod2_680_5644.zip"]
    for target, words in (("file:///etc/passwd", "not of the web"), ("/lod2_682_5644.zip", "without end")):
        server.redirects["/lod2_682_5644.zip"] = target
        with pytest.raises(InputProblem, match=words):
            get(server, tmp_path / "out", box=(E + 2000, N, E + 2100, N + 20))


def test_at_most_two_at_a_time(server: Server, tmp_path: Path) -> None:
    import time

    server.wait = lambda: time.sleep(0.05)
    for east in range(680, 692, 2):
        server.files[f"/lod2_{east}_5644.zip"] = zipped(a__gml=CITY)
    said: list[str] = []
    files = downloads.wanted(profile(server), ["buildings"], (E, N, E + 10_000, N + 20))
    got = downloads.download(files, tmp_path / "out", lambda _share, what: said.append(what))
    assert len(got.files) == 6 and server.most_at_once <= 2
    assert said[-1].startswith("6 of 6 files, 0 of about 0 MB")


def test_the_disk_is_looked_at_before(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 1000})())
    with pytest.raises(InputProblem, match="there is no room on the disk"):
        get(server, tmp_path / "out")
    assert not server.asked


@pytest.mark.parametrize(
    ("what", "box", "words"),
    [
        ("trees", BOX, "it has no source of trees. Known: buildings, terrain"),
        ("buildings", (E, N, E, N + 1), "no inside"),
        ("buildings", (11.5, 50.9, 11.6, 51.0), "look like degrees"),
        ("buildings", (0, 5_000_000, 900_000, 6_000_000), "tiles, more than 5000"),
    ],
)
def test_what_cannot_be_wanted_is_said(server: Server, what: str, box: tuple[float, float, float, float], words: str) -> None:
    with pytest.raises(InputProblem, match=re.escape(words)):
        downloads.wanted(profile(server), [what], box)


def test_a_server_that_cannot_be_reached_is_asked_for_one_tile_only(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.http.shutdown()
    server.http.server_close()
    monkeypatch.setattr(downloads, "AT_A_TIME", 1)
    asked: list[str] = []
    fetch = web.fetch
    monkeypatch.setattr(web, "fetch", lambda *words: (asked.append(words[1]), fetch(*words))[1])
    with pytest.raises(InputProblem, match=r"the server 127\.0\.0\.1 cannot be reached"):
        get(server, tmp_path / "out", box=(E, N, E + 10_000, N + 20))
    assert len(asked) == 1


def own_profile(server: Server, folder: Path) -> Path:
    path = folder / "muster.toml"
    path.write_text(
        'schema = 1\nname = "Muster"\ncentre = [11.58, 50.93]\ncrs = "EPSG:25832"\n'
        + "".join(
            f'[[sources]]\nkind = "{kind}"\ntitle = "{kind}"\nprovider = "Amt"\nlicence = "dl-de/by-2-0"\nlicence_url = "https://www.govdata.de/x"\n'
            f'urls = ["{server.base}{url}"]\ntile = {tile}\nmegabytes = 0.01\n'
            for kind, url, tile in (("buildings", "/lod2_{E}_{N}.zip", 2000), ("terrain", "/dgm_{E}_{N}.zip", 1000))
        ),
        encoding="utf-8",
    )
    return path


def test_from_the_publisher_to_a_project_on_the_command_line(server: Server, tmp_path: Path) -> None:
    """Two tiles that share a house and lie in zips with neighbours: the house counts once, the terrain is whole."""
    other = gml.city(gml.box_building("house", E + 5, N + 5, Z, 10, 8, 6), gml.box_building("next", E + 2000, N + 5, Z, 10, 8, 6)).encode()
    server.files |= {
        "/lod2_680_5644.zip": zipped(a__gml=CITY, info__txt=b"words", info__pdf=b"%PDF", about__xml=b"<MD_Metadata/>"),
        "/lod2_682_5644.zip": zipped(b__gml=other, info__txt=b"words"),
        "/dgm_681_5644.zip": zipped(dgm__xyz=ground(681_000, 5_644_000), dgm__meta=b"Stand 2024"),
        "/dgm_682_5644.zip": zipped(dgm2__xyz=ground(682_000, 5_644_000), dgm__meta=b"Stand 2024"),
        "/dgm_683_5644.zip": zipped(dgm3__xyz=ground(683_000, 5_644_000), dgm__meta=b"Stand 2024"),
    }
    profile_file = own_profile(server, tmp_path)
    environment = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    box = [E, N, E + 2050, N + 20]
    done = run("download", "--profile", profile_file, "--bbox", *box, "--out", tmp_path / "tiles", "--json", env=environment)
    assert done.returncode == 0, done.stderr
    said = answer(done)
    assert len(said["files"]) == 5 and said["absent"] == [] and "5 files, about 0 MB to fetch" in done.stderr
    opened = sourcing.new_project(tmp_path / "p", [tmp_path / "tiles"], profile=str(profile_file))
    read = imported.imported(opened.file, opened.folder, lambda _share, _what: None)
    assert sorted(read.site.city.building_id) == ["house", "next"]
    assert read.site.terrain is not None
    assert np.isfinite(read.site.terrain.height_at(np.array([[-700.0, 0.0], [0.0, 0.0], [1000.0, 0.0], [2200.0, 0.0]]))).all()


def test_a_terrain_tile_that_is_there_twice_is_read_once(tmp_path: Path) -> None:
    """As in the zips of Thuringia: GeoTIFF and XYZ of the same heights."""
    archive = tmp_path / "dgm.zip"
    archive.write_bytes(
        zipped(dgm__tif=b"II*\0", dgm__xyz=ground(681_000, 5_644_000), other__xyz=ground(682_000, 5_644_000), dgm__meta=b"x")
    )
    assert sorted(path.name for path in gather.gathered([archive], tmp_path / "in")) == ["dgm.tif", "other.xyz"]


def test_into_a_project_with_the_licence_line(server: Server, tmp_path: Path) -> None:
    server.files |= {
        "/lod2_680_5644.zip": zipped(a__gml=CITY),
        "/lod2_682_5644.zip": zipped(b__gml=gml.city(gml.box_building("next", E + 2000, N + 5, Z, 10, 8, 6)).encode()),
    }
    profile_file = own_profile(server, tmp_path)
    first = gml.write(tmp_path / "mine.gml", gml.city(gml.box_building("mine", E + 50, N + 50, Z, 10, 8, 6)))
    opened = sourcing.new_project(tmp_path / "p", [first], licence="Meine Daten")
    files = downloads.wanted(profiles.load(str(profile_file)), ["buildings"], (E, N, E + 2050, N + 20))
    opened, got = sourcing.with_downloads(opened, files)
    assert len(got.files) == 2 and all(path.parent == opened.folder / "sources" for path in got.files)
    assert sorted(imported.site_in(opened.folder).city.building_id) == ["house", "mine", "next"]
    assert re.fullmatch(
        r"Meine Daten; © Amt, dl-de/by-2-0 \(www.govdata.de/x\), Daten verändert \(\d{4}-\d\d-\d\d\)", opened.file.data.licence
    )
    again, _ = sourcing.with_downloads(opened, files)
    assert again.file.data.licence == opened.file.data.licence and again.file.data.buildings == opened.file.data.buildings
