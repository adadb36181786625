"""Every event its own sound: what an edit changes, and what it leaves as it was."""

import json

import pytest
import soundfile
import torch

from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.media import Waveform, write_wav
from syncfusion.product import EventOptions, following
from syncfusion.product.event_tracks import numbered
from syncfusion.rendering import TakeCache
from syncfusion.track import Onset, OnsetTrack

TRACK = numbered(
    OnsetTrack(
        [0.2, 0.9, 1.4], 2.0, ["wood hit", "metal hit", "wood hit"], gains=[0.25, 0.25, 0.2]
    ),
    3,
)
NO_MODEL = "syncfusion.rendering.events.sampling.draw"


def edited(track: OnsetTrack, place: int, **changes) -> OnsetTrack:
    """The track with another time, gain or cells of one event."""
    events = list(track)
    cells = {name: changes.pop(name) for name in set(changes) - {"time", "gain"}}
    events[place] = events[place]._replace(**changes, extra={**events[place].extra, **cells})
    return OnsetTrack.from_onsets(events, track.duration)


def whole(pipeline, track, prompt="metal hit", **options):
    """Samples on the grid of 24 bits."""
    sound = pipeline.render(track, prompt, mode="events", **options).samples[0]
    return (sound.double() * 2**23).long()


def grid(path):
    return torch.from_numpy(soundfile.read(path, dtype="int32")[0]) >> 8


def test_there_is_a_take_for_every_event_and_a_muted_one_is_silent(tiny_pipeline):
    takes = tiny_pipeline.takes(edited(TRACK, 1, mute="1"), "metal hit")
    assert [take.samples.numel() > 0 for take in takes] == [True, False, True]
    assert takes[0].key != takes[2].key


def test_moving_muting_gain_and_order_need_no_model(tiny_pipeline, monkeypatch):
    before = whole(tiny_pipeline, TRACK)
    monkeypatch.setattr(NO_MODEL, None)
    alone = whole(tiny_pipeline, OnsetTrack.from_onsets([list(TRACK)[1]], 2.0))
    muted = whole(tiny_pipeline, edited(TRACK, 1, mute="yes"))
    assert torch.equal(before - alone, muted)
    doubled = whole(tiny_pipeline, edited(TRACK, 1, gain=0.5))
    assert (doubled - muted - 2 * alone).abs().max() <= 1  # of 2**23, by rounding
    moved = whole(tiny_pipeline, edited(TRACK, 1, time=1.6))
    shift = round(0.7 * SAMPLE_RATE)
    assert torch.equal((moved - muted)[shift : shift + 60_000], alone[:60_000])


def test_another_take_of_one_event_leaves_every_other_sample(tiny_pipeline):
    before, after = (whole(tiny_pipeline, t) for t in (TRACK, edited(TRACK, 2, seed="77")))
    assert torch.equal(before[:66_000], after[:66_000])
    assert not torch.equal(before, after)
    rest = OnsetTrack.from_onsets(list(TRACK)[:2], 2.0)
    one, other = (
        whole(tiny_pipeline, OnsetTrack.from_onsets([list(t)[2]], 2.0))
        for t in (TRACK, edited(TRACK, 2, seed="77"))
    )
    assert torch.equal(before - one, after - other)
    assert torch.equal(whole(tiny_pipeline, rest), before - one)


def test_a_deleted_and_an_inserted_event_leave_all_others(tiny_pipeline):
    events = list(TRACK)
    before, without = (
        whole(tiny_pipeline, OnsetTrack.from_onsets(some, 2.0)) for some in (events, events[1:])
    )
    first = whole(tiny_pipeline, OnsetTrack.from_onsets(events[:1], 2.0))
    assert torch.equal(before - first, without)
    inserted = whole(tiny_pipeline, OnsetTrack.from_onsets([*events, Onset(0.5, gain=0.25)], 2.0))
    new = numbered(OnsetTrack.from_onsets([*events, Onset(0.5, gain=0.25)], 2.0), 0)
    own = OnsetTrack.from_onsets([event for event in new if event.time == 0.5], 2.0)
    assert torch.equal(inserted - whole(tiny_pipeline, own), before)


