"""What a sound is made of, whatever its pictures show."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from syncfusion.synthetic.scene import Event, SceneConfig


@runtime_checkable
class Sounding(Protocol):
    """What has a sound: events within some seconds, and randomness by purpose."""

    @property
    def config(self) -> SceneConfig:
        """Options, of which the length counts."""
        ...

    @property
    def events(self) -> Sequence[Event]:
        """Contacts by ascending time."""
        ...

    def rng(self, purpose: int) -> np.random.Generator:
        """Return the random generator for one purpose, in the same state at each call."""
        ...
