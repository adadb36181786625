import json
import subprocess
import sys

import pytest
import torch

import syncfusion
from helpers.media_files import make_video, regular
from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.hashing import file_hash
from syncfusion.media.audio import Waveform, read_audio
from syncfusion.media.video import probe
from syncfusion.rendering.windows import LEAD
from syncfusion.track import OnsetTrack

TRACK = OnsetTrack([0.5, 1.25], 2.0)
MINUS_1_DBFS = 10 ** (-1 / 20)


def test_the_calls_of_the_readme_work_as_written(tiny_preset, clip, tmp_path):
    pipe = syncfusion.load(tiny_preset, device="cpu")
    track = pipe.detect(clip)
    sound = pipe.render(track, prompt="metal hit", seed=0)
    made = pipe.generate(clip, prompt="metal hit", output=tmp_path / "out.mp4")
    assert (sound.samples.shape, sound.sample_rate) == ((1, 96_000), 48_000)
    assert made.track == track
    assert len(track) > 0
    assert not syncfusion.checkpoint.files.load_onset(tiny_preset).training


def test_importing_the_package_and_asking_for_help_load_no_torch():
    for code in (
        "import syncfusion",
        "from syncfusion.cli.app import build_parser; build_parser()",
    ):
        check = f"{code}; import sys; sys.exit('torch' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="attribute lode"):
        syncfusion.lode  # noqa: B018