def test_the_file_holds_what_render_returns_and_seeds_and_ids(tiny_pipeline, clip, tmp_path):
    bare = OnsetTrack(TRACK.times, 2.0, TRACK.labels, gains=TRACK.gains)
    made = tiny_pipeline.generate(
        clip, "metal hit", tmp_path / "out.mp4", onsets=bare, seed=3, mode="events"
    )
    assert torch.equal(grid(made.files.sound), whole(tiny_pipeline, bare, seed=3))
    written = OnsetTrack.read(made.files.onsets, 2.0)
    assert [extra["seed"] for extra in written.extras] == ["3", "4", "5"]
    assert len({extra["id"] for extra in written.extras}) == 3
    again = whole(tiny_pipeline, written, seed=1000)
    assert torch.equal(again, grid(made.files.sound))
    kept = json.loads(made.files.settings.read_text())
    assert kept["mode"] == "events"
    assert [event["seed"] for event in kept["events"]] == [3, 4, 5]
    takes = tiny_pipeline.takes(written, "metal hit")
    assert [event["take"] for event in kept["events"]] == [take.key for take in takes]


def test_events_have_prompts_of_their_own_and_labels_where_asked(tiny_pipeline):
    own = edited(TRACK, 0, prompt="glass hit")
    plain, given, labelled = (
        [take.key for take in tiny_pipeline.takes(track, "leaf hit", options=options)]
        for track, options in (
            (TRACK, EventOptions()),
            (own, EventOptions()),
            (own, EventOptions(by_label=True)),
        )
    )
    assert [a == b for a, b in zip(plain, given, strict=True)] == [False, True, True]
    assert [a == b for a, b in zip(given, labelled, strict=True)] == [True, False, False]


def test_a_reference_is_found_beside_the_events(tiny_pipeline, tmp_path):
    write_wav(Waveform(torch.sin(torch.arange(9000) / 9)[None], SAMPLE_RATE), tmp_path / "k.wav")
    track = edited(TRACK, 1, reference="k.wav")
    takes = tiny_pipeline.takes(track, "metal hit", options=EventOptions(folder=tmp_path))
    assert takes[1].key != tiny_pipeline.takes(TRACK, "metal hit")[1].key


def test_a_reference_is_never_written_over(tiny_pipeline, clip, tmp_path):
    own = tmp_path / "o.wav"
    write_wav(Waveform(torch.sin(torch.arange(9000) / 9)[None], SAMPLE_RATE), own)
    before = own.read_bytes()
    with pytest.raises(InputError, match="is an input itself"):
        tiny_pipeline.generate(
            clip,
            "hit",
            tmp_path / "o.mp4",
            onsets=edited(TRACK, 1, reference="o.wav"),
            mode="events",
            options=EventOptions(folder=tmp_path),
            overwrite=True,
        )
    assert own.read_bytes() == before


@pytest.mark.parametrize("by_label", [False, True])
def test_stems_add_up_to_the_mix_to_the_sample(tiny_pipeline, clip, tmp_path, by_label):
    loud = edited(edited(TRACK, 1, prompt="Glass / hit"), 2, gain=9.0)
    options = EventOptions(by_label=by_label)
    with_stems, without = (
        tiny_pipeline.generate(
            clip,
            "wood hit",
            tmp_path / str(stems) / "o.mp4",
            onsets=loud,
            mode="events",
            options=options,
            stems=stems,
        )
        for stems in (True, False)
    )
    names = {name: path.name for name, path in with_stems.stems.items()}
    assert names == {"wood hit": "wood-hit.wav", "Glass / hit": "glass-hit.wav"}
    parts = [grid(path) for path in with_stems.stems.values()]
    assert all(part.any() for part in parts)
    assert torch.equal(sum(parts), grid(with_stems.files.sound))
    assert with_stems.files.sound.read_bytes() == without.files.sound.read_bytes()
    form = {
        (soundfile.info(p).subtype, soundfile.info(p).frames) for p in with_stems.stems.values()
    }
    assert form == {("PCM_24", 96_000)}
    level = json.loads(with_stems.files.settings.read_text())["sound"]
    assert level["peak_dbfs"] <= -1.0
    assert level["gain_db"] < -3


