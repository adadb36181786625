"""From a video to a video with sound: presets, the pipeline, and the files of a result."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
