"""Motion of a whole video, streamed with its decoding, at the pictures' own times."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from syncfusion.media import GreyPicture, VideoInfo, read_grey
from syncfusion.onset.motion.cells import GRID, cell_statistics, halved, largest_change
from syncfusion.onset.motion.flow import HEIGHT, WIDTH, PairMotion, motion_between, softened
from syncfusion.onset.motion.repeats import without_repeats
from syncfusion.progress import Progress, counted, ignore
from syncfusion.timing import frame_count

MAXIMUM_FPS = 36.0  # a video of 60 pictures/s is read at 30, one of 50 at 25
LONGEST_STEP = 0.25  # seconds; pictures further apart do not show motion
LONGEST_FLASH = 0.2  # seconds; two changes of the picture that are nearer are no cuts
N_WORKERS = 2  # pairs computed at once
AHEAD = 8  # pairs that wait for the one before them

RATES = (22.0, 37.0)  # pictures per second that the nets know from training
USUAL_RATE = 30.0  # others are interpolated to this one
LEAST_FRAMES = 3  # fewer show no change of motion
REPEATING = 0.1  # of the steps are doubled where a lower frame rate was converted
JITTER_FRAMES = 5  # 25 pictures/s in 30 repeat every fifth
UNEVEN = 0.2  # of the period; smaller deviations are the camera's clock, not its pictures'


Change = Callable[[Iterable[GreyPicture]], Iterable[GreyPicture]]


@dataclass(frozen=True)
class Motion:
    """Motion of a video.

    Args:
        times: seconds of each frame, ascending.
        cells: statistics at each frame, half precision; see ``cells.CHANNELS``.
        duration: of the video in seconds.
        cuts: seconds of the first picture of each shot but the first, ascending.
    """

    times: Float[np.ndarray, " frame"]
    cells: Float[np.ndarray, "frame channel row column"]
    duration: float
    cuts: tuple[float, ...] = ()

    def __len__(self) -> int:
        return len(self.times)


class _Step(NamedTuple):
    """The motion that leads to a picture, and what it was computed from."""

    time: float
    seconds: float
    pair: Future[tuple[PairMotion, np.ndarray]]


def unchanged(pictures: Iterable[GreyPicture]) -> Iterable[GreyPicture]:
    """Return the pictures as they are."""
    return pictures


def read_motion(
    video: VideoInfo, progress: Progress = ignore, change: Change = unchanged
) -> Motion:
    """Return the motion of a video of any size, rate and length.

    Args:
        video: from ``media.probe``.
        progress: called with ("Looking for onsets", pictures read, pictures in all).
        change: what is done to the small grey pictures first.

    Returns:
        Motion at evenly spaced times, see ``motion_of``.

    Raises:
        InputError: if the file cannot be read.
    """
    pictures = read_grey(video, width=WIDTH, height=HEIGHT, maximum_fps=MAXIMUM_FPS)
    total = frame_count(video.duration, min(video.fps, MAXIMUM_FPS))
    singles = counted(([picture] for picture in pictures), "Looking for onsets", total, progress)
    return motion_of(change(picture for (picture,) in singles), video.duration)


def motion_of(pictures: Iterable[GreyPicture], duration: float) -> Motion:
    """Return the motion between pictures.

    Repeated pictures are left out, and so are those across a cut or a flash: motion is interpolated
    there. The frames are evenly spaced, at the pictures' own rate where the nets know it.

    Args:
        pictures: of ``WIDTH`` × ``HEIGHT`` pixels, in order.
        duration: of the video in seconds.

    Returns:
        A frame per picture or per 1/30 s; where no motion is known, one frame at 0 s without any.
    """
    times, cells, changes = [], [], []
    for time, statistics in _measured(_steps(without_repeats(pictures)), changes.append):
        times.append(time)
        cells.append(statistics.astype(np.float16))
    if len(times) < LEAST_FRAMES:
        return Motion(np.zeros(1), np.zeros((1, *GRID), np.float16), duration)
    motion = _evenly(Motion(np.array(times), np.stack(cells), duration))
    return replace(motion, cuts=_cuts(changes))


def _cuts(changes: Sequence[float]) -> tuple[float, ...]:
    """Return the changes of the whole picture that are no flashes, which change it twice."""
    gaps = np.diff(np.array([-np.inf, *changes, np.inf]))
    alone = np.minimum(gaps[:-1], gaps[1:]) > LONGEST_FLASH
    return tuple(time for time, is_cut in zip(changes, alone, strict=True) if is_cut)


def _steps(pictures: Iterable[GreyPicture]) -> Iterator[_Step]:
    """Compute pairs of pictures in parallel, and yield them in order."""
    waiting: deque[_Step] = deque()
    last = None
    with ThreadPoolExecutor(N_WORKERS) as pool:
        for sharp in pictures:
            picture = GreyPicture(softened(sharp.pixels), sharp.time)
            if last is None:
                last = GreyPicture(picture.pixels, picture.time - 1 / USUAL_RATE)
            seconds = picture.time - last.time
            pair = pool.submit(_computed, last.pixels, picture.pixels, seconds)
            waiting.append(_Step(picture.time, seconds, pair))
            last = picture
            if len(waiting) > AHEAD:
                yield waiting.popleft()
        yield from waiting


def _computed(
    before: np.ndarray, after: np.ndarray, seconds: float
) -> tuple[PairMotion, np.ndarray]:
    pair = motion_between(before, after)
    return pair, cell_statistics(pair, seconds)


def _measured(
    steps: Iterable[_Step], changed: Callable[[float], None]
) -> Iterator[tuple[float, np.ndarray]]:
    """Yield time and cells of the pictures whose motion is known; report changes of the whole."""
    before = None
    for step in steps:
        pair, cells = step.pair.result()
        if pair.is_cut:
            changed(step.time)
            continue
        if step.seconds > LONGEST_STEP:
            cells[:] = 0
            before = None
        velocity = pair.flow / np.float32(step.seconds)
        if before is not None:
            cells[-1] = largest_change(velocity, before)
        before = velocity
        yield step.time, halved(cells)


def _evenly(motion: Motion) -> Motion:
    """Return the motion at evenly spaced times."""
    times, steps = motion.times, np.diff(motion.times)
    period = float(np.median(steps))
    if _known(period) and np.all(np.abs(steps - period) <= UNEVEN * period):
        return _retimed(motion, times, period)  # the camera's clock is uneven, its pictures not
    average = float(steps.mean())
    if _known(average) and (steps > 1.5 * period).mean() > REPEATING:  # a converted lower rate
        motion = _retimed(motion, _without_jitter(times), average)
        times, period = motion.times, average
    period = period if _known(period) else 1 / USUAL_RATE
    grid = times[0] + period * np.arange(int((times[-1] - times[0]) / period + 1e-3) + 1)
    return Motion(grid, interpolated(motion.cells, times, grid), motion.duration)


def _without_jitter(times: Float[np.ndarray, " frame"]) -> Float[np.ndarray, " frame"]:
    """Average times over neighbouring frames, as if the ends went on evenly."""
    step, reach = (times[-1] - times[0]) / max(len(times) - 1, 1), JITTER_FRAMES // 2
    number = np.arange(1, reach + 1)
    padded = np.concatenate([times[0] - step * number[::-1], times, times[-1] + step * number])
    return np.convolve(padded, np.ones(JITTER_FRAMES) / JITTER_FRAMES, mode="valid")


def _known(period: float) -> bool:
    return RATES[0] <= 1 / period <= RATES[1]


def _retimed(motion: Motion, times: Float[np.ndarray, " frame"], period: float) -> Motion:
    """Return the motion as of pictures that were taken one period apart, at other times."""
    factor = np.append(1.0, np.diff(motion.times) / period).astype(np.float32)
    cells = (motion.cells * factor[:, None, None, None]).astype(np.float16)
    return Motion(times, cells, motion.duration)


def interpolated(
    values: Float[np.ndarray, "frame ..."],
    times: Float[np.ndarray, " frame"],
    moments: Float[np.ndarray, " moment"],
) -> Float[np.ndarray, "moment ..."]:
    """Interpolate linearly in time; the ends are repeated."""
    place = np.interp(moments, times, np.arange(len(times)))
    low = np.floor(place).astype(int)
    part = (place - low).astype(np.float32).reshape(-1, *[1] * (values.ndim - 1))
    high = np.minimum(low + 1, len(times) - 1)
    mixed = values[low] * (1 - part) + values[high] * part
    return mixed.astype(values.dtype)