def test_groups_whose_names_make_one_file_are_numbered(tiny_pipeline, clip, tmp_path):
    track = edited(edited(TRACK, 0, prompt="wood-hit"), 1, prompt="Wood hit!")
    made = tiny_pipeline.generate(
        clip, "wood hit", tmp_path / "o.mp4", onsets=track, mode="events", stems=True
    )
    assert [p.name for p in made.stems.values()] == [
        "wood-hit.wav",
        "wood-hit-2.wav",
        "wood-hit-3.wav",
    ]


def test_a_file_of_somebody_else_is_no_stem(tiny_pipeline, clip, tmp_path):
    (tmp_path / "o.stems").mkdir()
    (tmp_path / "o.stems" / "wood-hit.wav").write_text("mine")
    with pytest.raises(InputError, match="was not made by syncfusion"):
        tiny_pipeline.generate(
            clip, "wood hit", tmp_path / "o.mp4", onsets=TRACK, mode="events", stems=True
        )
    assert [path.name for path in tmp_path.iterdir()] == ["o.stems"]


def test_a_cancelled_render_leaves_nothing_and_goes_on_from_its_takes(
    tiny_pipeline, clip, tmp_path
):
    cache = TakeCache(tmp_path / "takes")

    def cancel(stage, done, total):
        if done == total - 1:
            raise KeyboardInterrupt

    request = {"onsets": TRACK, "mode": "events", "cache": cache}
    with pytest.raises(KeyboardInterrupt):
        tiny_pipeline.generate(clip, "leaf hit", tmp_path / "o.mp4", progress=cancel, **request)
    assert [path.name for path in tmp_path.iterdir()] == ["takes"]
    told = []
    tiny_pipeline.generate(
        clip, "leaf hit", tmp_path / "o.mp4", progress=lambda *each: told.append(each), **request
    )
    assert told[-1] == ("Rendering sound", 2, 2)  # one take of two steps was missing


@pytest.mark.parametrize(
    ("track", "prompt", "reason"),
    [
        (edited(TRACK, 1, reference="gone.wav"), "hit", r"event 2 at 0\.9 s: .*gone\.wav"),
        (edited(TRACK, 1, prompt="!"), "hit", r"event 2 at 0\.9 s: .*no words"),
        (edited(TRACK, 1, prompt="a", reference="b"), "hit", "event 2 at 0.9 s has the prompt"),
        (TRACK, None, r"event 1 at 0\.2 s has no prompt"),
        (edited(TRACK, 2, end="40"), "hit", r"event 3 at 1\.4 s: .*too long"),
        (edited(TRACK, 2, seed="many"), "hit", "event 3 at 1.4 s has the seed 'many'"),
        (edited(TRACK, 2, strength="9"), "hit", "event 3 at 1.4 s has the strength '9'; give 0.1"),
    ],
)
def test_an_event_that_cannot_be_rendered_is_named(tiny_pipeline, track, prompt, reason):
    with pytest.raises(InputError, match=reason):
        tiny_pipeline.render(track, prompt, mode="events")


@pytest.mark.parametrize(("time", "reason"), [(-0.01, "times start at 0"), (2.0, "past the end")])
def test_an_event_that_was_nudged_out_of_the_clip_is_refused(time, reason):
    with pytest.raises(InputError, match=reason):
        edited(TRACK, 1, time=time)


def test_crowds_of_events_are_laid_one_by_one(tiny_pipeline):
    crowd = OnsetTrack(
        [0.5, 0.5, *(0.5 + n / 200 for n in range(1, 200))],
        2.0,
        gains=[0.01] * 201,
        extras=[{"seed": "0"}] * 201,
    )
    one = OnsetTrack([0.5], 2.0, gains=[0.01], extras=[{"seed": "0"}])
    sample = round(0.5 * SAMPLE_RATE) - 100
    assert whole(tiny_pipeline, crowd)[sample] == 2 * whole(tiny_pipeline, one)[sample] != 0


