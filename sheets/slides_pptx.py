"""Slides as PPTX: words and tables stay what an office program edits, pictures carry their words for those who cannot see."""

from __future__ import annotations

import io
from collections.abc import Sequence
from os import PathLike
from typing import Any

import pptx
from PIL import Image
from pptx.dml.color import RGBColor
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.util import Mm, Pt

from ..jena_city.about import version
from ..jena_city.design import Design
from ..jena_city.files import written_beside
from . import typeface
from .drawing import QUIET
from .pdf_pictures import SMALL, jpeg, on_white
from .slides import BAND, HIGH, LEADING, PAD, RULE, WIDE, Bar, Box, Line, Shown, Slide, Table, Words

FACE = "Arial"  # where a town has no font of its own: every office has it, and it is narrower than what words are measured with
_POINTS = 72.0 / 25.4
_TITLE_ONLY = 5  # of python-pptx's own layouts
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's table without lines and grounds


def write(slides: Sequence[Slide], path: str | PathLike[str], title: str, author: str, design: Design) -> None:
    """Write slides, beside and renamed. Source: ECMA-376."""
    made = _Writer(design)
    for slide in slides:
        made.add(slide)
    core = made.file.core_properties
    core.title, core.author, core.language, core.comments = title, author, design.language, f"Jena Planner {version()}"
    with written_beside(path) as beside:
        made.file.save(str(beside))


class _Writer:
    def __init__(self, design: Design) -> None:
        self.design = design
        self.face = typeface.family(design.font) if design.font else FACE
        self.language = MSO_LANGUAGE_ID.GERMAN if design.language == "de" else MSO_LANGUAGE_ID.ENGLISH_UK
        self.file = pptx.Presentation()
        self.file.slide_width, self.file.slide_height = Mm(WIDE), Mm(HIGH)

    def add(self, slide: Slide) -> None:
        page = self.file.slides.add_slide(self.file.slide_layouts[_TITLE_ONLY])
        called = "Bild" if self.design.language == "de" else "Picture"
        for number, item in enumerate(slide.items):
            if isinstance(item, Words):
                shape = page.shapes.title if item.role == "title" else page.shapes.add_textbox(0, 0, 0, 0)
                self._words(shape, item)
            elif isinstance(item, Shown):
                shape = self._picture(page, item)
                shape.name = "Logo" if item.words == "Logo" else f"{called} {number}"
            elif isinstance(item, Bar):
                shape = page.shapes.add_shape(MSO_SHAPE.RECTANGLE, *_placed(item.box))
                shape.fill.solid()
                shape.fill.fore_color.rgb = _colour(item.colour)
                shape.line.fill.background()
                _decorative(shape)
            else:
                self._table(page, item)
        if not any(isinstance(item, Words) and item.role == "title" for item in slide.items):
            raise ValueError(f"a slide without a title: {slide.title}")

    def _words(self, shape: Any, words: Words) -> None:
        shape.left, shape.top, shape.width, shape.height = _placed(words.box)
        frame = shape.text_frame
        frame.word_wrap, frame.auto_size, frame.vertical_anchor = True, MSO_AUTO_SIZE.NONE, MSO_ANCHOR.TOP
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        for number, line in enumerate(words.lines):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            self._paragraph(paragraph, line, right=words.right)

    def _paragraph(self, paragraph: Any, line: Line, *, right: bool = False) -> None:
        paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
        paragraph.line_spacing = Pt(round(line.size * LEADING * _POINTS, 1))
        paragraph.space_before, paragraph.space_after = Pt(round(line.before * _POINTS, 1)), Pt(0)
        if line.swatch:
            pale = sum(_colour(line.swatch)) > 3 * 235  # a white field on white is shown by its border
            self._run(paragraph, "□ " if pale else "■ ", line, QUIET if pale else line.swatch)
        self._run(paragraph, line.text, line, line.colour)

    def _run(self, paragraph: Any, text: str, line: Line, colour: str) -> None:
        run = paragraph.add_run()
        run.text = text
        font = run.font
        font.name, font.size, font.bold = self.face, Pt(round(line.size * _POINTS, 1)), line.bold
        font.color.rgb, font.language_id = _colour(colour), self.language

    def _picture(self, page: Any, shown: Shown) -> Any:
        left, top, wide, high = shown.place
        with Image.open(shown.file) as image:
            logo = image.width * image.height <= SMALL
            small = image.convert("RGBA") if logo else on_white(image, wide, high)
        kept = io.BytesIO()
        if logo:
            small.save(kept, "PNG", optimize=True)
        else:
            kept.write(jpeg(small))
        kept.seek(0)
        shape = page.shapes.add_picture(kept, *_placed((left, top, wide, high)))
        if shown.filling:
            x, y, room, height = shown.box
            shape.crop_left = shape.crop_right = (wide - room) / 2 / wide
            shape.crop_top = shape.crop_bottom = (high - height) / 2 / high
            shape.left, shape.top, shape.width, shape.height = _placed((x, y, room, height))
        shape._element.nvPicPr.cNvPr.set("descr", shown.words)
        return shape

    def _table(self, page: Any, table: Table) -> None:
        heights = table.heights(self.design)
        box = (table.left, table.top, sum(table.widths), sum(heights))
        frame = page.shapes.add_table(len(table.rows), len(table.widths), *_placed(box))
        found = frame.table
        found.first_row, found.first_col, found.horz_banding = True, True, False
        found._tbl.tblPr.find(f"{{{_A}}}tableStyleId").text = _NO_STYLE
        for column, wide in zip(found.columns, table.widths, strict=True):
            column.width = Mm(wide)
        for number, (row, high) in enumerate(zip(table.rows, heights, strict=True)):
            found.rows[number].height = Mm(high)
            for column, text in enumerate(row):
                cell = found.cell(number, column)
                cell.margin_left = cell.margin_right = Mm(PAD)
                cell.margin_top = cell.margin_bottom = Mm(PAD * 0.7)
                cell.vertical_anchor = MSO_ANCHOR.TOP
                cell.fill.solid()
                cell.fill.fore_color.rgb = _colour(RULE if number == 0 else BAND if number % 2 == 0 else "#ffffff")
                line = Line(text, table.size, number == 0, self.design.ink)
                self._paragraph(cell.text_frame.paragraphs[0], line, right=column > 0)


_A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def _placed(box: Box) -> tuple[Any, Any, Any, Any]:
    left, top, wide, high = box
    return Mm(left), Mm(top), Mm(wide), Mm(high)


def _colour(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.lstrip("#").upper())


def _decorative(shape: Any) -> None:
    """Screen readers pass over it: only by this extension, not where words for it are empty. Source: MS-ODRAWXML, decorative."""
    shape._element.nvSpPr.cNvPr.append(
        parse_xml(
            f'<a:extLst xmlns:a="{_A}"><a:ext uri="{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}">'
            '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
        )
    )
