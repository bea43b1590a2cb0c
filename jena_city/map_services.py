"""Map services (WMS 1.1.1 and 1.3.0, WMTS 1.0.0): what one offers, and the requests for pieces of a picture.

Here nothing is joined or written, see `background`. Every fault of a service is an InputProblem with its address.
"""

from __future__ import annotations

import io
import math
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import requests
from lxml import etree
from PIL import Image

from . import crs as crs_names
from .about import version
from .problems import InputProblem, one_line
from .terrain import Box

PATIENCE = (10.0, 60.0)  # seconds for a connection, and between two pieces of an answer
TRIES, PAUSE = 3, 1.0  # of a request that found nobody or a fault of the server's; seconds between them, growing
MOST_BYTES = 128 * 1024**2  # of one answer
PIECE = 2048  # pixels along the sides of a piece of WMS, where the service takes as many
PIXEL = 0.00028  # metres a pixel has by definition of WMS and WMTS
_OURS = ("service", "request", "version")
_LISTED = 20  # layers named where the one asked for is not there
_NOTHING = ("", "none", "keine", "no conditions apply", "unknown")  # what stands where nothing is said
_FORMATS = ("image/png", "image/png; mode=8bit", "image/jpeg", "image/png8", "image/gif", "image/jpgpng")


@dataclass(frozen=True)
class Piece:
    """A picture to ask for: its address, the column and row of its north-west corner in the whole, its size in pixels."""

    url: str
    column: int
    row: int
    columns: int
    rows: int


@dataclass(frozen=True)
class Plan:
    """What to ask for. west, north : outer corner of the whole in the CRS asked for. step : metres per pixel. columns, rows : its size."""

    west: float
    north: float
    step: float
    columns: int
    rows: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Layer:
    """name, title : of the layer. systems : the service's name for a CRS by ours. element : of the capabilities."""

    name: str
    title: str
    systems: dict[str, str]
    opaque: bool
    attribution: str
    element: Any


@dataclass(frozen=True)
class Service:
    """kind : WMS or WMTS. provider, licence : as it says, "" where it does not. address : where pictures are asked for."""

    kind: str
    version: str
    url: str
    title: str
    provider: str
    licence: str
    address: str
    formats: tuple[str, ...]
    widest: int
    highest: int
    layers: tuple[Layer, ...]
    root: Any

    def layer(self, name: str) -> Layer:
        """The layer of a name or title; the only one where no name is given. Raises InputProblem."""
        for one in self.layers:
            if name in (one.name, one.title):
                return one
        if not name and len(self.layers) == 1:
            return self.layers[0]
        names = ", ".join(one.name for one in self.layers[:_LISTED]) + (", …" if len(self.layers) > _LISTED else "")
        what = f"the service has no layer {name}" if name else f"the service has {len(self.layers)} layers"
        raise InputProblem(self.url, what, f"Name one of these: {names}" if names else "Choose another service")

    def system(self, layer: Layer, crs: str) -> str:
        """The service's name for a CRS. Raises InputProblem where the layer is not offered in it."""
        if crs in layer.systems:
            return layer.systems[crs]
        offered = ", ".join(list(layer.systems)[:8]) or "none that is known"
        raise InputProblem(self.url, f"the layer {layer.name} is not offered in {crs}, but in {offered}", "Choose another layer or service")

    def plan(self, layer: Layer, crs: str, box: Box, step: float) -> Plan:
        """What to ask for so that a box (west, south, east, north in the CRS) is covered at `step` metres a pixel or, of WMTS, the next
        finer that there is. Raises InputProblem."""
        system = self.system(layer, crs)
        return _plan_wms(self, layer, system, box, step) if self.kind == "WMS" else _plan_wmts(self, layer, system, box, step)