def test_two_events_on_one_sample_are_the_sum_of_both(tiny_pipeline):
    both = OnsetTrack([0.5, 0.5], 2.0, gains=[0.25, 0.25], extras=[{"seed": "1"}, {"seed": "2"}])
    one, other = (OnsetTrack.from_onsets([event], 2.0) for event in both)
    assert torch.equal(
        whole(tiny_pipeline, both), whole(tiny_pipeline, one) + whole(tiny_pipeline, other)
    )


def test_no_events_are_silence_of_the_right_length(tiny_pipeline, clip, tmp_path):
    empty = OnsetTrack([], 2.0)
    sound = tiny_pipeline.render(empty, "hit", mode="events")
    assert sound.samples.shape == (1, 96_000)
    assert not sound.samples.any()
    made = tiny_pipeline.generate(
        clip, "hit", tmp_path / "o.mp4", onsets=empty, mode="events", stems=True
    )
    assert (len(grid(made.files.sound)), made.stems) == (96_000, {})


@pytest.mark.slow
def test_five_thousand_events_of_one_take_are_one_rendering(tiny_pipeline, tmp_path):
    times = [n * 0.02 for n in range(5000)]
    cells = [{"seed": "9", "end": f"{time + 0.01}"} for time in times]
    many = OnsetTrack(times, 100.5, gains=[0.01] * 5000, extras=cells)
    sound = tiny_pipeline.render(many, "metal hit", mode="events", cache=TakeCache(tmp_path))
    assert sound.duration == 100.5
    assert len(list(tmp_path.rglob("*.take"))) == 1


def test_stems_of_a_whole_track_and_an_unknown_mode_are_refused(tiny_pipeline, clip, tmp_path):
    with pytest.raises(InputError, match="has no stems"):
        tiny_pipeline.generate(clip, "hit", tmp_path / "o.mp4", stems=True, mode="track")
    with pytest.raises(InputError, match="no way to render 'both'"):
        tiny_pipeline.render(TRACK, "hit", mode="both")
    with pytest.raises(InputError, match="needs a prompt"):
        tiny_pipeline.render(TRACK, None, mode="track")


def test_a_round_robin_renders_few_takes_and_varies_them_all_but_locked_ones(
    tiny_pipeline, tmp_path
):
    times = [0.1 * n for n in range(12)]
    track = OnsetTrack(times, 3.0, extras=[{"locked": "1"}, *[{}] * 11])
    options, cache = EventOptions(round_robin=3), TakeCache(tmp_path)
    takes = tiny_pipeline.takes(track, "hit", options=options, cache=cache)
    assert len(list(tmp_path.rglob("*.take"))) == 3
    assert len({take.samples.shape[1] for take in takes}) > 3
    assert torch.equal(takes[0].samples, tiny_pipeline.takes(track, "hit")[0].samples)
    again = numbered(track, 0)
    shorter = OnsetTrack.from_onsets([e for e in again if e.time != times[5]], 3.0)
    kept = tiny_pipeline.takes(shorter, "hit", options=options, cache=cache)
    assert [take.key for take in kept] == [take.key for n, take in enumerate(takes) if n != 5]


def test_variations_are_rendered_together_and_each_is_what_it_is_alone(
    tiny_pipeline, tmp_path, monkeypatch
):
    alone, (track, seed) = [], (edited(TRACK, 1, locked="1"), 40)
    for number in range(3):
        cache = TakeCache(tmp_path / f"alone-{number}")
        alone.append(whole(tiny_pipeline, track, seed=seed, cache=cache))
        track, seed = following(track, seed)
    cache, totals = TakeCache(tmp_path / "together"), []
    together, (track, seed) = [], (edited(TRACK, 1, locked="1"), 40)
    options = EventOptions(variations=3)
    for _ in range(3):
        progress = lambda stage, done, total: totals.append(total)  # noqa: E731
        made = whole(
            tiny_pipeline, track, seed=seed, cache=cache, options=options, progress=progress
        )
        together.append(made)
        monkeypatch.setattr(NO_MODEL, None)  # all takes are there after the first
        (track, seed), options = following(track, seed), EventOptions()
    assert all(map(torch.equal, together, alone))
    assert not torch.equal(*together[:2])
    steps = tiny_pipeline.preset.settings.steps
    assert set(totals) == {steps * (3 + 2 + 2)}  # the locked event keeps its take


