"""Drawings as PDF: true to scale, fonts embedded, tagged: a screen reader finds title, figures with their words, and texts in order."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Sequence
from os import PathLike
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import pydyf

from ..jena_city.about import version
from ..jena_city.files import written_beside
from . import pdf_pictures, typeface
from .drawing import Drawing, Group, Path, Picture, Style, Text

POINT = 72.0 / 25.4  # points in a millimetre
_TAGS = {"title": "H1", "text": "P", "figure": "Figure", "head": "TH", "cell": "TD"}


def write(pages: Sequence[Drawing], path: str | PathLike[str], *, made: dt.datetime | None = None) -> None:
    """Write drawings as the pages of a PDF (1.7, tagged), beside and renamed. made : when; None: now. Source: ISO 32000-1, ISO 14289-1
    (PDF/UA)."""
    document = pydyf.PDF()
    fonts = {
        bold: _font(document, set().union(*(page.letters(bold) for page in pages)), bold, pages[0].design.cut(bold))
        for bold in (False, True)
    }
    tree = pydyf.Dictionary({"Type": "/StructTreeRoot"})
    document.add_object(tree)
    root = pydyf.Dictionary({"Type": "/StructElem", "S": "/Document", "P": tree.reference, "K": pydyf.Array([])})
    document.add_object(root)
    shown: dict[tuple[str, float, float], Any] = {}
    parents = [_page(document, page, number, fonts, root, shown) for number, page in enumerate(pages)]
    tree["K"] = root.reference
    numbers = pydyf.Array([])
    for number, row in enumerate(parents):
        numbers.extend([number, pydyf.Array(row)])
    tree["ParentTree"] = pydyf.Dictionary({"Nums": numbers})
    tree["ParentTreeNextKey"] = len(parents)
    title, language = pages[0].title, pages[0].design.language
    document.catalog.update(
        {
            "StructTreeRoot": tree.reference,
            "MarkInfo": pydyf.Dictionary({"Marked": "true"}),
            "Lang": pydyf.String(language),
            "ViewerPreferences": pydyf.Dictionary({"DisplayDocTitle": "true"}),
            "Metadata": _metadata(document, title, language, made or dt.datetime.now(dt.UTC)),
        }
    )
    document.info.update({"Title": pydyf.String(title), "Producer": pydyf.String(f"Jena Planner {version()}")})
    with written_beside(path) as beside, beside.open("wb") as file:
        document.write(file, version=b"1.7", identifier=True, compress=False)


def _page(
    document: Any, page: Drawing, number: int, fonts: dict[bool, tuple[Any, typeface.Cut]], root: Any, shown: dict[Any, Any]
) -> list[Any]:
    """Add a page; returns what its pieces of content belong to, in order. shown : pictures of all pages."""
    stream = pydyf.Stream(compress=True)
    states: dict[float, Any] = {}
    body = pydyf.Dictionary({"Type": "/Page", "Parent": document.pages.reference, "StructParents": number, "Tabs": "/S"})
    document.add_page(body)
    stream.set_matrix(POINT, 0, 0, POINT, 0, 0)
    stream.set_line_join(1)
    owners: list[Any] = []
    pictures: dict[str, Any] = {}
    rows: dict[tuple[int, ...], Any] = {}
    for group in page.groups:
        if not group.items:
            continue
        if group.role == "decoration":
            stream.begin_marked_content("Artifact")
        else:
            tag = _TAGS[group.role]
            above = _row(document, root, group, rows) if group.role in ("head", "cell") else root
            element = pydyf.Dictionary(
                {"Type": "/StructElem", "S": f"/{tag}", "P": above.reference, "Pg": body.reference, "K": len(owners)}
            )
            if group.role == "head":
                scope = "/Column" if group.row[1] == 0 else "/Row"
                element["A"] = pydyf.Dictionary({"O": "/Table", "Scope": scope})
            if group.role == "figure":
                element["Alt"] = pydyf.String(group.words)
                x0, y0, x1, y1 = (value * POINT for value in group.clip or (0.0, 0.0, page.width, page.height))
                element["A"] = pydyf.Dictionary({"O": "/Layout", "BBox": pydyf.Array([x0, y0, x1, y1]), "Placement": "/Block"})
            document.add_object(element)
            above["K"].append(element.reference)
            stream.begin_marked_content(tag, pydyf.Dictionary({"MCID": len(owners)}))
            owners.append(element.reference)
        stream.push_state()
        if group.clip:
            x0, y0, x1, y1 = group.clip
            stream.rectangle(x0, y0, x1 - x0, y1 - y0)
            stream.clip()
            stream.end()
        for item in group.items:
            if isinstance(item, Text):
                _text(stream, item, fonts)
            elif isinstance(item, Picture):
                name = f"I{len(pictures)}"
                pictures[name] = pdf_pictures.add(document, item, shown)
                stream.push_state()
                stream.set_matrix(item.x1 - item.x0, 0, 0, item.y1 - item.y0, item.x0, item.y0)
                stream.draw_x_object(name)
                stream.pop_state()
            else:
                _path(stream, item, states)
        stream.pop_state()
        stream.end_marked_content()
    document.add_object(stream)
    body["MediaBox"] = pydyf.Array([0, 0, round(page.width * POINT, 4), round(page.height * POINT, 4)])
    body["Contents"] = stream.reference
    resources = {"Font": pydyf.Dictionary({f"F{int(bold)}": font.reference for bold, (font, _) in fonts.items()})}
    if states:
        resources["ExtGState"] = pydyf.Dictionary({name: state for _, (name, state) in states.items()})
    if pictures:
        resources["XObject"] = pydyf.Dictionary(pictures)
    body["Resources"] = pydyf.Dictionary(resources)
    return owners


def _row(document: Any, root: Any, group: Group, rows: dict[tuple[int, ...], Any]) -> Any:
    """The row of a table that a cell belongs to, and its table, made where there is none yet. rows : those of the page."""
    found = root
    for key, kind in ((group.row[:1], "Table"), (group.row, "TR")):
        if key not in rows:
            rows[key] = pydyf.Dictionary({"Type": "/StructElem", "S": f"/{kind}", "P": found.reference, "K": pydyf.Array([])})
            document.add_object(rows[key])
            found["K"].append(rows[key].reference)
        found = rows[key]
    return found


def _path(stream: Any, path: Path, states: dict[float, Any]) -> None:
    style = path.style
    _set(stream, style, states)
    for ring in path.rings:
        points = np.round(ring, 4).tolist()
        stream.move_to(*points[0])
        for x, y in points[1:]:
            stream.line_to(x, y)
        if path.closed:
            stream.close()
    if style.fill and style.line:
        stream.fill_and_stroke(even_odd=True)
    elif style.fill:
        stream.fill(even_odd=True)
    elif style.line:
        stream.stroke()
    else:
        stream.end()


def _set(stream: Any, style: Style, states: dict[float, Any]) -> None:
    if style.fill:
        stream.stream.append(b"%s rg" % _rgb(style.fill))
    if style.line:
        dash = " ".join(f"{one:g}" for one in style.dash).encode()
        stream.stream.append(b"%s RG %.3f w [%s] 0 d" % (_rgb(style.line), style.width, dash))
    name, _ = states.setdefault(style.opacity, (f"G{len(states)}", pydyf.Dictionary({"ca": round(style.opacity, 3)})))
    stream.set_state(name)


def _rgb(colour: str) -> bytes:
    return " ".join(f"{int(colour[k : k + 2], 16) / 255:.4g}" for k in (1, 3, 5)).encode()


def _text(stream: Any, text: Text, fonts: dict[bool, tuple[Any, typeface.Cut]]) -> None:
    shift = {"left": 0.0, "middle": -text.width / 2, "right": -text.width}[text.anchor]
    turn = np.radians(text.angle)
    cos, sin = float(np.cos(turn)), float(np.sin(turn))
    stream.stream.append(b"%s rg" % _rgb(text.colour))
    stream.begin_text()
    stream.set_font_size(f"F{int(text.bold)}", round(text.size, 4))
    numbers = (round(value, 5) for value in (cos, sin, -sin, cos, text.x + shift * cos, text.y + shift * sin))
    stream.set_text_matrix(*numbers)
    glyphs = fonts[text.bold][1].glyph
    stream.stream.append(b"<%s> Tj" % "".join(f"{glyphs.get(letter, 0):04x}" for letter in text.text).encode())
    stream.end_text()


def _font(document: Any, letters: set[str], bold: bool, face: str) -> tuple[Any, typeface.Cut]:
    cut = typeface.cut(letters, bold, face)
    tag = "".join(chr(65 + (zlib.crc32(cut.file) >> shift) % 26) for shift in range(0, 24, 4))
    name = f"/{tag}+{cut.name}"
    kind = {"Subtype": "/OpenType"} if cut.is_postscript else {"Length1": len(cut.file)}
    file = pydyf.Stream([cut.file], extra=kind, compress=True)
    document.add_object(file)
    descriptor = pydyf.Dictionary(
        {
            "Type": "/FontDescriptor",
            "FontName": name,
            "Flags": 4,
            "FontBBox": pydyf.Array([round(value) for value in cut.box]),
            "ItalicAngle": 0,
            "Ascent": round(cut.ascent),
            "Descent": round(cut.descent),
            "CapHeight": round(cut.cap_height),
            "StemV": 120 if bold else 80,
            "FontFile3" if cut.is_postscript else "FontFile2": file.reference,
        }
    )
    document.add_object(descriptor)
    descendant = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/CIDFontType0" if cut.is_postscript else "/CIDFontType2",
            "BaseFont": name,
            "CIDSystemInfo": pydyf.Dictionary({"Registry": pydyf.String("Adobe"), "Ordering": pydyf.String("Identity"), "Supplement": 0}),
            "FontDescriptor": descriptor.reference,
            **({} if cut.is_postscript else {"CIDToGIDMap": "/Identity"}),
            "W": pydyf.Array([0, pydyf.Array([round(value, 2) for value in cut.advance])]),
        }
    )
    document.add_object(descendant)
    rows = [
        f"<{number:04x}> <{letter.encode('utf-16-be').hex()}>" for letter, number in sorted(cut.glyph.items(), key=lambda pair: pair[1])
    ]
    blocks = [rows[k : k + 100] for k in range(0, len(rows), 100)]
    words = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    unicode = pydyf.Stream(
        [
            b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            b"/CMapName /Adobe-Identity-UCS def /CMapType 2 def 1 begincodespacerange <0000> <ffff> endcodespacerange",
            words.encode(),
            b"endcmap CMapName currentdict /CMap defineresource pop end end",
        ],
        compress=True,
    )
    document.add_object(unicode)
    font = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/Type0",
            "BaseFont": name,
            "Encoding": "/Identity-H",
            "DescendantFonts": pydyf.Array([descendant.reference]),
            "ToUnicode": unicode.reference,
        }
    )
    document.add_object(font)
    return font, cut


def _metadata(document: Any, title: str, language: str, made: dt.datetime) -> Any:
    now = made.strftime("%Y-%m-%dT%H:%M:%SZ")
    words = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{escape(language)}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{now}</xmp:CreateDate><pdfuaid:part>1</pdfuaid:part>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
    stream = pydyf.Stream([words.encode()], extra={"Type": "/Metadata", "Subtype": "/XML"})
    document.add_object(stream)
    return stream.reference
