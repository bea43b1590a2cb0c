"""Makes the pictures of the interface in docs/pictures, in English and German: `python -m jena_planner.tests.window.pictures [FOLDER]`.

Wants JENA_PLANNER_BLENDER_WINDOW, as the window's test does.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from PIL import Image

from . import hands
from .hands import ROOT, Blender, Screen

LIMIT = 400_000  # bytes of a picture
SAMPLE, COMPUTE = (1174, 293), (1174, 743)  # where buttons should be
PLACE = (659, 505)  # of a block when the sample has just been framed
SUN = "settings = bpy.context.window_manager.windows[0].scene.jena; settings.time, settings.show_sun, value = 15.5, True, 0"
LANGUAGES = {"en": "en_US", "de": "de_DE"}


def main(folder: Path) -> None:
    """All pictures into a folder."""
    with hands.screen() as screen:
        for short, language in LANGUAGES.items():
            blender = Blender(screen, language=language)
            blender.open_sidebar()
            _take(screen, folder / f"blender-start-{short}.jpg")
            blender.press("jena.open_sample", SAMPLE)
            blender.until("document.is_document(scene) and not jobs.queue", "the sample")
            screen.settle()
            blender.ask(SUN)
            screen.click(*PLACE)
            blender.until("bpy.context.object", "a block to be selected")
            _take(screen, folder / f"blender-variants-{short}.jpg")
            blender.press("jena.run_analysis", COMPUTE)
            blender.until("results.shown(scene) and not jobs.queue", "the result")
            screen.shell(f"xdotool mousemove {COMPUTE[0]} 600 click --repeat 12 --delay 60 5 && sleep 1")
            _take(screen, folder / f"blender-result-{short}.jpg")
            if failures := blender.failures():
                raise SystemExit("\n".join(failures))
            blender.quit()


def _take(screen: Screen, path: Path) -> None:
    """A picture of the screen, as good as the limit allows."""
    for y in (600, 620, 640):  # the sidebar is drawn anew under the mouse, and its panels once more for what has come up
        screen.move(COMPUTE[0], y)
        time.sleep(0.6)
    screen.settle()
    picture = Image.fromarray(screen.look().astype("uint8"))
    for quality in (88, 80, 72):
        picture.save(path, quality=quality, optimize=True)
        if path.stat().st_size <= LIMIT:
            break
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
