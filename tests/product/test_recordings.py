"""The user's own recordings at events."""

import json
import shutil

import pytest
import soundfile
import torch

from helpers.struck_sounds import struck
from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.library import SoundLibrary
from syncfusion.product import EventOptions
from syncfusion.track import OnsetTrack

TRACK = OnsetTrack([0.3, 0.9, 1.4], 2.0, ["wood hit", "metal hit", "wood hit"])
RENDERED = "syncfusion.rendering.events.sampling.draw"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "lib").mkdir()
    for number in range(3):
        sound = struck([0.1], seconds=0.5, seed=number).samples[0].numpy()
        soundfile.write(tmp_path / "lib" / f"wood hit {number}.wav", sound, SAMPLE_RATE)
    return tmp_path / "lib"


@pytest.fixture
def library(folder, tiny_pipeline, monkeypatch, tmp_path):
    monkeypatch.setenv("SYNCFUSION_HOME", str(tmp_path / "home"))
    return SoundLibrary.open(folder, tiny_pipeline.prompts)


def test_recordings_stand_at_the_events_they_suit_to_the_sample(tiny_pipeline, library):
    options = EventOptions(library=library)
    takes = tiny_pipeline.takes(TRACK, "metal hit", options=options)
    sound = tiny_pipeline.render(TRACK, "metal hit", options=options, mode="events").samples[0]
    alone = takes[0]
    start = round(0.3 * SAMPLE_RATE) - alone.attack
    length = min(alone.samples.shape[1], round(0.3 * SAMPLE_RATE))
    torch.testing.assert_close(sound[start : start + length], alone.samples[0, :length])
    assert abs(int(alone.samples[0].abs().argmax()) - alone.attack) < SAMPLE_RATE // 50


def test_sound_is_generated_only_where_nothing_fits(tiny_pipeline, library, monkeypatch):
    options = EventOptions(library=library)
    wood = OnsetTrack([0.3, 0.9], 2.0, ["wood hit", "wood hit"])
    monkeypatch.setattr(RENDERED, None)
    tiny_pipeline.render(wood, None, options=options, mode="events")
    with pytest.raises(TypeError):
        tiny_pipeline.render(TRACK, "glass scratch", options=options, mode="events", seed=99)


def test_detected_events_need_neither_label_nor_prompt(tiny_pipeline, library, monkeypatch):
    monkeypatch.setattr(RENDERED, None)
    takes = tiny_pipeline.takes(
        OnsetTrack([0.3, 0.9], 2.0), None, options=EventOptions(library=library)
    )
    assert all(take.samples.numel() for take in takes)


def test_a_reference_for_the_track_is_imitated_where_no_text_chooses(tiny_pipeline, library):
    reference = struck([0.1], seconds=0.5)
    options = EventOptions(library=library)
    texted, free = (
        tiny_pipeline.takes(OnsetTrack([0.3], 2.0, labels), reference, options=options)
        for labels in (["wood hit"], [""])
    )
    assert texted[0].key != free[0].key


def test_an_event_that_nothing_suits_needs_a_prompt(tiny_pipeline, library):
    with pytest.raises(InputError, match=r"event 3 at 1.4 s has no recording that suits and no pr"):
        tiny_pipeline.takes(
            OnsetTrack([0.3, 0.9, 1.4], 2.0, ["wood hit", "wood hit", "metal hit"]),
            None,
            options=EventOptions(library=library),
        )


def test_the_record_names_the_file_at_every_event_and_the_csv_keeps_it(
    tiny_pipeline, library, clip, tmp_path
):
    options, out = EventOptions(library=library), tmp_path / "out.mp4"
    made = tiny_pipeline.generate(
        clip, "metal hit", out, onsets=TRACK, options=options, mode="events"
    )
    events = json.loads(out.with_suffix(".json").read_text())["events"]
    files = [event.get("recording", {}).get("file", "") for event in events]
    assert [name[-14:-5] for name in files] == ["wood hit ", "", "wood hit "]
    again = tiny_pipeline.generate(
        clip,
        "metal hit",
        tmp_path / "again.mp4",
        onsets=OnsetTrack.read(made.files.onsets),
        seed=5,
        options=options,
        mode="events",
    )
    assert [e.extra.get("recording", "") for e in again.track] == [
        e.extra.get("recording", "") for e in made.track
    ]


def test_a_recording_that_is_gone_ends_in_a_sentence(tiny_pipeline, library, folder):
    shutil.rmtree(folder)
    with pytest.raises(InputError, match="is gone"):
        tiny_pipeline.takes(TRACK, "metal hit", options=EventOptions(library=library))


def test_a_table_of_the_users_is_not_rewritten_for_the_recordings_chosen(
    tiny_pipeline, library, clip, tmp_path
):
    table = tmp_path / "out.onsets.csv"
    table.write_text("# mine\ntime,label\n0.3,wood hit\n")
    tiny_pipeline.generate(
        clip,
        None,
        tmp_path / "out.mp4",
        onsets=OnsetTrack.read(table),
        options=EventOptions(library=library),
        mode="events",
    )
    assert table.read_text() == "# mine\ntime,label\n0.3,wood hit\n"


def test_a_soft_recording_is_the_same_one_and_loses_less_in_its_lows(tiny_pipeline, library):
    options = EventOptions(library=library)
    loud, soft = (
        tiny_pipeline.render(
            OnsetTrack([0.3], 2.0, ["wood hit"], extras=[cells]),
            None,
            options=options,
            mode="events",
        )
        .samples[0]
        .double()
        for cells in ({}, {"strength": "0.316228"})
    )
    frequencies = torch.fft.rfftfreq(len(loud), 1 / SAMPLE_RATE)
    power = [torch.fft.rfft(sound).abs().square() for sound in (loud, soft)]
    lows, highs = (frequencies < 400) & (frequencies > 150), frequencies > 2500
    falls = [10 * (power[0][band].sum() / power[1][band].sum()).log10() for band in (lows, highs)]
    assert falls[0] < 6.5
    assert falls[1] == pytest.approx(10.0, abs=0.1)
