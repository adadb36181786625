"""Measure quality against U-Net evaluations, by solver, number of steps and final noise level.

Windows of 2^18 samples are rendered from a clip's annotated onsets and the text of its most
frequent label, each time from the same noise. Two metrics are averaged over the windows:

``distance``  mean absolute difference, in dB, between the log-mel spectra of the sound and of the
              300-evaluation result (DDIM, 150 guided steps down to noise level 0)
``F``         F-measure of the onsets detected in the sound against the annotation, ±100 ms

The script prints a table and writes json and a picture. A guided step costs two evaluations.
"""

import argparse
import itertools
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

import torch
from matplotlib.figure import Figure
from torch import Tensor
from torchaudio.transforms import MelSpectrogram
from tqdm import tqdm

from syncfusion.constants import CLIP_SAMPLES, SAMPLE_RATE
from syncfusion.diffusion import PromptEmbedding
from syncfusion.evaluation import detect_sound_onsets
from syncfusion.evaluation.statistics import Summary, summary
from syncfusion.media import Waveform, read_audio, temporary_sibling
from syncfusion.onset import event_scores
from syncfusion.product import Pipeline, load
from syncfusion.rendering import RenderSettings
from syncfusion.rendering.render import decay_gated, render_window
from syncfusion.rendering.windows import Window
from syncfusion.track import OnsetTrack

PICTURE = Path(__file__).parents[1] / "docs" / "images" / "sampling_quality.png"
FULL_STEPS = 150  # steps of the published sampler
DYNAMIC_RANGE = 1e-6  # power below the loudest band of the 300-evaluation result is not compared
COLORS = {"ddim": "tab:gray", "heun": "tab:blue", "dpmpp_2m": "tab:red"}


class Excerpt(NamedTuple):
    """A window of a test clip, with the clip's track, its prompt and the recorded sound."""

    window: Window
    track: OnsetTrack
    prompt: PromptEmbedding
    recorded: Waveform

    @property
    def reference(self) -> OnsetTrack:
        """The annotated onsets in the window, timed from its beginning."""
        return self.track.between(self.window.start / SAMPLE_RATE, self.window.end / SAMPLE_RATE)


class Row(NamedTuple):
    """One sampling setting, and its metrics over the windows."""

    solver: str
    steps: int
    final_noise_level: float
    evaluations: int
    distance: float
    onset_f: Summary


def excerpts(data: Path, split: str, pipeline: Pipeline, n_windows: int) -> list[Excerpt]:
    """Cut windows with onsets from the clips of a split, taking the clips in turns."""
    names = (data / f"{split}.txt").read_text().split()
    turns = itertools.zip_longest(*(_of_clip(data, name, pipeline) for name in names))
    found = (excerpt for turn in turns for excerpt in turn if excerpt is not None)
    return list(itertools.islice(found, n_windows))


def _of_clip(data: Path, name: str, pipeline: Pipeline) -> Iterator[Excerpt]:
    track = OnsetTrack.read(data / "times" / f"{name}_times.txt")
    sound = read_audio(data / "videos" / f"{name}_mic.mp4", sample_rate=SAMPLE_RATE, mono=True)
    labels = Counter(label for label in track.labels if label.endswith(("hit", "scratch")))
    prompt = pipeline.prompts.embed(labels.most_common(1)[0][0])[None, None]
    for start in range(0, sound.samples.shape[1] - CLIP_SAMPLES, CLIP_SAMPLES):
        window = Window(start, CLIP_SAMPLES)
        recorded = Waveform(sound.samples[:, window.start : window.end], SAMPLE_RATE)
        excerpt = Excerpt(window, track, prompt, recorded)
        if len(excerpt.reference):
            yield excerpt


def render(pipeline: Pipeline, excerpt: Excerpt, settings: RenderSettings) -> Tensor:
    """Render a window as ``syncfusion generate`` does, without the decay gate."""
    plain = replace(settings, decay_gate=0.0)
    model = pipeline.diffusion
    return render_window(model, excerpt.track, excerpt.prompt, excerpt.window, plain)


def onset_f(sound: Waveform, reference: OnsetTrack) -> float:
    """Return the F-measure of the onsets detected in a sound."""
    return event_scores(reference, detect_sound_onsets(sound)).f_measure


def spectral_distance(found: Tensor, expected: Tensor) -> float:
    """Return the mean absolute difference of the log-mel spectra, in dB."""
    mel = MelSpectrogram(SAMPLE_RATE, n_fft=2048, hop_length=480, n_mels=64, f_min=40.0)
    power = [mel(sound[0]) for sound in (found, expected)]
    floor = DYNAMIC_RANGE * power[1].max()
    one, other = (10 * torch.log10(part.clamp_min(floor)) for part in power)
    return (one - other).abs().mean().item()


