"""SyncFusion: video in, the moments found and editable, the sound of your choice rendered there.

>>> import syncfusion
>>> pipe = syncfusion.load("compact")
>>> track = pipe.detect("clip.mp4")
>>> sound = pipe.render(track, prompt="metal hit", seed=0)
>>> pipe.generate("clip.mp4", prompt="metal hit", output="out.mp4")

Names are imported on first use, so that importing the package costs nothing.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
