"""Sounds made for a test set: the same bytes in any company, resumed, and a control that loses."""

import json
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import pytest
import torch

from helpers.struck_sounds import SECONDS, TIMES, save, struck, track
from syncfusion.errors import InputError
from syncfusion.evaluation.scoring import TargetClip
from syncfusion.experiments.conditions import Request
from syncfusion.experiments.render_set import render_set
from syncfusion.experiments.renderers import (
    EventRenderer,
    ModelRenderer,
    RecordingsRenderer,
    clip_seed,
    untrained,
)
from syncfusion.media.audio import Waveform, read_audio
from syncfusion.track import OnsetTrack


def request(name: str, seconds: float = SECONDS, prompt: str = "wood hit") -> Request:
    times = [time for time in (*TIMES, 3.0, 5.5) if time < seconds]
    given = OnsetTrack(times, seconds)
    return Request(TargetClip(name, given, struck(seconds=seconds)), given, prompt, "")


REQUESTS = [request("a"), request("b", 6.0, "metal scratch"), request("c"), request("d", 2.9)]


def contents(paths: dict[str, Path]) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in paths.items()}


@pytest.mark.parametrize("fast", [True, False])
def test_the_bytes_do_not_depend_on_the_batch_size(tiny_pipeline, tmp_path, monkeypatch, fast):
    monkeypatch.setattr("syncfusion.device.bfloat16_is_fast", lambda device: fast)
    renderer = ModelRenderer(tiny_pipeline, seed=1)
    made = [
        contents(render_set(renderer, REQUESTS, tmp_path / str(size), batch_size=size))
        for size in (1, 2, 3, 8)
    ]
    assert made[0] == made[1] == made[2] == made[3]
    assert len(set(made[0].values())) == len(REQUESTS)


def test_another_seed_and_another_name_are_another_sound(tiny_pipeline):
    renderer, other = ModelRenderer(tiny_pipeline, seed=1), ModelRenderer(tiny_pipeline, seed=2)
    first, renamed = renderer([request("a"), request("b")])
    (reseeded,) = other([request("a")])
    assert not torch.equal(first.samples, renamed.samples)
    assert not torch.equal(first.samples, reseeded.samples)


def test_what_is_evaluated_is_what_a_user_gets(tiny_pipeline, monkeypatch):
    # in bfloat16 windows that are drawn together differ from one drawn alone in the second digit
    monkeypatch.setattr("syncfusion.rendering.render.fast_arithmetic", lambda device: nullcontext())
    job = REQUESTS[1]  # of several windows
    (sound,) = ModelRenderer(tiny_pipeline, seed=1)([job])
    own = tiny_pipeline.render(job.onsets, job.prompt, seed=clip_seed(1, "b"))
    assert sound.samples.shape == own.samples.shape
    torch.testing.assert_close(sound.samples, own.samples, atol=2e-3, rtol=0)


def test_a_row_by_events_is_what_a_user_gets_by_events_and_says_so(tiny_pipeline):
    renderer, job = EventRenderer(tiny_pipeline, seed=1), request("b", 2.9)
    (sound,) = renderer([job])
    own = tiny_pipeline.render(job.onsets, job.prompt, mode="events", seed=clip_seed(1, "b"))
    assert torch.equal(sound.samples, own.samples)
    assert renderer.about["mode"] == "events"
    assert "mode" not in ModelRenderer(tiny_pipeline, seed=1).about


def test_a_clip_without_onsets_is_silent_and_as_long(tiny_pipeline):
    empty = Request(TargetClip("e", track(), None), OnsetTrack((), 1.5), "wood hit", "")
    (sound,) = ModelRenderer(tiny_pipeline)([empty])
    assert sound.samples.shape == (1, 72_000)
    assert not sound.samples.any()


