"""Takes of a plan, laid over each other: the mix, and a stem for each group."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from syncfusion.constants import SAMPLE_RATE
from syncfusion.media import LoudnessMeter, WavWriter, to_dbfs
from syncfusion.product.event_plan import PlannedEvent, groups_of
from syncfusion.rendering import Block, Grid, Placed, Take, full_scale, lay, peak_of, struck
from syncfusion.timing import sample_index

TakeSource = Callable[[Sequence[PlannedEvent]], Iterator[Take]]  # one take per event, in order


@dataclass(frozen=True)
class EventMix:
    """The dry sound of a plan.

    Args:
        events: the plan.
        takes: returns the takes of some of its events; called once for each pass over them.
        n_samples: length of the sound at 48 kHz.
        peak_dbfs: highest peak of the mix, 0 or less; a lower one is left as it is.
    """

    events: Sequence[PlannedEvent]
    takes: TakeSource
    n_samples: int
    peak_dbfs: float

    def blocks(self, events: Sequence[PlannedEvent], gain: float = 1.0) -> Iterator[Grid]:
        """Yield consecutive blocks of some of the events."""
        placed = (
            Placed(
                struck(take, event.columns.strength),
                sample_index(event.onset.time, SAMPLE_RATE),
                event.onset.gain,
            )
            for event, take in zip(events, self.takes(events), strict=True)
        )
        return lay(placed, self.n_samples, gain)

    def gain(self) -> float:
        """Return the one gain of mix and stems: 1 unless one of them would pass the peak."""
        return self._measured(lambda block: None)

    def render(self) -> Block:
        """Return the whole mix, (1, time)."""
        whole: list[Block] = []
        gain = self._measured(lambda block: whole.append(full_scale(block)))
        if gain < 1:
            whole = [full_scale(block) for block in self.blocks(self.events, gain)]
        return torch.cat([torch.zeros(1, 0), *whole], dim=1)

    def _measured(self, keep: Callable[[Grid], None]) -> float:
        """Return the gain that mix and stems need; hand over the blocks of the mix at gain 1."""
        peak, groups = 0.0, list(groups_of(self.events).values()) or [[]]
        for blocks in zip(*map(self.blocks, groups), strict=True):
            whole = blocks[0] if len(blocks) == 1 else torch.stack(blocks).sum(0)
            peak = max(peak, peak_of(blocks), peak_of([whole]))
            keep(whole)
        limit = 10 ** (self.peak_dbfs / 20)
        return min(1.0, limit / peak) if peak else 1.0

    def write(self, path: Path, stems: Mapping[str, Path]) -> dict[str, Any]:
        """Write the mix, and the stems whose sum it is to the sample.

        Args:
            path: of the mix, 48 kHz mono, 24 bit.
            stems: file by group, for all groups or none; of the same length and form.

        Returns:
            Peak, loudness and gain of the mix, as json values.
        """
        groups = groups_of(self.events)
        parts = [groups[name] for name in stems]
        gain, meter, peak = self.gain(), LoudnessMeter(), 0.0
        with ExitStack() as files:
            mix, *others = (
                files.enter_context(WavWriter(name, sample_rate=SAMPLE_RATE))
                for name in (path, *stems.values())
            )
            parts = parts or [self.events]
            for blocks in zip(*(self.blocks(part, gain) for part in parts), strict=True):
                for writer, block in zip(others, blocks, strict=False):
                    writer.write(full_scale(block))
                whole = torch.stack(blocks).sum(0)
                meter.add(full_scale(whole))
                mix.write(full_scale(whole))
                peak = max(peak, peak_of([whole]))
        sound = {"peak_dbfs": to_dbfs(peak), "loudness_lufs": meter.integrated()}
        return sound | {"gain_db": to_dbfs(gain)}
