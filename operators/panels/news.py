"""How far a job is, how it ended, what went wrong: in the panel it was started in, and in the viewport's header."""

from __future__ import annotations

from typing import Any

from .. import errors, jobs, sentences
from ..base import translated
from .layout import lines


def draw_news(layout: Any, panel: str = "") -> None:
    """How far the job is that was started in a panel, or how it ended, or what went wrong there. panel : see `jobs.Job`; "" for all."""
    if errors.last and panel in ("", errors.last[0].panel):
        _draw_failure(layout)
    job = jobs.running()
    if job is not None and panel in ("", job.panel):
        box = layout.box().column(align=True)
        _draw_bar(box, job)
        what = sentences.doing(job.what)
        lines(box, " · ".join(part for part in (what, translated("Esc stops")) if part), wide=38)
    waiting = [one for one in jobs.queue[1:] if panel in ("", one.panel)]
    if waiting:
        layout.label(text=translated("{} waiting").format(len(waiting)), icon="TIME", translate=False)
    if job is None and jobs.notice and panel in ("", jobs.noticed[0]):
        lines(layout, sentences.spoken(jobs.notice[0]), "INFO")


def _draw_bar(layout: Any, job: jobs.Job) -> None:
    row = layout.row(align=True)
    row.progress(factor=job.share, text=f"{translated(job.title)} · {round(100 * job.share)} %")
    row.operator("jena.cancel", text="", icon="X")


def in_header(self: Any, _context: Any) -> None:
    """The same in the viewport's header, where it is seen however far the sidebar is scrolled."""
    job = jobs.running()
    if job is not None:
        row = self.layout.row()
        row.ui_units_x = 12
        _draw_bar(row, job)


def _draw_failure(layout: Any) -> None:
    box = layout.box()
    lines(box, sentences.spoken(errors.last[0].sentence), "ERROR", 34)
    row = box.row(align=True)
    row.operator("jena.copy_details", icon="COPYDOWN")
    row.operator("jena.dismiss", text="", icon="X")