class Counting:
    """Makes the recordings, and remembers which; stops after some."""

    def __init__(self, about: str = "", limit: int = 100) -> None:
        self.about, self.limit, self.made = {"about": about}, limit, []

    def settings(self, request: Request) -> dict:
        return {"prompt": request.prompt, "times": request.onsets.times}

    def __call__(self, requests: Sequence[Request]) -> list[Waveform]:
        if len(self.made) + len(requests) > self.limit:
            raise InputError("interrupted")
        self.made += [request.target.name for request in requests]
        return [struck() for _ in requests]


def test_a_finished_clip_is_not_made_again(tmp_path):
    first, second = Counting(), Counting()
    paths = render_set(first, REQUESTS, tmp_path)
    assert render_set(second, REQUESTS, tmp_path) == paths
    assert (first.made, second.made) == (["a", "b", "c", "d"], [])


def test_an_interrupted_set_is_gone_on_with(tmp_path):
    with pytest.raises(InputError):
        render_set(Counting(limit=2), REQUESTS, tmp_path)
    rest = Counting()
    render_set(rest, REQUESTS, tmp_path)
    assert rest.made == ["c", "d"]


def test_a_half_written_or_changed_file_is_made_again(tmp_path):
    paths = render_set(Counting(), REQUESTS, tmp_path)
    paths["b"].write_bytes(paths["b"].read_bytes()[:100])
    paths["d"].unlink()
    again = Counting()
    render_set(again, REQUESTS, tmp_path)
    assert again.made == ["b", "d"]
    assert read_audio(paths["b"]).duration == SECONDS


def test_other_settings_are_made_again(tmp_path):
    render_set(Counting(), REQUESTS, tmp_path)
    changed = Counting()
    render_set(changed, [REQUESTS[0], REQUESTS[1]._replace(prompt="glass hit")], tmp_path)
    otherwise = Counting("otherwise")
    render_set(otherwise, REQUESTS, tmp_path)
    assert changed.made == ["b"]
    assert otherwise.made == ["a", "b", "c", "d"]
    told = json.loads((tmp_path / "settings.json").read_text())
    assert told["made"] == {"about": "otherwise"}
    assert told["clips"]["b"]["prompt"] == "metal scratch"


def test_settings_that_are_not_understood_are_not_overwritten(tmp_path):
    (tmp_path / "settings.json").write_text("[]")
    with pytest.raises(InputError, match="is not a settings file"):
        render_set(Counting(), REQUESTS, tmp_path)


def test_settings_name_the_weights_and_the_control_does_not_claim_them(tiny_pipeline):
    trained, control = (
        ModelRenderer(tiny_pipeline),
        ModelRenderer(tiny_pipeline, weights="random, seed 0"),
    )
    assert len(trained.about["weights"]["diffusion.safetensors"]) == 64
    assert control.about["weights"]["diffusion.safetensors"] == "random, seed 0"
    assert control.about["weights"]["prompt.safetensors"] in trained.about["weights"].values()
    seed = trained.settings(request("a"))["seed"]
    assert seed == clip_seed(0, "a") != clip_seed(1, "a")


def test_the_control_has_the_same_architecture_and_other_weights(tiny_pipeline):
    first, again, other = (untrained(tiny_pipeline, seed).diffusion for seed in (0, 0, 1))
    trained = tiny_pipeline.diffusion.state_dict()
    assert {k: v.shape for k, v in first.state_dict().items()} == {
        k: v.shape for k, v in trained.items()
    }
    name = next(key for key, value in trained.items() if key.startswith("unet") and value.ndim > 1)
    weights = [model.state_dict()[name] for model in (first, again, other)]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])
    assert torch.equal(first.state_dict()["front_end.scale"], trained["front_end.scale"])


def test_recordings_are_written_as_they_are(tmp_path):
    paths = render_set(RecordingsRenderer(), [request("a")], tmp_path)
    expected = save(struck(), tmp_path / "expected.wav")
    torch.testing.assert_close(
        read_audio(paths["a"]).samples, read_audio(expected).samples, atol=1e-4, rtol=0
    )
