"""What stands beside and below a picture: legend and caption, on a page where it is a plan to scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PIL import Image

from ..jena_city.design import Design
from ..jena_city.lettering import DISCLAIMER, PAPER, Caption, band, captioned, legend
from ..jena_city.result import Result
from ..sheets.plan_page import Laid, Page


@dataclass(frozen=True)
class Lettered:
    """title, variant : as they are to be read. facts, source, mark : as for Caption, in the program's German. shown : a result whose legend
    stands beside the picture. north : see Caption."""

    title: str
    variant: str
    facts: Sequence[str]
    source: str
    mark: str
    design: Design
    shown: Result | None
    north: float

    def legend(self, size: int) -> Image.Image | None:
        """Of the result. size : pixels of its letters."""
        if self.shown is None:
            return None
        say, shown = self.design.say, self.shown
        classes = replace(shown.classes, labels=tuple(say(label) for label in shown.classes.labels))
        return legend(classes, say(shown.title), say(shown.unit), say(shown.method), size, round(size * 19))

    def below(self, image: Image.Image, metres: float, with_words: bool) -> Image.Image:
        """The picture with its legend, and a band of words below it where there are to be words. metres : see Caption."""
        whole, beside = image, self.legend(max(14, image.width // 90))
        if beside is not None:
            whole = Image.new("RGB", (image.width + beside.width, max(image.height, beside.height)), PAPER)
            whole.paste(image, (0, 0))
            whole.paste(beside, (image.width, 0))
        return captioned(whole, self._caption(metres)) if with_words else whole

    def laid(self, page: Page) -> Laid:
        """What stands beside and below a drawing on a page."""
        beside, below = self.legend(page.letters), self._words(page)
        return beside.size if beside else (0, 0), below.height if below else 0

    def on(self, page: Page, drawing: Image.Image) -> Image.Image:
        """The page with the drawing and all that belongs to it."""
        return page.composed(drawing, self.legend(page.letters), self._words(page))

    def _words(self, page: Page) -> Image.Image | None:
        if not page.captioned:
            return None
        return band(page.inner_width, self._caption(page.metres, page.words), size=page.letters, inset=False)

    def _caption(self, metres: float, *more: str) -> Caption:
        own = self.design
        words = [own.say(text) for text in (" · ".join([*more, *self.facts]), self.source, self.mark, DISCLAIMER)]
        return Caption(self.title, self.variant, *words, own.font, own.logo, own.colours, metres, self.north)
