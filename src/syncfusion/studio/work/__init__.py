"""The worker process: the models, and what is done with them; the web process imports none of it.

``python -m syncfusion.studio.work`` reads jobs from its input and writes what becomes of them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