def get(net: requests.Session, url: str) -> bytes:
    """An answer, whole; nothing where the service says that it has nothing there (404, 204). Raises InputProblem for anything else."""
    for attempt in range(1, TRIES + 1):
        try:
            return _once(net, url)
        except (requests.Timeout, requests.ConnectionError, _Busy) as error:
            if attempt == TRIES or isinstance(error, requests.exceptions.SSLError):
                raise _unreached(url, error) from error
            time.sleep(PAUSE * attempt)
        except requests.RequestException as error:
            raise _unreached(url, error) from error
    raise AssertionError


class _Busy(Exception):
    """The server has a fault of its own, which may pass."""


def _once(net: requests.Session, url: str) -> bytes:
    with net.get(url, timeout=PATIENCE, stream=True) as answer:
        if answer.status_code in (204, 404):
            return b""
        if answer.status_code >= 500:
            raise _Busy(f"{answer.status_code} {answer.reason}")
        if answer.status_code >= 400:
            raise InputProblem(plain(url), f"the service refuses ({answer.status_code} {answer.reason})", "Check the address and the layer")
        pieces, size = [], 0
        for piece in answer.iter_content(1 << 16):
            size += len(piece)
            if size > MOST_BYTES:
                raise InputProblem(plain(url), "the answer is far larger than a picture", "Choose another service")
            pieces.append(piece)
        return b"".join(pieces)


def _unreached(url: str, error: Exception) -> InputProblem:
    if isinstance(error, requests.exceptions.SSLError):
        return InputProblem(plain(url), "the service's certificate cannot be trusted", "Ask its publisher; it is not read without one")
    if isinstance(error, requests.Timeout):
        return InputProblem(plain(url), "the service does not answer in time", "Try again later, or at a coarser resolution")
    if isinstance(error, _Busy):
        return InputProblem(plain(url), f"the service has a fault ({error})", "Try again later, or at a coarser resolution")
    if isinstance(error, requests.ConnectionError):
        return InputProblem(plain(url), "the service cannot be reached", "Check the address and the network")
    return InputProblem(plain(url), f"this address cannot be asked ({one_line(str(error), 100)})", "Write it as https://…")


