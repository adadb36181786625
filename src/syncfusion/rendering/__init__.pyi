from .batches import RenderJob, in_batches, render_jobs
from .render import Block, RenderSettings, render_blocks, with_edge_fades

__all__ = [
    "Block",
    "RenderJob",
    "RenderSettings",
    "in_batches",
    "render_blocks",
    "render_jobs",
    "with_edge_fades",
]
