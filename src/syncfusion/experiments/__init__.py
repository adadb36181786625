"""Tables 2 and 3: the sounds of a test set rendered, resumed and scored."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