def plain(url: str) -> str:
    """An address without what follows its path, which may hold somebody's key."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def session() -> requests.Session:
    """A session that says who asks."""
    made = requests.Session()
    made.headers["User-Agent"] = f"JenaPlanner/{version()}"
    return made


def service(net: requests.Session, url: str) -> Service:
    """What the service at an address offers; WMS is tried before WMTS unless the address speaks of WMTS. Raises InputProblem."""
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        raise InputProblem(url, "this is no address of a map service", "Write it as https://…")
    if urlsplit(url).path.lower().endswith(".xml"):
        return _read(url, get(net, url))
    kinds = ("WMTS", "WMS") if "wmts" in url.lower() else ("WMS", "WMTS")
    try:
        return _read(url, get(net, _asked(url, SERVICE=kinds[0], REQUEST="GetCapabilities")))
    except InputProblem as first:
        try:
            return _read(url, get(net, _asked(url, SERVICE=kinds[1], REQUEST="GetCapabilities")))
        except InputProblem:
            raise first from None


def _asked(url: str, **words: str) -> str:
    """An address with these words of a request in place of those of its kind that it has."""
    parts = urlsplit(url)
    given = {word.lower() for word in words} | set(_OURS)
    kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key.lower() not in given]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode([*kept, *words.items()]), ""))


def _read(url: str, content: bytes) -> Service:
    if not content:
        raise InputProblem(plain(url), "there is nothing at this address (404)", "Check the address")
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        raise InputProblem(plain(url), "the answer is no description of a map service", "Check the address") from error
    if said := _exception(root):
        raise InputProblem(plain(url), f"the service says: {said}", "Check the address")
    name = _local(root)
    if name in ("WMS_Capabilities", "WMT_MS_Capabilities"):
        return _read_wms(url, root)
    if name == "Capabilities" and "wmts" in (root.tag or ""):
        return _read_wmts(url, root)
    raise InputProblem(plain(url), "the answer is no description of a map service", "Check the address")


def _local(element: Any) -> str:
    return str(etree.QName(element).localname) if isinstance(element.tag, str) else ""


def _all(element: Any, *names: str) -> Iterator[Any]:
    """The children by these names, whatever their namespaces; of several names step by step."""
    for child in element:
        if _local(child) == names[0]:
            yield from _all(child, *names[1:]) if len(names) > 1 else (child,)


def _text(element: Any, *names: str) -> str:
    """The words of the first such child, "" without one; markup in them taken away."""
    found = next(_all(element, *names), None)
    words = "" if found is None or found.text is None else one_line(re.sub(r"<[^>]*>", "", found.text), 300)
    return "" if words.lower() in _NOTHING else words


def _href(element: Any) -> str:
    return str(element.get("{http://www.w3.org/1999/xlink}href") or "")


def _exception(root: Any) -> str:
    """What a service says is wrong, "" where this is no such report."""
    if _local(root) not in ("ServiceExceptionReport", "ExceptionReport"):
        return ""
    words = " ".join(map(str, root.itertext())).strip()
    codes = [code for one in root.iter(etree.Element) for code in (one.get("code"), one.get("exceptionCode")) if code]
    return one_line(words or " ".join(codes) or "an exception without words", 200)


def _secure(address: str, url: str) -> str:
    """The address that a service gives for pictures; in https where it was asked there and names itself in http, from behind a proxy."""
    if not address:
        return url
    if urlsplit(url).scheme == "https" and urlsplit(address).scheme == "http" and urlsplit(url).hostname == urlsplit(address).hostname:
        parts = urlsplit(url)
        return urlunsplit(("https", parts.netloc, *urlsplit(address)[2:]))
    return address


def _read_wms(url: str, root: Any) -> Service:
    head = next(_all(root, "Service"), root)
    capability = next(_all(root, "Capability"), root)
    get_map = next(_all(capability, "Request", "GetMap"), None)
    address = next((_href(one) for one in _all(get_map, "DCPType", "HTTP", "Get", "OnlineResource")), "") if get_map is not None else ""
    formats = tuple((one.text or "").strip().lower() for one in _all(get_map, "Format")) if get_map is not None else ()
    licence = ", ".join(dict.fromkeys(words for name in ("AccessConstraints", "Fees") if (words := _text(head, name))))
    layers: list[Layer] = []
    for one in _all(capability, "Layer"):
        _wms_layers(one, {}, "", layers)
    return Service(
        "WMS", root.get("version") or "1.1.1", plain(url), _text(head, "Title"),
        _text(head, "ContactInformation", "ContactPersonPrimary", "ContactOrganization"), licence, _secure(address, url), formats,
        _number(_text(head, "MaxWidth")), _number(_text(head, "MaxHeight")), tuple(layers), root,
    )  # fmt: skip


def _number(text: str) -> int:
    """A whole number, 0 where there is none."""
    return int(text) if text.isdigit() else 0


def _wms_layers(element: Any, systems: dict[str, str], attribution: str, into: list[Layer]) -> None:
    """The layers with a name in one and below it: each has the systems and the attribution of what it stands in."""
    names = [word for tag in ("CRS", "SRS") for one in _all(element, tag) for word in (one.text or "").split()]
    systems = systems | {found: name for name in names if (found := crs_names.parse(name).horizontal)}
    attribution = _text(element, "Attribution", "Title") or attribution
    if name := _text(element, "Name"):
        into.append(Layer(name, _text(element, "Title") or name, systems, element.get("opaque") == "1", attribution, element))
    for one in _all(element, "Layer"):
        _wms_layers(one, systems, attribution, into)


def _plan_wms(offered: Service, layer: Layer, system: str, box: Box, step: float) -> Plan:
    west, south, east, north = box
    columns, rows = math.ceil((east - west) / step - 1e-6), math.ceil((north - south) / step - 1e-6)
    wide, high = min(offered.widest or PIECE, PIECE), min(offered.highest or PIECE, PIECE)
    order = [one for one in _FORMATS if one in offered.formats]
    if layer.opaque and "image/jpeg" in order:  # photographs
        order = ["image/jpeg"]
    if not order:
        raise InputProblem(
            offered.url, f"the service has no pictures in PNG or JPEG, but {', '.join(offered.formats)}", "Choose another service"
        )
    new = offered.version >= "1.3"
    words = {
        "SERVICE": "WMS", "VERSION": offered.version, "REQUEST": "GetMap", "LAYERS": layer.name, "STYLES": "", "FORMAT": order[0],
        "TRANSPARENT": "FALSE", "CRS" if new else "SRS": system,
    }  # fmt: skip
    north_first = new and crs_names.proj(crs_names.parse(system).horizontal).axis_info[0].direction == "north"
    pieces = []
    for row in range(0, rows, high):
        for column in range(0, columns, wide):
            w, h = min(wide, columns - column), min(high, rows - row)
            left, top = west + column * step, south + rows * step - row * step
            edges = (left, top - h * step, left + w * step, top)
            if north_first:
                edges = (edges[1], edges[0], edges[3], edges[2])
            place = {"WIDTH": str(w), "HEIGHT": str(h), "BBOX": ",".join(f"{edge:.6f}" for edge in edges)}
            pieces.append(Piece(_asked(offered.address, **words, **place), column, row, w, h))
    return Plan(west, south + rows * step, step, columns, rows, tuple(pieces))


def _read_wmts(url: str, root: Any) -> Service:
    head = next(_all(root, "ServiceIdentification"), root)
    address = ""
    for operation in _all(root, "OperationsMetadata", "Operation"):
        if operation.get("name") == "GetTile":
            for one in _all(operation, "DCP", "HTTP", "Get"):
                encodings = [(value.text or "").upper() for value in _all(one, "Constraint", "AllowedValues", "Value")]
                if not encodings or "KVP" in encodings:
                    address = address or _href(one)
    sets = {_text(one, "Identifier"): _text(one, "SupportedCRS") for one in _all(root, "Contents", "TileMatrixSet")}
    layers = []
    for one in _all(root, "Contents", "Layer"):
        linked = [_text(link, "TileMatrixSet") for link in _all(one, "TileMatrixSetLink")]
        systems = {found: name for name in linked if (found := crs_names.parse(sets.get(name, "")).horizontal)}
        name = _text(one, "Identifier")
        layers.append(Layer(name, _text(one, "Title") or name, systems, False, "", one))
    licence = ", ".join(dict.fromkeys(words for name in ("AccessConstraints", "Fees") if (words := _text(head, name))))
    return Service(
        "WMTS", "1.0.0", plain(url), _text(head, "Title"), _text(root, "ServiceProvider", "ProviderName"), licence, _secure(address, url),
        (), 0, 0, tuple(layers), root,
    )  # fmt: skip


@dataclass(frozen=True)
class _Matrix:
    name: str
    step: float
    west: float
    north: float
    tile: tuple[int, int]
    size: tuple[int, int]


def _matrices(offered: Service, matrix_set: str) -> list[_Matrix]:
    """The levels of a tile matrix set from fine to coarse."""
    made = []
    for one in _all(offered.root, "Contents", "TileMatrixSet"):
        if _text(one, "Identifier") != matrix_set:
            continue
        crs = crs_names.proj(crs_names.parse(_text(one, "SupportedCRS")).horizontal)
        for level in _all(one, "TileMatrix"):
            x, y = map(float, _text(level, "TopLeftCorner").split())
            if crs.axis_info[0].direction == "north":
                x, y = y, x
            tile = int(_text(level, "TileWidth")), int(_text(level, "TileHeight"))
            size = int(_text(level, "MatrixWidth")), int(_text(level, "MatrixHeight"))
            made.append(_Matrix(_text(level, "Identifier"), float(_text(level, "ScaleDenominator")) * PIXEL, x, y, tile, size))
    return sorted(made, key=lambda one: one.step)


def _plan_wmts(offered: Service, layer: Layer, matrix_set: str, box: Box, step: float) -> Plan:
    try:
        levels = _matrices(offered, matrix_set)
        level = next((one for one in reversed(levels) if one.step <= step * 1.001), levels[0])
    except (ValueError, IndexError) as error:
        raise InputProblem(
            offered.url, f"the tiles of {matrix_set} are not described as they should be", "Choose another service"
        ) from error
    west, south, east, north = box
    # Whole pixels of the tiles: the box, widened to their edges.
    left, right = math.floor((west - level.west) / level.step + 1e-6), math.ceil((east - level.west) / level.step - 1e-6)
    top, bottom = math.floor((level.north - north) / level.step + 1e-6), math.ceil((level.north - south) / level.step - 1e-6)
    wide, high = level.tile
    columns = range(max(left // wide, 0), min(-(-right // wide), level.size[0]))
    rows = range(max(top // high, 0), min(-(-bottom // high), level.size[1]))
    pieces = [
        Piece(_tile(offered, layer, matrix_set, level.name, row, column), column * wide - left, row * high - top, wide, high)
        for row in rows
        for column in columns
    ]
    if not pieces:
        raise InputProblem(offered.url, f"the layer {layer.name} has no tiles here", "Choose another layer or service")
    corner = level.west + left * level.step, level.north - top * level.step
    return Plan(*corner, level.step, right - left, bottom - top, tuple(pieces))


def _tile(offered: Service, layer: Layer, matrix_set: str, matrix: str, row: int, column: int) -> str:
    """The address of a tile: by the layer's template, else by key and value."""
    styles = list(_all(layer.element, "Style"))
    default = next((one for one in styles if one.get("isDefault") == "true"), styles[0] if styles else None)
    words = {
        "layer": layer.name, "style": "" if default is None else _text(default, "Identifier"), "tilematrixset": matrix_set,
        "tilematrix": matrix, "tilerow": str(row), "tilecol": str(column),
    }  # fmt: skip
    for one in _all(layer.element, "Dimension"):
        words[_text(one, "Identifier").lower()] = _text(one, "Default")
    formats = [(one.text or "").strip().lower() for one in _all(layer.element, "Format")]
    wanted = next((one for one in _FORMATS if one in formats), formats[0] if formats else "image/png")
    templates = [one for one in _all(layer.element, "ResourceURL") if one.get("resourceType") == "tile"]
    template = next((one for one in templates if (one.get("format") or "").lower() == wanted), templates[0] if templates else None)
    if template is not None:
        address = re.sub(r"\{(\w+)\}", lambda found: words.get(found[1].lower(), found[0]), template.get("template") or "")
        return _secure(address, offered.url)
    keys = {"SERVICE": "WMTS", "REQUEST": "GetTile", "VERSION": "1.0.0", "FORMAT": wanted}
    return _asked(offered.address, **keys, **{key.upper(): value for key, value in words.items()})


def picture(net: requests.Session, piece: Piece) -> Image.Image | None:
    """The picture of a piece in colours, None where the service has none there. Raises InputProblem with the words of the service where
    it sends something else."""
    content = get(net, piece.url)
    if not content:
        return None
    where = plain(piece.url)
    try:
        found = Image.open(io.BytesIO(content))
        if found.size != (piece.columns, piece.rows):
            what = f"a picture has {found.size[0]} × {found.size[1]} pixels instead of {piece.columns} × {piece.rows}"
            raise InputProblem(where, what, "Choose another service")
        clear = found.convert("RGBA")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise InputProblem(where, f"the service says: {_said(content)}", "Check the layer, or try again later") from error
    flat = Image.new("RGB", clear.size, "white")
    flat.paste(clear, mask=clear.getchannel("A"))
    return flat


def _said(content: bytes) -> str:
    """The words in an answer that is no picture."""
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError:
        text = content[:2000].decode("utf-8", "replace")
        return one_line(re.sub(r"<[^>]*>", " ", text), 200) if text.isprintable() or "<" in text else "no picture"
    return _exception(root) or one_line(" ".join(map(str, root.itertext())), 200)
