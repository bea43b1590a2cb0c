"""Archives: what real deliveries hold is found, and what a stranger could do with one is refused with a sentence."""

from __future__ import annotations

import bz2
import gzip
import io
import random
import zipfile
from pathlib import Path

import pytest

from jena_planner.jena_city import archives, gather
from jena_planner.jena_city.problems import InputProblem

from . import gml

X, Y, Z = gml.JENA
TILE = gml.city(gml.box_building("B", X, Y, Z, 4, 4, 4)).encode()


def zipped(path: Path, **entries: bytes) -> Path:
    """A zip; in the names of its entries __ stands for a slash and _ for a dot."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return path


def in_memory(**entries: bytes) -> bytes:
    made = io.BytesIO()
    zipped(made, **entries)  # type: ignore[arg-type]
    return made.getvalue()


def found(path: Path) -> list[str]:
    into = path.parent / "into"
    return [one.relative_to(into).as_posix() for one in gather.gathered([path], into)]


def test_zips_in_zips_and_gzipped_tiles(tmp_path: Path) -> None:
    inner = in_memory(a_gml=TILE, deep__b_xml=TILE, readme_pdf=b"%PDF")
    path = zipped(tmp_path / "town.zip", north_zip=inner, c_gml_gz=gzip.compress(TILE), south__d_gml=TILE)
    assert found(path) == ["town/north/a.gml", "town/north/deep/b.xml", "town/c.gml", "town/south/d.gml"]
    assert not list((tmp_path / "into").rglob("*.zip"))
    spoken = gather.gathered([path], tmp_path / "into").values()
    assert list(spoken)[:2] == [f"{path} ▸ north.zip ▸ a.gml", f"{path} ▸ north.zip ▸ deep/b.xml"]
    assert found(path) == ["town/north/a.gml", "town/north/deep/b.xml", "town/c.gml", "town/south/d.gml"]


def test_other_packed_files_beside_the_tiles_are_left_alone(tmp_path: Path) -> None:
    office = in_memory(word__document_xml=b"<letter/>")
    others = {
        "letter.docx": office,
        "all.tar.gz": gzip.compress(b"x"),
        "README.gz": gzip.compress(b"x"),
        "list.csv.gz": gzip.compress(b"x"),
    }
    (tmp_path / "town").mkdir()
    (tmp_path / "town/a.gml").write_bytes(TILE)
    with zipfile.ZipFile(tmp_path / "town/b.zip", "w") as archive:
        archive.writestr("b.gml", TILE)
        for name, content in others.items():
            (tmp_path / "town" / name).write_bytes(content)
            archive.writestr(name, content)
    assert [path.name for path in gather.gathered([tmp_path / "town"], tmp_path / "into")] == ["a.gml", "b.gml"]


def test_a_gzipped_tile(tmp_path: Path) -> None:
    path = tmp_path / "tile.gml.gz"
    path.write_bytes(gzip.compress(TILE))
    assert found(path) == ["tile.gml"]
    assert gather.glance(path).kind == "archive"
    assert (tmp_path / "into/tile.gml").read_bytes() == TILE
    for name, made in (("other.gz", "other"), ("misnamed.gml", "misnamed.gml")):
        (tmp_path / name).write_bytes(gzip.compress(TILE))
        assert found(tmp_path / name) == [made]
    (tmp_path / "all.tar.gz").write_bytes(gzip.compress(b"x"))
    with pytest.raises(InputProblem, match="tar"):
        found(tmp_path / "all.tar.gz")


def test_two_archives_of_one_name_do_not_overwrite_each_other(tmp_path: Path) -> None:
    for name, content in (("north", TILE), ("south", TILE.replace(b'"B"', b'"C"'))):
        (tmp_path / name).mkdir()
        zipped(tmp_path / name / "tiles.zip", a_gml=content)
        (tmp_path / name / "b.gml.gz").write_bytes(gzip.compress(content + b" "))
    for _ in range(2):  # the second time they are there already
        paths = gather.gathered([tmp_path / "north", tmp_path / "south"], tmp_path / "into")
        assert len(paths) == len({path.read_bytes() for path in paths}) == 4
        assert len(list((tmp_path / "into").rglob("*.gml"))) == 4


@pytest.mark.parametrize("name", ["../out.gml", "/out.gml", "a/../../out.gml", "..\\out.gml", "C:\\out.gml"])
def test_an_entry_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr(name, TILE)
    with pytest.raises(InputProblem, match="leads out"):
        found(tmp_path / "t.zip")
    assert not list(tmp_path.rglob("*.gml"))


def test_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.gml")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(InputProblem, match="link"):
        found(tmp_path / "t.zip")


def test_bombs_are_refused_before_they_fill_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zeros = b"0" * (archives.LARGE + 1)
    bomb = zipped(tmp_path / "bomb.zip", a_gml=zeros)
    with pytest.raises(InputProblem, match="far more than real data"):
        found(bomb)
    (tmp_path / "b.gml.gz").write_bytes(gzip.compress(zeros))
    with pytest.raises(InputProblem, match="far more than real data"):
        found(tmp_path / "b.gml.gz")
    monkeypatch.setattr(archives, "MOST", 3 * len(TILE))
    with pytest.raises(InputProblem, match="more than the disk"):
        found(zipped(tmp_path / "many.zip", a_gml=TILE, b_gml=TILE, c_gml=TILE, d_gml=TILE))
    assert not [path for path in (tmp_path / "into").rglob("*.gml") if path.stat().st_size > len(TILE)]


def test_zips_in_zips_end(tmp_path: Path) -> None:
    content = in_memory(a_gml=TILE)
    for _ in range(archives.DEEPEST + 1):
        content = in_memory(a_zip=content)
    (tmp_path / "deep.zip").write_bytes(content)
    with pytest.raises(InputProblem, match="deep in each other"):
        found(tmp_path / "deep.zip")


def test_damaged_archives_end_with_a_sentence(tmp_path: Path) -> None:
    """Bytes flipped anywhere: the files in it, or one sentence."""
    chance = random.Random(1)
    whole = in_memory(a_gml=TILE, b_zip=in_memory(c_gml=TILE), d_gml_gz=gzip.compress(TILE))
    refused = 0
    for number in range(200):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        path = tmp_path / f"{number}.zip"
        path.write_bytes(content)
        try:
            gather.gathered([path], tmp_path / "into")
        except InputProblem as problem:
            assert "\n" not in str(problem)
            refused += 1
    assert refused > 50


def test_bzipped_files_and_those_of_another_folder_with_the_same_name(tmp_path: Path) -> None:
    one, other = tmp_path / "a", tmp_path / "b"
    for folder, content in ((one, TILE), (other, TILE + b"\n")):
        folder.mkdir()
        (folder / "town.gml.bz2").write_bytes(bz2.compress(content))
    into = tmp_path / "into"
    for _ in range(2):
        names = [path.name for path in gather.gathered([one / "town.gml.bz2", other], into)]
        assert names == ["town.gml", "town-2.gml"]
    (tmp_path / "all.tar.bz2").write_bytes(bz2.compress(b"x"))
    with pytest.raises(InputProblem, match="tar archive"):
        gather.gathered([tmp_path / "all.tar.bz2"], into)
    (tmp_path / "cut.gml.bz2").write_bytes(bz2.compress(TILE)[:-20])
    with pytest.raises(InputProblem, match="cannot be unpacked"):
        gather.gathered([tmp_path / "cut.gml.bz2"], into)
