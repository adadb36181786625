"""webdataset tars: written with prompt embeddings, read as recordings and as training clips."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
