"""A map service on this machine: WMS 1.1.1 and 1.3.0, WMTS by template and by key and value, and the faults that such services have."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
from PIL import Image

NORTH_FIRST = ("EPSG:31468",)  # by EPSG's own table
STEP, WEST, NORTH, TILE = 2.0, 600_000.0, 5_700_000.0, 64  # of the finer level of tiles


def colours(x: Any, y: Any) -> Any:
    """The colour of each place, so that a picture tells where it is from: (…, 3) of metres."""
    return np.stack([np.floor(x / 4) % 256, np.floor(y / 4) % 256, (np.floor(x / 1024) + np.floor(y / 1024)) % 256], axis=-1).astype(
        np.uint8
    )


def drawn(west: float, south: float, east: float, north: float, columns: int, rows: int, kind: str = "PNG") -> bytes:
    x = west + (np.arange(columns) + 0.5) * (east - west) / columns
    y = north - (np.arange(rows) + 0.5) * (north - south) / rows
    file = io.BytesIO()
    Image.fromarray(colours(*np.meshgrid(x, y))).save(file, kind)
    return file.getvalue()


@dataclass
class Server:
    """address : of the service. asked : the requests so far, words in capitals. fault : what goes wrong with pictures."""

    address: str = ""
    version: str = "1.3.0"
    systems: tuple[str, ...] = ("EPSG:25832", "EPSG:4326")
    widest: int = 0
    fault: str = ""
    template: bool = True
    asked: list[dict[str, str]] = field(default_factory=list)

    def wms(self) -> str:
        tag = "CRS" if self.version == "1.3.0" else "SRS"
        root = "WMS_Capabilities" if self.version == "1.3.0" else "WMT_MS_Capabilities"
        space = 'xmlns="http://www.opengis.net/wms" ' if self.version == "1.3.0" else ""
        names = "".join(f"<{tag}>{name}</{tag}>" for name in self.systems)
        limit = f"<MaxWidth>{self.widest}</MaxWidth><MaxHeight>{self.widest}</MaxHeight>" if self.widest else ""
        where = f'<OnlineResource xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="{self.address}wms?map=a"/>'
        return (
            f'<?xml version="1.0"?><{root} {space}version="{self.version}"><Service><Name>WMS</Name><Title>Luftbilder</Title>'
            "<ContactInformation><ContactPersonPrimary><ContactOrganization>GDI-Muster</ContactOrganization></ContactPersonPrimary>"
            f"</ContactInformation><Fees>none</Fees><AccessConstraints>dl-de/by-2-0, &lt;b&gt;www.govdata.de&lt;/b&gt;</AccessConstraints>{limit}"
            "</Service><Capability><Request><GetMap><Format>image/png</Format><Format>image/jpeg</Format>"
            f"<DCPType><HTTP><Get>{where}</Get></HTTP></DCPType></GetMap></Request><Layer><Title>Alle</Title>{names}"
            "<Layer><Name>dop</Name><Title>Digitale Orthophotos</Title></Layer><Layer><Name>karte</Name><Title>Karte</Title></Layer>"
            f"</Layer></Capability></{root}>"
        )

    def wmts(self) -> str:
        levels = "".join(
            f"<TileMatrix><ows:Identifier>{name}</ows:Identifier><ScaleDenominator>{step / 0.00028}</ScaleDenominator>"
            f"<TopLeftCorner>{WEST} {NORTH}</TopLeftCorner><TileWidth>{TILE}</TileWidth><TileHeight>{TILE}</TileHeight>"
            "<MatrixWidth>4000</MatrixWidth><MatrixHeight>4000</MatrixHeight></TileMatrix>"
            for name, step in (("01", 2 * STEP), ("02", STEP))
        )
        way = f'template="{self.address}tiles/{{Style}}/{{TileMatrixSet}}/{{TileMatrix}}/{{TileRow}}/{{TileCol}}.png"'
        template = f'<ResourceURL format="image/png" resourceType="tile" {way}/>' if self.template else ""
        return (
            '<?xml version="1.0"?><Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1" '
            'xmlns:xlink="http://www.w3.org/1999/xlink" version="1.0.0"><ows:ServiceIdentification><ows:Title>Kacheln</ows:Title>'
            "<ows:Fees>keine</ows:Fees><ows:AccessConstraints>CC BY 4.0</ows:AccessConstraints></ows:ServiceIdentification>"
            "<ows:ServiceProvider><ows:ProviderName>Musterstadt</ows:ProviderName></ows:ServiceProvider><ows:OperationsMetadata>"
            f'<ows:Operation name="GetTile"><ows:DCP><ows:HTTP><ows:Get xlink:href="{self.address}wmts?"><ows:Constraint name="GetEncoding">'
            "<ows:AllowedValues><ows:Value>KVP</ows:Value></ows:AllowedValues></ows:Constraint></ows:Get></ows:HTTP></ows:DCP></ows:Operation>"
            "</ows:OperationsMetadata><Contents><Layer><ows:Title>Grundkarte</ows:Title><ows:Identifier>grund</ows:Identifier>"
            '<Style isDefault="true"><ows:Identifier>normal</ows:Identifier></Style><Format>image/png</Format>'
            f"<TileMatrixSetLink><TileMatrixSet>utm</TileMatrixSet></TileMatrixSetLink>{template}</Layer>"
            "<TileMatrixSet><ows:Identifier>utm</ows:Identifier><ows:SupportedCRS>urn:ogc:def:crs:EPSG::25832</ows:SupportedCRS>"
            f"{levels}</TileMatrixSet></Contents></Capabilities>"
        )

    def answer(self, path: str, words: dict[str, str]) -> tuple[int, str, bytes]:
        """Status, kind and content of an answer."""
        self.asked.append(words)
        request = words.get("REQUEST", "")
        if request == "GetCapabilities" and words.get("SERVICE") == ("WMTS" if path == "/wmts" else "WMS"):
            return 200, "text/xml", (self.wmts() if path == "/wmts" else self.wms()).encode()
        if request == "GetCapabilities":
            return 400, "text/html", b"<html>no</html>"
        if self.fault == "exception":
            text = '<ServiceExceptionReport><ServiceException code="LayerNotDefined">Layer unbekannt</ServiceException></ServiceExceptionReport>'
            return 200, "application/vnd.ogc.se_xml", text.encode()
        if self.fault in ("403", "404", "503"):
            return int(self.fault), "text/html", b"<html>no</html>"
        if self.fault == "html":
            return 200, "text/html", b"<html><body>Wartung bis Montag</body></html>"
        if path.startswith("/tiles") or request == "GetTile":
            parts = path.removesuffix(".png").split("/")
            level, row, column = parts[-3:] if path.startswith("/tiles") else (words["TILEMATRIX"], words["TILEROW"], words["TILECOL"])
            return 200, "image/png", self._tile(level, int(row), int(column))
        return 200, words["FORMAT"], self._map(words)

    def _tile(self, level: str, row: int, column: int) -> bytes:
        side = TILE * {"01": 2 * STEP, "02": STEP}[level]
        west, north = WEST + column * side, NORTH - row * side
        return drawn(west, north - side, west + side, north, TILE, TILE)

    def _map(self, words: dict[str, str]) -> bytes:
        a, b, c, d = map(float, words["BBOX"].split(","))
        system = words["CRS" if self.version == "1.3.0" else "SRS"]
        box = (b, a, d, c) if self.version == "1.3.0" and system in NORTH_FIRST else (a, b, c, d)
        size = int(words["WIDTH"]), int(words["HEIGHT"])
        if self.fault == "small":
            size = 10, 10
        return drawn(*box, *size, kind=words["FORMAT"].removeprefix("image/").upper())


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """The service, at 127.0.0.1, while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            status, kind, content = server.answer(parts.path, {key.upper(): value for key, value in parse_qsl(parts.query)})
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_words: Any) -> None:
            """Nothing."""

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.address = f"http://127.0.0.1:{made.server_port}/"
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        made.shutdown()
        made.server_close()
        thread.join()
