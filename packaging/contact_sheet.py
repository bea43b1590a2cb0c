"""Puts a picture of each preset of the sample onto one sheet, small, for the documentation.

python packaging/contact_sheet.py DEMO_FOLDER docs/pictures/contact-sheet.jpg
"""

import sys
from pathlib import Path

from PIL import Image


def main(folder: Path, target: Path) -> None:
    """The sheet that `jena-planner demo` has made, as a small JPEG."""
    with Image.open(folder / "contact-sheet.png") as image:
        small = image.convert("RGB").resize((image.width * 2 // 3, image.height * 2 // 3), Image.Resampling.LANCZOS)
    small.save(target, quality=84, optimize=True, progressive=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
