"""Requests of takes, and their renderer, with the tiny preset."""

from dataclasses import replace

from syncfusion.product import Pipeline
from syncfusion.rendering import RenderSettings, TakeRenderer, TakeRequest

SETTINGS = RenderSettings(steps=2, guidance=2.0, solver="dpmpp_2m", decay_gate=0.05)


def renderer(pipeline: Pipeline) -> TakeRenderer:
    """A renderer that has not compared any batch yet."""
    return TakeRenderer(pipeline.diffusion, pipeline.device)


def request(
    pipeline: Pipeline, seed: int = 0, prompt: str = "metal hit", seconds: float = 0.0, **changes
) -> TakeRequest:
    """A take of a prompt."""
    embedding = pipeline.prompts.embed(prompt)[None, None]
    return TakeRequest(embedding, replace(SETTINGS, seed=seed, **changes), "tiny", seconds)
