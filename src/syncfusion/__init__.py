"""SyncFusion: video in, the moments found and editable, the sound of your choice rendered there.

>>> import syncfusion
>>> pipe = syncfusion.load("compact")
>>> track = pipe.detect("clip.mp4")
>>> sound = pipe.render(track, prompt="metal hit", seed=0)
>>> pipe.generate("clip.mp4", prompt="metal hit", output="out.mp4")

Names are imported on first use, so that importing the package costs nothing.
"""

import importlib
from typing import Any

_HOMES = {
    "load": "syncfusion.pipeline",
    "Pipeline": "syncfusion.pipeline",
    "OnsetTrack": "syncfusion.onset.track",
    "Waveform": "syncfusion.media.audio",
    "InputError": "syncfusion.errors",
}
__all__ = ["InputError", "OnsetTrack", "Pipeline", "Waveform", "checkpoint", "load"]  # noqa: F822


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    if name in __all__:
        return importlib.import_module(f"syncfusion.{name}")
    raise AttributeError(f"module 'syncfusion' has no attribute {name!r}")
