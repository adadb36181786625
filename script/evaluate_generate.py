"""Send the clips of a split through ``generate`` and judge what comes out.

For each clip: how well the detected onsets meet the annotation, how well the onsets heard in the
sound (librosa) meet those it was given, and whether the result is as long as the clip. A picture
of every sound lies beside it.
"""

import argparse
from collections import Counter
from pathlib import Path
from statistics import fmean

from syncfusion.evaluation.picture import draw_sound
from syncfusion.evaluation.sync import heard_onsets
from syncfusion.hits import cut_hits
from syncfusion.media.audio import Waveform, read_audio
from syncfusion.media.video import probe
from syncfusion.onset.metrics import event_scores
from syncfusion.onset.track import OnsetTrack
from syncfusion.pipeline import Pipeline, load
from syncfusion.progress import bars

COLUMNS = ("given", "detected F", "heard F", "precision", "recall", "real sound F", "Δ frames")


def choose_prompt(kind: str, video: Path, truth: OnsetTrack) -> str | Waveform:
    """Return the clip's commonest label, or one of its own hits of that label."""
    labels = Counter(label for label in truth.labels if label.endswith(("hit", "scratch")))
    label = labels.most_common(1)[0][0]
    if kind == "text":
        return label
    sound = read_audio(video, mono=True)
    hits = [hit for hit in cut_hits(sound, truth, video.stem) if hit.label == label]
    return Waveform(max((hit.samples for hit in hits), key=len)[None], sound.sample_rate)


def judge(pipeline: Pipeline, name: str, options: argparse.Namespace) -> list[float]:
    """Generate one clip's sound and return the columns of its row."""
    video = options.data / "videos" / f"{name}_mic.mp4"
    before = probe(video)
    truth = OnsetTrack.read(options.data / "times" / f"{name}_times.txt")
    prompt = choose_prompt(options.prompt, video, truth)
    output = options.output / options.onsets / options.prompt / f"{name}.mp4"
    given = truth if options.onsets == "annotated" else None
    with bars() as progress:
        made = pipeline.generate(video, prompt, output, onsets=given, progress=progress)
    sound = read_audio(made.files.sound)
    heard = event_scores(made.track, heard_onsets(sound))
    real = event_scores(truth, heard_onsets(read_audio(video)))
    draw_sound(sound, made.track, output.with_suffix(".png"), title=f"{name}, {options.prompt}")
    longer = (probe(made.files.video).duration - before.duration) * before.fps
    detected = event_scores(truth, made.track).f_measure
    return [len(made.track), detected, *heard, real.f_measure, longer]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="videos/, times/ and split lists")
    parser.add_argument("--split", default="test")
    parser.add_argument("--onsets", choices=("detected", "annotated"), default="detected")
    parser.add_argument("--prompt", choices=("text", "reference"), default="text")
    parser.add_argument("--output", type=Path, default=Path("output/evaluation"))
    parser.add_argument("--preset", default="compact")
    options = parser.parse_args()
    pipeline = load(options.preset)
    names = (options.data / f"{options.split}.txt").read_text().split()
    rows = {name: judge(pipeline, name, options) for name in names}
    print(f"{'clip':26}" + "".join(f"{column:>14}" for column in COLUMNS))
    rows[f"mean of {len(names)}"] = [fmean(column) for column in zip(*rows.values(), strict=True)]
    for name, row in rows.items():
        print(f"{name:26}" + "".join(f"{value:14.3f}" for value in row))


if __name__ == "__main__":
    main()
