"""Pictures put together to a film by Blender's own encoder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bpy
from PIL import Image

from ..jena_city.files import written_beside
from ..jena_city.lettering import PAPER

KINDS = {".mp4": ("MPEG4", "H264"), ".webm": ("WEBM", "WEBM")}  # container and codec; WEBM is VP9


def encode(frames: Sequence[Path], out: Path, fps: int) -> None:
    """Write a film of pictures, one each frame. out : .mp4 or .webm, written beside and renamed.

    What is lower than others (a caption with a line less) is continued in white; sides that are odd lose their last row or column: H.264
    counts pixels in pairs.
    """
    with tempfile.TemporaryDirectory(prefix="jena-planner-") as folder:
        _encode(_of_one_size(frames, Path(folder)), out, fps)


def _of_one_size(frames: Sequence[Path], folder: Path) -> list[Path]:
    """The frames, with copies in the folder of those that are smaller than others."""
    sizes = {}
    for frame in set(frames):
        with Image.open(frame) as image:
            sizes[frame] = image.size
    wide, high = max(size[0] for size in sizes.values()), max(size[1] for size in sizes.values())
    copies = {}
    for frame, size in sizes.items():
        copies[frame] = frame
        if size != (wide, high):
            canvas = Image.new("RGB", (wide, high), PAPER)
            with Image.open(frame) as image:
                canvas.paste(image.convert("RGB"), (0, 0))
            copies[frame] = folder / frame.name
            canvas.save(copies[frame])
    if any(copy is not frame for frame, copy in copies.items()):  # a strip reads one folder
        for frame, copy in copies.items():
            if copy is frame:
                copies[frame] = Path(shutil.copyfile(frame, folder / frame.name))
    return [copies[frame] for frame in frames]


def _encode(frames: Sequence[Path], out: Path, fps: int) -> None:
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    scene = bpy.context.scene
    with Image.open(frames[0]) as first:
        wide, high = first.size
    render = scene.render
    render.resolution_x, render.resolution_y, render.resolution_percentage = wide - wide % 2, high - high % 2, 100
    render.fps, render.fps_base = fps, 1.0
    scene.frame_start, scene.frame_end = 1, len(frames)
    scene.view_settings.view_transform, scene.view_settings.look = "Standard", "None"  # the pictures have their colours
    editor = scene.sequence_editor_create()
    strips: Any = editor.strips if hasattr(editor, "strips") else editor.sequences  # renamed in 4.4
    strip = strips.new_image("Film", str(frames[0]), 1, 1)
    strip.directory = str(frames[0].parent)
    for frame in frames[1:]:
        strip.elements.append(frame.name)
    strip.frame_final_duration = len(frames)
    render.use_sequencer = True
    settings = render.image_settings
    if hasattr(settings, "media_type"):  # from 5.0
        settings.media_type = "VIDEO"
    settings.file_format = "FFMPEG"
    container, codec = KINDS[out.suffix]
    render.ffmpeg.format, render.ffmpeg.codec = container, codec
    render.ffmpeg.constant_rate_factor = "HIGH"
    render.ffmpeg.ffmpeg_preset = "GOOD"
    render.ffmpeg.gopsize = fps
    render.ffmpeg.audio_codec = "NONE"
    render.use_file_extension = False
    with written_beside(out) as beside:
        render.filepath = str(beside)
        bpy.ops.render.render(animation=True)
