"""Loading of a preset: its detector, its diffusion model and its prompt encoder."""

from pathlib import Path

from syncfusion.checkpoint import load_diffusion, load_onset
from syncfusion.device import find_device
from syncfusion.product.pipeline import Pipeline
from syncfusion.product.preset import find_preset


def load(preset: str | Path = "compact", *, device: str = "auto") -> Pipeline:
    """Load all models of a preset.

    Args:
        preset: the name of a preset ("compact" or "paper"), or a folder with ``preset.yaml``.
        device: "auto", "cpu", "cuda" or "mps".

    Returns:
        The models, in eval mode and on the device.

    Raises:
        InputError: if the preset, some of its weights, or the device does not exist.
    """
    found, where = find_preset(preset), find_device(device)
    found.check()
    return Pipeline(
        found,
        load_onset(found.checkpoint("onset")).to(where),
        load_diffusion(found.checkpoint("diffusion")).to(where),
        found.prompt_encoder(where),
        where,
    )
