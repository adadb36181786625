"""The studio: a clip, its events and their sounds under one's hands, in the browser.

The web process (``app``) never imports torch: it holds the project and a queue of jobs. One worker
process (``worker``) holds the models and does the jobs.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