def score(
    settings: RenderSettings,
    windows: Sequence[Excerpt],
    sounds: Sequence[Tensor],
    expected: Sequence[Tensor],
) -> Row:
    """Return the metrics of one setting's sounds, one per window."""
    scores = []
    for excerpt, sound in zip(windows, sounds, strict=True):
        rendered = decay_gated(sound.clone(), excerpt.reference, settings.decay_gate)
        scores.append(onset_f(Waveform(rendered, SAMPLE_RATE), excerpt.reference))
    setting = settings.solver, settings.steps, settings.final_noise_level, evaluations(settings)
    return Row(*setting, fmean(map(spectral_distance, sounds, expected)), summary(scores))


def evaluations(settings: RenderSettings) -> int:
    """Return the number of U-Net evaluations of one sound."""
    calls = 2 * settings.steps - 1 if settings.solver == "heun" else settings.steps
    return calls * (1 if settings.guidance == 1 else 2)


def grid(default: RenderSettings, steps: Sequence[int]) -> list[RenderSettings]:
    """Return all compared settings; Heun takes half the steps, since each costs two evaluations."""
    return [
        replace(
            default,
            solver=solver,
            final_noise_level=last,
            steps=count // 2 if solver == "heun" else count,
        )
        for last in sorted({default.final_noise_level, 0.0}, reverse=True)
        for solver in COLORS
        for count in steps
    ]


def measure(
    pipeline: Pipeline, windows: Sequence[Excerpt], default: RenderSettings, steps: Sequence[int]
) -> list[Row]:
    """Score every setting on every window; the first row is the 300-evaluation result."""
    full = replace(default, solver="ddim", steps=FULL_STEPS, final_noise_level=0.0)
    expected, rows = [], []
    for settings in tqdm([full, *grid(default, steps)]):
        sounds = [render(pipeline, excerpt, settings) for excerpt in windows]
        expected = expected or sounds
        rows.append(score(settings, windows, sounds, expected))
    return rows


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of the table."""
    yield f"{'solver':10}{'steps':>6}{'to level':>9}{'evaluations':>12}{'dB':>7}{'F':>7}  95 %, N"
    for *setting, distance, f in rows:
        interval = "" if f.interval is None else "{:.2f} to {:.2f}".format(*f.interval)
        columns = "{:10}{:6}{:9g}{:12}".format(*setting)
        yield f"{columns}{distance:7.2f}{f.mean:7.3f}  {interval}, {f.n}"


def draw(rows: Sequence[Row], recorded: float, default: RenderSettings, picture: Path) -> None:
    """Draw both metrics against evaluations, dashed where the final noise level is 0."""
    full, *others = rows
    figure = Figure(figsize=(11, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    for (solver, last), group in itertools.groupby(
        others, lambda r: (r.solver, r.final_noise_level)
    ):
        points, style = list(group), "o-" if last else "o--"
        x, looks = [row.evaluations for row in points], {"color": COLORS[solver], "markersize": 4}
        label = f"{solver}, to level {last:g}"
        left.plot(x, [row.distance for row in points], style, label=label, **looks)
        right.plot(x, [row.onset_f.mean for row in points], style, **looks)
    right.axhline(full.onset_f.mean, color="black", linewidth=0.8, label="300 evaluations")
    right.axhline(recorded, color="black", linewidth=0.8, linestyle=":", label="recorded sound")
    for axes, name in ((left, "log-mel distance to 300 evaluations, dB"), (right, "onset F")):
        axes.axvline(evaluations(default), color="tab:green", linewidth=0.8, label="preset")
        axes.set(xscale="log", xlabel="evaluations of the U-Net", ylabel=name)
        ticks = sorted({row.evaluations for row in others if row.solver == "ddim"})
        axes.set_xticks(ticks, list(map(str, ticks)))
        axes.minorticks_off()
        axes.legend(fontsize=8)
    figure.suptitle(f"{full.onset_f.n} windows of 5.46 s, guidance {default.guidance:g}")
    with temporary_sibling(picture) as temporary:
        figure.savefig(temporary, dpi=100)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="videos/, times/, split lists")
    parser.add_argument("--split", default="test")
    parser.add_argument("--preset", default="compact")
    parser.add_argument("--windows", type=int, default=8)
    parser.add_argument("--steps", type=int, nargs="+", default=[4, 6, 8, 12, 16, 25])
    parser.add_argument("--guidance", type=float, help="default: the preset's")
    parser.add_argument("--output", type=Path, default=Path("output/sampling_quality.json"))
    parser.add_argument("--picture", type=Path, default=PICTURE)
    options = parser.parse_args()
    pipeline = load(options.preset)
    default = pipeline.preset.render_settings(0, None, options.guidance)
    windows = excerpts(options.data, options.split, pipeline, options.windows)
    recorded = fmean(onset_f(excerpt.recorded, excerpt.reference) for excerpt in windows)
    rows = measure(pipeline, windows, default, options.steps)
    print(f"recorded sound: F {recorded:.3f}; preset: {default}")
    print(*table(rows), sep="\n")
    found = [row._asdict() | {"onset_f": row.onset_f._asdict()} for row in rows]
    result = {"recorded": recorded, "preset": asdict(default), "rows": found}
    with temporary_sibling(options.output) as temporary:
        temporary.write_text(json.dumps(result, indent=1))
    draw(rows, recorded, default, options.picture)


if __name__ == "__main__":
    main()