def test_generate_writes_what_render_makes(tiny_pipeline, clip, tmp_path):
    made = tiny_pipeline.generate(clip, "wood scratch", tmp_path / "out.mp4", onsets=TRACK, seed=3)
    sound = tiny_pipeline.render(TRACK, "wood scratch", seed=3)
    torch.testing.assert_close(
        read_audio(made.files.sound).samples, sound.samples, atol=1e-6, rtol=0
    )
    assert sound.samples.abs().max() == pytest.approx(MINUS_1_DBFS)
    assert not sound.samples[:, : SAMPLE_RATE // 2 - LEAD].any()


def test_the_same_settings_give_the_same_bytes_and_another_seed_another_sound(
    tiny_pipeline, clip, tmp_path
):
    first, again, other = (
        tiny_pipeline.generate(clip, "metal hit", tmp_path / folder / "out.mp4", seed=seed).files
        for folder, seed in (("first", 5), ("again", 5), ("other", 6))
    )
    for one, two in zip(first.names, again.names, strict=True):
        assert one.read_bytes() == two.read_bytes()
    assert first.sound.read_bytes() != other.sound.read_bytes()
    assert first.onsets.read_bytes() == other.onsets.read_bytes()


def test_prompt_steps_and_guidance_are_heard(tiny_pipeline):
    plain = tiny_pipeline.render(TRACK, "metal hit").samples
    for change in ({"prompt": "leaf scratch"}, {"steps": 3}, {"guidance": 1.0}):
        changed = tiny_pipeline.render(TRACK, **{"prompt": "metal hit"} | change).samples
        assert not torch.equal(changed, plain)


@pytest.mark.parametrize("seconds", [0.2, 25.0])
def test_a_video_of_any_length_gets_sound_of_its_length(tiny_pipeline, tmp_path, seconds):
    video = make_video(tmp_path / "in.mp4", regular(10, round(seconds * 10)))
    last = OnsetTrack([seconds - 0.1])
    made = tiny_pipeline.generate(video, "metal hit", tmp_path / "out.mp4", onsets=last)
    files, sound = made.files, read_audio(made.files.sound).samples
    assert sound.shape == (1, round(seconds * SAMPLE_RATE))
    assert sound[:, -SAMPLE_RATE:].any()
    assert probe(files.video).duration == pytest.approx(seconds)
    assert read_audio(files.video).duration == pytest.approx(seconds, abs=0.03)


def test_no_onsets_are_a_silent_video_of_the_right_length(tiny_pipeline, clip, tmp_path):
    made = tiny_pipeline.generate(clip, "metal hit", tmp_path / "out.mp4", threshold=1.0)
    assert len(made.track) == 0
    assert not read_audio(made.files.sound).samples.any()
    assert read_audio(made.files.video).duration == pytest.approx(2.0, abs=0.03)


def test_a_track_without_a_duration_ends_after_its_last_onset(tiny_pipeline):
    assert tiny_pipeline.render(OnsetTrack([0.5, 1.0]), "metal hit").duration == 3.0
    assert tiny_pipeline.render(OnsetTrack([]), "metal hit").duration == 0.0


def test_the_settings_file_says_what_was_used(tiny_pipeline, tiny_preset, clip, tmp_path):
    reference = Waveform(torch.sin(torch.arange(24_000) / 9)[None], SAMPLE_RATE)
    output = tmp_path / "out.mp4"
    made = tiny_pipeline.generate(clip, reference, output, threshold=0.4, seed=2, guidance=1.5)
    kept = json.loads(made.files.settings.read_text())
    assert kept["video"] == {"name": "clip.mp4", "sha256": file_hash(clip)}
    asked = {"steps": 2, "guidance": 1.5, "solver": "dpmpp_2m", "seed": 2}
    assert kept["render"] == asked | {"final_noise_level": 0.0, "decay_gate": 0.0}
    assert (kept["threshold"], kept["onsets"]) == (0.4, len(made.track))
    assert (kept["prompt"]["seconds"], len(kept["prompt"]["sha256"])) == (0.5, 64)
    assert kept["weights"]["onset.safetensors"] == file_hash(tiny_preset / "onset.safetensors")
    assert kept["preset"]["name"] == "tiny"


def test_given_onsets_are_rendered_and_kept_with_what_they_say(tiny_pipeline, clip, tmp_path):
    given = OnsetTrack([0.5, 1.0], None, ["metal hit", ""], [0.5, 1.0], [1.0, 0.25])
    files = tiny_pipeline.generate(clip, "metal hit", tmp_path / "out.mp4", onsets=given).files
    assert OnsetTrack.read(files.onsets) == given
    assert json.loads(files.settings.read_text())["threshold"] is None


def test_progress_tells_both_stages_to_their_ends(tiny_pipeline, clip, tmp_path):
    heard = {}
    tiny_pipeline.generate(
        clip,
        "metal hit",
        tmp_path / "out.mp4",
        progress=lambda stage, done, total: heard.update({stage: (done, total)}),
    )
    assert heard == {"Looking for onsets": (30, 30), "Rendering sound": (2, 2)}


def test_progress_may_cancel_and_nothing_is_left(tiny_pipeline, clip, tmp_path):
    def cancel(stage, done, total):
        if stage == "Rendering sound":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tiny_pipeline.generate(clip, "metal hit", tmp_path / "out.mp4", progress=cancel)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"seed": -1}, "seed -1"),
        ({"steps": 0}, "1 step or more"),
        ({"guidance": float("inf")}, "no finite number"),
        ({"threshold": 2.0}, "no probability"),
        ({"prompt": ""}, "no words"),
        (
            {"prompt": Waveform(torch.zeros(1, 480), 48_000)},
            "choose a recording with an audible sound",
        ),
        ({"output": "out.txt"}, "must end in one of"),
        ({"onsets": OnsetTrack([2.5])}, "past the end"),
        ({"video": "missing.mp4"}, "there is no file"),
    ],
)
def test_what_cannot_be_used_is_told_before_any_work(
    tiny_pipeline, clip, tmp_path, monkeypatch, changes, reason
):
    monkeypatch.chdir(tmp_path)
    for work in ("models.detect_curve", "pipeline.deliver"):
        monkeypatch.setattr(f"syncfusion.product.{work}", None)
    settings = {"video": clip, "prompt": "metal hit", "output": "out.mp4"} | changes
    with pytest.raises(InputError, match=reason):
        tiny_pipeline.generate(**settings)
    assert list(tmp_path.iterdir()) == []


def test_the_input_is_never_written_over(tiny_pipeline, clip):
    before = file_hash(clip)
    with pytest.raises(InputError, match="is an input itself"):
        tiny_pipeline.generate(clip, "metal hit", clip)
    assert file_hash(clip) == before
