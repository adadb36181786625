"""A result in a room: what is heard around the hits, and what stays as it was."""

import math

import pytest
import soundfile
import torch

from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.product import Surroundings
from syncfusion.product.sounds import Normalised
from syncfusion.track import OnsetTrack

TRACK = OnsetTrack([0.2], 2.0, ["wood hit"], gains=[0.2])


def dry(level=0.1):
    samples = torch.zeros(1, SAMPLE_RATE)
    samples[0, 9600] = level
    return Normalised([samples[:, :20_000], samples[:, 20_000:]], 20 * math.log10(level))


def test_nothing_is_added_where_nothing_is_wanted():
    sound = dry()
    assert Surroundings().around(sound, -1.0) is sound


def test_a_room_adds_its_reverberation_after_the_hit_and_nothing_before():
    wet = Surroundings(room="hall").around(dry(), -1.0).render()[0]
    assert wet[:9600].abs().max() < 1e-6
    assert wet[9600] == pytest.approx(0.1, abs=1e-5)
    assert wet[20_000:40_000].square().mean().sqrt() > 1e-5


def test_room_tone_fills_the_gaps():
    wet = Surroundings(ambience_db=-50.0).around(dry(), -1.0).render()[0]
    level = 20 * wet[20_000:40_000].square().mean().sqrt().log10()
    assert level == pytest.approx(-50, abs=3)


def test_what_is_written_is_what_is_rendered_and_states_its_levels(tmp_path):
    around = Surroundings(room="small", ambience_db=-60.0)
    levels = around.around(dry(), -1.0).write(tmp_path / "wet.wav", {})
    written = torch.from_numpy(soundfile.read(tmp_path / "wet.wav", dtype="float32")[0])
    rendered = around.around(dry(), -1.0).render()[0]
    torch.testing.assert_close(written, rendered, rtol=0, atol=2**-22)
    assert levels["peak_dbfs"] == pytest.approx(-20, abs=0.5)
    assert levels["dry"]["peak_dbfs"] == pytest.approx(-20, abs=0.1)
    assert list(tmp_path.iterdir()) == [tmp_path / "wet.wav"]


def test_a_wet_sound_does_not_pass_the_peak():
    around = Surroundings(room="hall", ambience_db=-20.0)
    wet = around.around(dry(0.89), -1.0).render()
    assert wet.abs().max() == pytest.approx(10 ** (-1 / 20), abs=1e-4)


def test_stems_stay_dry(tiny_pipeline, clip, tmp_path):
    files = [
        tiny_pipeline.generate(
            clip,
            "wood hit",
            tmp_path / f"{room}.mp4",
            onsets=TRACK,
            mode="events",
            stems=True,
            surroundings=Surroundings(room=room),
        )
        for room in ("dry", "small")
    ]
    (one,), (other,) = ([path.read_bytes() for path in made.stems.values()] for made in files)
    assert one == other
    assert files[0].files.sound.read_bytes() != files[1].files.sound.read_bytes()


def test_an_unknown_room_is_refused_before_any_work(tiny_pipeline, clip, tmp_path):
    with pytest.raises(InputError, match="'attic'"):
        tiny_pipeline.generate(
            clip, "wood hit", tmp_path / "out.mp4", surroundings=Surroundings(room="attic")
        )
    assert list(tmp_path.iterdir()) == []
