"""Terrain: heights where they belong, from every form in which they are delivered."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from rasterio.transform import from_origin

from jena_planner.jena_city import terrain
from jena_planner.jena_city.origin import Origin
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.terrain import Terrain

E, N = 681735.0, 5644970.0
ORIGIN = Origin("EPSG:25832", int(E), int(N))


def slope(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """A plane: 150 m at (E, N), rising 0.1 eastwards and 0.2 northwards."""
    return 150 + 0.1 * (x - E) + 0.2 * (y - N)


def lattice(columns: int = 6, rows: int = 5, step: float = 1.0, x: float = E, y: float = N) -> np.ndarray:
    gx, gy = np.meshgrid(x + step * np.arange(columns), y + step * np.arange(rows))
    return np.column_stack([gx.ravel(), gy.ravel(), slope(gx, gy).ravel()])


def xyz(path: Path, points: np.ndarray, line: str = "{0:.2f} {1:.2f} {2:.3f}", head: str = "", tail: str = "") -> Path:
    path.write_text(head + "".join(line.format(*point) + "\n" for point in points) + tail, encoding="utf-8")
    return path


def geotiff(
    path: Path,
    heights: np.ndarray,
    x: float,
    y_top: float,
    step: float = 1.0,
    *,
    crs: str | None = "EPSG:25832",
    dy: float | None = None,
    **profile: object,
) -> Path:
    """heights with row 0 in the north; (x, y_top) the outer corner in the north-west."""
    transform = from_origin(x, y_top, step, dy or step)
    tags = profile.pop("tags", {})
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=heights.shape[1],
        height=heights.shape[0],
        count=1,
        dtype=heights.dtype,
        crs=crs,
        transform=transform,
        **profile,
    ) as file:
        file.write(heights, 1)
        file.update_tags(**tags)  # type: ignore[arg-type]
    return path


def codes(ground: Terrain) -> list[str]:
    return sorted(problem.code for problem in ground.report.problems)


def is_the_slope(ground: Terrain, tolerance: float = 2e-3) -> bool:
    """Whether every known height is that of the plane at its place in the world."""
    vertices, _ = ground.mesh()
    world = ground.origin.to_world(vertices)
    return bool(len(world)) and float(np.abs(world[:, 2] - slope(world[:, 0], world[:, 1])).max()) < tolerance


@pytest.mark.parametrize("order", ["south first", "north first", "shuffled"])
def test_points_may_come_in_any_order(tmp_path: Path, order: str) -> None:
    points = lattice()
    points = {"south first": points, "north first": points[::-1], "shuffled": np.random.default_rng(1).permutation(points)}[order]
    ground = terrain.read([xyz(tmp_path / "a.xyz", points)], origin=ORIGIN)
    assert (ground.x, ground.y, ground.step, ground.heights.shape) == (0.0, 0.0, 1.0, (5, 6))
    assert is_the_slope(ground)
    assert codes(ground) == []


@pytest.mark.parametrize(
    ("line", "head", "tail", "expected"),
    [
        ("{0:.2f},{1:.2f},{2:.3f}", "", "", []),
        ("{0:.2f}, {1:.2f}, {2:.3f}", "", "", []),
        ("{0:.2f};{1:.2f};{2:.3f}", "x;y;z\n", "", []),
        ("{0:.2f}\t{1:.2f}\t{2:.3f}", "x y z\n", "", []),
        ("  {0:.2f}   {1:.2f}  {2:.3f} ", "# made by\n# somebody\n", "", []),
        ("{0:.2f} {1:.2f} {2:.3f}", "", "\n\n", []),
        ("{0:.2f} {1:.2f} {2:.3f}", "\ufeff", "", []),
        ("{0:.2f} {1:.2f} {2:.3f} 7", "", "", []),
        ("{0:.2f} {1:.2f} {2:.3f}", "", "<html>bye 1 2 3</html>\n", ["trailing-text"]),
        ("32{0:.2f} {1:.2f} {2:.3f}", "x y z\n", "", ["zone-prefix"]),
        ("{1:.2f} {0:.2f} {2:.3f}", "", "", ["swapped-axes"]),
        ("{0:.2f} {1:.2f} {2:.3f}", "", "cut off\n", ["bad-lines"]),
        ("{0:.2f} {1:.2f} {2:.3f}", "", "681800.00 5644970.00 -9999999\n", ["bad-heights"]),
    ],
)  # fmt: skip
def test_every_way_of_writing_points(tmp_path: Path, line: str, head: str, tail: str, expected: list[str]) -> None:
    ground = terrain.read([xyz(tmp_path / "a.xyz", lattice(), line, head, tail)], origin=ORIGIN)
    assert codes(ground) == expected
    assert ground.heights.shape == (5, 6)
    assert is_the_slope(ground)


def test_decimal_commas(tmp_path: Path) -> None:
    path = xyz(tmp_path / "a.txt", lattice())
    path.write_text(path.read_text().replace(".", ","))
    assert is_the_slope(terrain.read([path], origin=ORIGIN))


def test_windows_line_ends(tmp_path: Path) -> None:
    path = xyz(tmp_path / "a.txt", lattice())
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    ground = terrain.read([path], origin=ORIGIN)
    assert is_the_slope(ground)
    assert codes(ground) == []


def test_gaps_stay_gaps_and_are_counted(tmp_path: Path) -> None:
    points = np.delete(lattice(), [7, 8], axis=0)
    ground = terrain.read([xyz(tmp_path / "a.xyz", points)], origin=ORIGIN)
    assert int(np.isnan(ground.heights).sum()) == 2
    assert codes(ground) == ["terrain-gaps"]
    assert np.isnan(ground.height_at(np.array([[1.5, 1.5]]))).all()
    assert is_the_slope(ground)
    assert ground.report.terrain_points == 28


def test_without_an_origin_the_south_west_corner_becomes_it(tmp_path: Path) -> None:
    ground = terrain.read([xyz(tmp_path / "a.xyz", lattice(x=E + 0.5, y=N + 0.5))], crs="EPSG:25832")
    assert (ground.origin, ground.x, ground.y) == (ORIGIN, 0.5, 0.5)


def test_another_crs_is_brought_into_the_projects(tmp_path: Path) -> None:
    import pyproj

    points = lattice(60, 60, 5.0)
    to_gk = pyproj.Transformer.from_crs("EPSG:25832", "EPSG:25833", always_xy=True)
    heights = np.full((70, 70), 0.0, np.float32)
    west, north = to_gk.transform(E, N + 300)
    gx, gy = np.meshgrid(west + 5.0 * (np.arange(70) + 0.5), north - 5.0 * (np.arange(70) + 0.5))
    back = pyproj.Transformer.from_crs("EPSG:25833", "EPSG:25832", always_xy=True).transform(gx, gy)
    heights[:] = slope(np.asarray(back[0]), np.asarray(back[1]))
    ground = terrain.read([geotiff(tmp_path / "a.tif", heights, west, north, 5.0, crs="EPSG:25833")], origin=ORIGIN)
    assert ground.origin == ORIGIN
    assert codes(ground)[-1] == "terrain-reprojected"
    inner = points[(abs(points[:, 0] - E - 150) < 80) & (abs(points[:, 1] - N - 150) < 80)]
    found = ground.height_at(ORIGIN.to_local(inner[:, :2]))
    assert np.abs(found - inner[:, 2]).max() < 0.01


@pytest.mark.parametrize("kind", ["Area", "Point"])
def test_geotiff_heights_belong_to_pixel_centres(tmp_path: Path, kind: str) -> None:
    """The same heights at the same places, written as pixel-is-area and as pixel-is-point (GDAL moves the corner for the latter)."""
    points = lattice(6, 5, 2.0).reshape(5, 6, 3)[::-1]
    path = geotiff(tmp_path / "a.tif", points[:, :, 2].astype(np.float32), E - 1, N + 9, 2.0, tags={"AREA_OR_POINT": kind})
    ground = terrain.read([path])
    assert is_the_slope(ground)
    assert (ground.origin, ground.x, ground.y, ground.step) == (ORIGIN, 0.0, 0.0, 2.0)


def test_nodata_absurd_heights_and_rows_from_the_south(tmp_path: Path) -> None:
    heights = np.full((4, 4), 150.0, np.float32)
    heights[0, 0], heights[1, 1], heights[2, 2] = -9999.0, -3.4e38, 1e5
    ground = terrain.read([geotiff(tmp_path / "a.tif", heights, E, N + 4, nodata=-9999.0)])
    assert int(np.isnan(ground.heights).sum()) == 3
    upward = lattice(4, 4).reshape(4, 4, 3)
    transform = rasterio.Affine(1.0, 0, E - 0.5, 0, 1.0, N - 0.5)  # row 0 in the south
    with rasterio.open(
        tmp_path / "b.tif", "w", driver="GTiff", width=4, height=4, count=1, dtype="float32", crs="EPSG:25832", transform=transform
    ) as file:
        file.write(upward[:, :, 2].astype(np.float32), 1)
    assert is_the_slope(terrain.read([tmp_path / "b.tif"]))


def test_an_esri_grid(tmp_path: Path) -> None:
    points = lattice(6, 5).reshape(5, 6, 3)[::-1]
    rows = "\n".join(" ".join(f"{value:.3f}" for value in row) for row in points[:, :, 2])
    (tmp_path / "a.asc").write_text(f"ncols 6\nnrows 5\nxllcorner {E - 0.5}\nyllcorner {N - 0.5}\ncellsize 1\nNODATA_value -9999\n{rows}\n")
    assert is_the_slope(terrain.read([tmp_path / "a.asc"], origin=ORIGIN))


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        ({"crs": None, "transform": rasterio.Affine.identity()}, "no georeference"),
        ({"transform": rasterio.Affine.translation(E, N) @ rasterio.Affine.rotation(20)}, "turned"),
        ({"count": 3, "dtype": "uint8"}, "colour picture"),
    ],
)
def test_rasters_of_no_use_are_refused(tmp_path: Path, profile: dict[str, object], words: str) -> None:
    shown = {
        "driver": "GTiff",
        "width": 4,
        "height": 4,
        "count": 1,
        "dtype": "float32",
        "crs": "EPSG:25832",
        "transform": from_origin(E, N, 1, 1),
        **profile,
    }
    with rasterio.open(tmp_path / "a.tif", "w", **shown) as file:
        file.write(np.ones((shown["count"], 4, 4), shown["dtype"]))  # type: ignore[arg-type, call-overload]
    with pytest.raises(InputProblem, match=words):
        terrain.read([tmp_path / "a.tif"])


def test_a_truncated_geotiff(tmp_path: Path) -> None:
    path = geotiff(tmp_path / "a.tif", np.random.default_rng(0).random((200, 200)).astype(np.float32), E, N)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(InputProblem, match="cannot be read as a raster"):
        terrain.read([path])


def test_tiles_are_merged_without_a_seam(tmp_path: Path) -> None:
    left, right = xyz(tmp_path / "l.xyz", lattice(5, 5)), xyz(tmp_path / "r.xyz", lattice(5, 5, x=E + 5))
    ground = terrain.read([left, right], origin=ORIGIN)
    assert ground.heights.shape == (5, 10)
    assert is_the_slope(ground)
    assert codes(ground) == []


def test_a_fine_and_a_coarse_tile_become_one_fine_grid(tmp_path: Path) -> None:
    fine, coarse = xyz(tmp_path / "f.xyz", lattice(9, 9, 1.0)), xyz(tmp_path / "c.xyz", lattice(5, 5, 4.0, x=E + 8))
    ground = terrain.read([fine, coarse], origin=ORIGIN)
    assert ground.step == 1.0
    assert is_the_slope(ground)
    assert float(ground.height_at(np.array([[17.5, 3.25]]))[0]) == pytest.approx(float(slope(np.array(E + 17.5), np.array(N + 3.25))))


def test_tiles_of_two_countries_are_not_merged(tmp_path: Path) -> None:
    here, far = xyz(tmp_path / "h.xyz", lattice()), xyz(tmp_path / "f.xyz", lattice() + [90_000, 90_000, 0])
    with pytest.raises(InputProblem, match="too far apart"):
        terrain.read([here, far], origin=ORIGIN)


def test_tiles_of_cell_centres_with_other_steps_leave_no_seam(tmp_path: Path) -> None:
    """1 m cells from E to E+10 beside 5 m cells from E+10 on: between the last and the first middle lie 3 m."""
    fine, coarse = (
        xyz(tmp_path / "f.xyz", lattice(10, 10, 1.0, E + 0.5, N + 0.5)),
        xyz(tmp_path / "c.xyz", lattice(4, 2, 5.0, E + 12.5, N + 2.5)),
    )
    ground = terrain.read([fine, coarse], origin=ORIGIN)
    inner = ground.heights[3:7]
    assert np.isfinite(inner).all()
    assert is_the_slope(ground)


def test_a_hole_inside_a_tile_is_no_seam(tmp_path: Path) -> None:
    points = np.delete(lattice(10, 10), [44, 45], axis=0)
    ground = terrain.read([xyz(tmp_path / "a.xyz", points), xyz(tmp_path / "b.xyz", lattice(5, 10, 1.0, E + 10))], origin=ORIGIN)
    assert int(np.isnan(ground.heights).sum()) == 2


def test_tiles_outside_the_box_are_left_out_and_named(tmp_path: Path) -> None:
    here, far = xyz(tmp_path / "h.xyz", lattice()), xyz(tmp_path / "f.xyz", lattice(x=E + 1000))
    ground = terrain.read([far, here], origin=ORIGIN, bbox=(E, N, E + 4, N + 4))
    assert is_the_slope(ground)
    assert [(problem.code, Path(problem.file).name) for problem in ground.report.problems] == [("outside-box", "f.xyz")]


def test_scale_and_offset_of_a_raster_are_applied(tmp_path: Path) -> None:
    path = geotiff(tmp_path / "a.tif", np.full((4, 4), 1500, np.int16), E, N + 4)
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = (0.1,), (2.0,)
    assert np.allclose(terrain.read([path]).heights, 152.0)


def test_a_crs_given_does_not_overrule_what_a_raster_states(tmp_path: Path) -> None:
    """--crs is for files that name none: XYZ beside a GeoTIFF in another system must both find their place."""
    path = geotiff(tmp_path / "a.tif", np.full((4, 4), 150, np.float32), E, N + 4)
    assert terrain.read([path], crs="EPSG:31468").origin.crs == "EPSG:25832"


def test_one_broken_line_in_a_large_file_costs_one_line(tmp_path: Path) -> None:
    path = xyz(tmp_path / "a.xyz", lattice(300, 300))
    lines = path.read_text().splitlines()
    lines[40_000] = "681735.00 broken 150.00"
    path.write_text("\n".join(lines))
    ground = terrain.read([path], origin=ORIGIN)
    assert ground.report.terrain_points == 300 * 300 - 1
    assert "1 lines" in next(problem.message for problem in ground.report.problems if problem.code == "bad-lines")


@pytest.mark.parametrize("step", [0.5, 2.0, 3.0])
def test_resampling_keeps_a_plane(tmp_path: Path, step: float) -> None:
    ground = terrain.read([xyz(tmp_path / "a.xyz", lattice(31, 31))], origin=ORIGIN, step=step)
    assert ground.step == step
    assert is_the_slope(ground)


def test_a_box_reads_only_what_lies_in_it(tmp_path: Path) -> None:
    box = (E + 2, N + 1, E + 4, N + 3)
    heights = lattice(6, 5).reshape(5, 6, 3)[::-1, :, 2].astype(np.float32)
    for path in (xyz(tmp_path / "a.xyz", lattice()), geotiff(tmp_path / "a.tif", heights, E - 0.5, N + 4.5)):
        ground = terrain.read([path], origin=ORIGIN, bbox=box)
        assert ground.bounds == (2.0, 1.0, 4.0, 3.0)
        assert is_the_slope(ground)
        with pytest.raises(InputProblem, match="area asked for"):
            terrain.read([path], origin=ORIGIN, bbox=(E + 1e5, N, E + 1e5 + 9, N + 9))


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0, 4)), min_size=1, max_size=20))
def test_height_at_lies_on_the_triangles_of_the_mesh(places: list[tuple[float, float]]) -> None:
    """Held against a brute search through the mesh's triangles."""
    heights = np.random.default_rng(7).uniform(100, 110, (5, 6)).astype(np.float32)
    ground = Terrain(ORIGIN, 0.0, 0.0, 1.0, heights)
    vertices, triangles = ground.mesh()
    for (x, y), found in zip(places, ground.height_at(np.array(places)), strict=True):
        expected = None
        for a, b, c in vertices[triangles]:
            matrix = np.array([[a[0], b[0], c[0]], [a[1], b[1], c[1]], [1, 1, 1]])
            weights = np.linalg.solve(matrix, [x, y, 1.0])
            if (weights > -1e-9).all():
                expected = float(weights @ [a[2], b[2], c[2]])
                break
        assert expected is not None
        assert found == pytest.approx(expected, abs=1e-6)


