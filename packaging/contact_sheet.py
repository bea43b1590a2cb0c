"""Puts the sample's pictures onto one sheet for the documentation.

python packaging/contact_sheet.py DEMO_FOLDER docs/pictures/contact-sheet.jpg
"""

import sys
from pathlib import Path

from PIL import Image

WIDTH, GAP = 800, 16


def main(folder: Path, target: Path) -> None:
    """Two pictures a row, each with its caption."""
    names = ("bestand", "variante-a", "variante-b", "variante-c", "besonnung-variante-a")
    paths = [folder / "pictures" / f"{name}.png" for name in names] + [
        folder / "results" / "sun-hours-2025-03-21-ground-change-blockrand.png"
    ]
    pictures = []
    for path in paths:
        with Image.open(path) as image:
            pictures.append(image.convert("RGB").resize((WIDTH, round(image.height * WIDTH / image.width)), Image.Resampling.LANCZOS))
    rows = [pictures[k : k + 2] for k in range(0, len(pictures), 2)]
    heights = [max(picture.height for picture in row) for row in rows]
    sheet = Image.new("RGB", (2 * WIDTH + 3 * GAP, sum(heights) + GAP * (len(rows) + 1)), (255, 255, 255))
    y = GAP
    for row, height in zip(rows, heights, strict=True):
        for column, picture in enumerate(row):
            sheet.paste(picture, (GAP + column * (WIDTH + GAP), y))
        y += height + GAP
    target.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(target, quality=86, optimize=True, progressive=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