def struck_at(track: OnsetTrack, strength: str) -> OnsetTrack:
    """The track with a strength for all events."""
    events = [e._replace(extra={**e.extra, "strength": strength}) for e in track]
    return OnsetTrack.from_onsets(events, track.duration)


@pytest.mark.parametrize("round_robin", [0, 2])
def test_a_strength_of_one_or_nothing_is_the_sound_of_before(tiny_pipeline, round_robin):
    options = EventOptions(round_robin=round_robin)
    before = whole(tiny_pipeline, TRACK, options=options)
    for cell in ("", "1", "1.0"):
        assert torch.equal(whole(tiny_pipeline, struck_at(TRACK, cell), options=options), before)


@pytest.mark.parametrize("round_robin", [0, 2])
def test_a_softer_event_needs_no_model_and_loses_less_in_its_lows(
    tiny_pipeline, monkeypatch, round_robin
):
    options = EventOptions(round_robin=round_robin)
    loud = whole(tiny_pipeline, TRACK, options=options)
    monkeypatch.setattr(NO_MODEL, None)
    soft = whole(tiny_pipeline, struck_at(TRACK, "0.316228"), options=options)
    frequencies = torch.fft.rfftfreq(len(loud), 1 / SAMPLE_RATE)
    power = [torch.fft.rfft(sound.double()).abs().square() for sound in (loud, soft)]
    lows, highs = (frequencies < 400) & (frequencies > 150), frequencies > 2500
    falls = [10 * (power[0][band].sum() / power[1][band].sum()).log10() for band in (lows, highs)]
    assert falls[0] == pytest.approx(5.4, abs=0.3)
    assert falls[1] == pytest.approx(10.0, abs=0.1)


def test_gain_is_a_fader_on_a_soft_event_and_the_others_stay(tiny_pipeline):
    soft = edited(TRACK, 0, strength="0.3")
    alone, louder = (
        whole(tiny_pipeline, OnsetTrack.from_onsets([list(track)[0]], 2.0))
        for track in (edited(soft, 0, gain=1.0), edited(soft, 0, gain=2.0))
    )
    assert alone.any()
    assert torch.equal(louder, 2 * alone)  # 6.02 dB
    muted = whole(tiny_pipeline, edited(TRACK, 0, mute="1"))
    own = whole(tiny_pipeline, OnsetTrack.from_onsets([list(soft)[0]], 2.0))
    assert torch.equal(whole(tiny_pipeline, soft) - own, muted)


def test_takes_keep_their_keys_and_the_record_names_strengths(tiny_pipeline, clip, tmp_path):
    soft = edited(TRACK, 1, strength="0.3")
    made = tiny_pipeline.generate(
        clip, "metal hit", tmp_path / "o.mp4", onsets=soft, mode="events", stems=True
    )
    record = json.loads(made.files.settings.read_text())["events"]
    assert [event.get("strength") for event in record] == [None, 0.3, None]
    takes = tiny_pipeline.takes(TRACK, "metal hit")
    assert [event["take"] for event in record] == [take.key for take in takes]
    written = OnsetTrack.read(made.files.onsets, 2.0)
    assert [extra["strength"] for extra in written.extras] == ["", "0.3", ""]
    assert torch.equal(whole(tiny_pipeline, written, seed=9), grid(made.files.sound))
    assert torch.equal(sum(map(grid, made.stems.values())), grid(made.files.sound))
    again, _ = following(written, 3)
    assert again.extras[1]["strength"] == "0.3"