def test_outside_there_is_no_height() -> None:
    ground = Terrain(ORIGIN, 0.0, 0.0, 1.0, np.zeros((3, 3), np.float32))
    assert np.isnan(ground.height_at(np.array([[-0.1, 1], [2.1, 1], [1, -0.1], [1, 2.1]]))).all()
    assert np.isfinite(ground.height_at(np.array([[0, 0], [2, 2], [0, 2], [2, 0]]))).all()


def test_the_mesh_faces_up_and_leaves_gaps_out() -> None:
    heights = np.zeros((4, 4), np.float32)
    heights[1, 1] = np.nan
    vertices, triangles = Terrain(ORIGIN, 0.0, 0.0, 1.0, heights).mesh()
    assert len(triangles) == 2 * (9 - 4)
    assert np.isfinite(vertices).all()
    a, b, c = (vertices[triangles[:, k]] for k in range(3))
    assert (np.cross(b - a, c - a)[:, 2] > 0).all()


def test_ground_is_estimated_from_feet_and_says_so() -> None:
    feet = np.array([[x, y, 100 + 0.01 * x] for x in range(0, 201, 20) for y in range(0, 201, 20)], float)
    ground = terrain.from_ground(feet, ORIGIN, 5.0)
    assert ground.estimated
    assert codes(ground) == ["terrain-estimated"]
    assert ground.height_at(np.array([[100.0, 100.0]]))[0] == pytest.approx(101.0, abs=0.05)
    with pytest.raises(InputProblem, match="too far to guess"):
        terrain.from_ground(np.array([[0.0, 0.0, 100.0], [90_000.0, 90_000.0, 100.0]]), ORIGIN, 5.0)
    lone = terrain.from_ground(np.array([[0.0, 0.0, 100.0]]), ORIGIN, 5.0)
    assert np.allclose(lone.heights, 100.0)


@pytest.mark.parametrize("corner", ["1e300", "-" + "9" * 40, "inf"])
def test_a_corner_that_is_nowhere_on_earth_is_refused(tmp_path: Path, corner: str) -> None:
    path = tmp_path / "dgm.asc"
    path.write_text(f"ncols 3\nnrows 3\nxllcorner {corner}\nyllcorner 0\ncellsize 1\nNODATA_value -9999\n1 2 3\n4 5 6\n7 8 9\n")
    with pytest.raises(InputProblem):
        terrain.read([path])
