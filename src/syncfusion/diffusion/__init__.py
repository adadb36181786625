"""Stage 2: the diffusion model that renders a waveform from onsets and a prompt, and its training.

``DiffusionModel`` samples with one of ``SOLVERS`` along one of ``SCHEDULES``, under ``Guidance``.
``DiffusionTraining`` trains it on ``DiffusionBatch`` batches.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
