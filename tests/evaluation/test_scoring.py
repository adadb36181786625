"""Scoring sounds: right ones score high; wrong files are reported and never averaged in."""

from dataclasses import replace

import pytest
import torch

from helpers.shard_files import CountingEncoder
from helpers.struck_sounds import RATE, SECONDS, TIMES, save, struck, track
from syncfusion.errors import InputError
from syncfusion.evaluation.classifier import train_classifier
from syncfusion.evaluation.frechet.embedders import LogMel
from syncfusion.evaluation.frechet.set_metrics import with_distances
from syncfusion.evaluation.results import compare_systems
from syncfusion.evaluation.scoring import Candidate, Scorer, TargetClip, score_clip, score_system
from syncfusion.evaluation.sound_files import clip_name, files_by_clip, unmatched
from syncfusion.hits import cut_hits
from syncfusion.media.audio import Waveform
from syncfusion.track import OnsetTrack


def target(name: str = "a") -> TargetClip:
    return TargetClip(name, track(), struck())


def scored(sound: Waveform, path, n_channels: int = 1, scorer: Scorer | None = None, **candidate):
    candidate = Candidate(save(sound, path / "a.wav", n_channels), **candidate)
    return score_clip(target(), candidate, scorer or Scorer())


def test_the_recording_itself_is_right_and_has_no_problem(tmp_path):
    clip, problems = scored(struck(), tmp_path)
    assert problems == []
    assert clip.metrics["f_100ms"] == clip.metrics["target_f_100ms"] == 1.0
    assert clip.metrics["paper_accuracy"] == 1.0
    assert clip.metrics["envelope_distance"] == pytest.approx(0, abs=1e-4)
    assert clip.reference == track()
    assert len(clip.estimate) == len(TIMES)


def test_a_sound_at_other_times_scores_lower(tmp_path):
    late, _ = scored(struck([time + 0.2 for time in TIMES]), tmp_path)
    assert late.metrics["f_100ms"] < 0.5
    assert late.metrics["paper_accuracy"] < 1.0


def test_another_rate_is_resampled_and_said(tmp_path):
    clip, problems = scored(struck(rate=22_050), tmp_path)
    assert problems == ["a.wav: 22050 Hz, resampled to 48000 Hz"]
    assert clip.metrics["f_50ms"] == 1.0


def test_a_channel_too_many_is_mixed_down_and_said(tmp_path):
    clip, problems = scored(struck(), tmp_path, 2)
    assert problems == ["a.wav: 2 channels, mixed down to one"]
    assert clip.metrics["envelope_distance"] == pytest.approx(0, abs=1e-4)


def test_more_channels_than_loudness_is_defined_for_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"a.wav: 6 channels; mix it down"):
        scored(struck(), tmp_path, 6)


def test_a_silent_sound_is_scored_as_a_miss_and_reported(tmp_path):
    clip, problems = scored(Waveform(torch.zeros(1, round(SECONDS * RATE)), RATE), tmp_path)
    assert problems == ["a.wav: it is silent; scored as silence"]
    assert (clip.metrics["f_100ms"], clip.metrics["silent"]) == (0.0, 1.0)
    assert clip.metrics["prompt_similarity"] is None


def test_a_sound_of_another_length_is_said_and_has_no_envelope_distance(tmp_path):
    clip, problems = scored(struck(seconds=3.0), tmp_path)
    assert problems == ["a.wav: it lasts 3.00 s, its clip 2.20 s"]
    assert clip.metrics["envelope_distance"] is None


def test_the_excerpt_is_what_the_published_evaluation_hears(tmp_path):
    early = struck([0.1, *TIMES])
    whole, _ = scored(early, tmp_path)
    estimate, silenced = (
        scored(early, tmp_path, scorer=Scorer(excerpt=excerpt))[0].metrics
        for excerpt in ("start", "silenced start")
    )
    assert "excerpt_n_estimate" not in whole.metrics
    assert (estimate["excerpt_n_estimate"], silenced["excerpt_n_estimate"]) == (5.0, 4.0)
    assert estimate["paper_same_number"] < silenced["paper_same_number"]
    assert estimate["f_100ms"] == silenced["f_100ms"] == whole.metrics["f_100ms"] < 1.0


def test_with_clap_the_similarity_is_called_clap_score(tmp_path, monkeypatch):
    monkeypatch.setattr("syncfusion.evaluation.scoring.ClapPromptEncoder", CountingEncoder)
    same, _ = scored(struck(), tmp_path, scorer=Scorer(encoder=CountingEncoder()), prompt=struck())
    assert same.metrics["clap_score"] == pytest.approx(1, abs=1e-3)
    assert "prompt_similarity" not in same.metrics


def test_prompt_similarity_is_with_the_prompt_it_was_made_from(tmp_path):
    scorer, sound = Scorer(encoder=CountingEncoder()), struck()
    same, _ = scored(sound, tmp_path, scorer=scorer, prompt=sound)
    other, _ = scored(sound, tmp_path, scorer=scorer, prompt="metal hit")
    assert same.metrics["prompt_similarity"] == pytest.approx(1, abs=1e-3)
    assert other.metrics["prompt_similarity"] < 0


def test_hits_are_named_by_the_label_they_were_made_for(tmp_path):
    hits = [hit for seed in range(3) for hit in cut_hits(struck(seed=seed), track(), str(seed))]
    classifier = train_classifier(hits, part="material")
    classifier.predict = lambda hits, sample_rate: ["wood"] * len(hits)
    scorer = Scorer(classifiers=[classifier])
    shares = [
        scored(struck(), tmp_path, scorer=scorer, label=label)[0].metrics["material_accuracy"]
        for label in ("", "wood hit", "metal hit", "ringing")
    ]
    assert shares == [0.75, 1.0, 0.0, None]


def test_hits_are_cut_where_the_sound_was_given_onsets(tmp_path):
    hits = [hit for seed in range(3) for hit in cut_hits(struck(seed=seed), track(), str(seed))]
    classifier = train_classifier(hits, part="material")
    asked = []
    classifier.predict = lambda hits, sample_rate: asked.append(len(hits)) or ["wood"] * len(hits)
    onsets = OnsetTrack((0.5, 1.0), SECONDS)
    scorer, sound = Scorer(classifiers=[classifier]), struck(onsets.times)
    scored(sound, tmp_path, scorer=scorer, label="wood hit", onsets=onsets)
    scored(sound, tmp_path, scorer=scorer, label="wood hit")  # nothing sounds where it is annotated
    assert asked == [2]


def test_what_cannot_be_scored_is_reported_and_left_out(tmp_path):
    (tmp_path / "b.wav").write_bytes(b"no sound")
    targets = [target("a"), target("b"), target("c")._replace(reference=OnsetTrack((), SECONDS))]
    candidates = {name: Candidate(tmp_path / f"{name}.wav") for name in "abc"}
    save(struck(), tmp_path / "a.wav")
    system = score_system("peer", targets, candidates, Scorer(), problems=["before"])
    assert [clip.name for clip in system.clips] == ["a"]
    before, unreadable, empty, alone = system.problems
    assert before == "before"
    assert "b.wav" in unreadable
    assert unreadable.endswith("left out")
    assert empty == "c: its annotation is empty; left out"
    assert alone == "a single clip allows no paired test"
    assert system.summaries()["f_100ms"].interval is None


def test_files_belong_to_clips_by_their_names(tmp_path):
    for name in ("1_mic.mp4", "2.wav", "notes.md", ".hidden.wav"):
        (tmp_path / name).write_bytes(b"")
    assert [*files_by_clip(tmp_path, (".mp4", ".wav"))] == ["1", "2"]
    (tmp_path / "1.wav").write_bytes(b"")
    with pytest.raises(InputError, match=r"1.wav and 1_mic.mp4 .* both of the clip 1"):
        files_by_clip(tmp_path, (".mp4", ".wav"))
    assert clip_name(tmp_path / "1.times.csv") == clip_name(tmp_path / "1_times.txt") == "1"


def test_missing_and_extra_files_are_told(tmp_path):
    found = {"a": tmp_path / "a.wav", "x": tmp_path / "x.wav"}
    assert unmatched(["a", "b"], found) == [
        "b: there is no sound of it",
        "x.wav: no clip has this name; it is not scored",
    ]
    with pytest.raises(InputError, match="there is no folder"):
        files_by_clip(tmp_path / "none", (".wav",))
    with pytest.raises(InputError, match=r"holds no .wav"):
        files_by_clip(tmp_path, (".wav",))


def systems(tmp_path):
    targets = [target(name) for name in "abcd"]
    made = {"right": 0.0, "late": 0.15}
    found = []
    for name, shift in made.items():
        sound = struck([time + shift for time in TIMES])
        candidates = {n: Candidate(save(sound, tmp_path / name / f"{n}.wav")) for n in "abcd"}
        found.append(score_system(name, targets, candidates, Scorer()))
    return found


def test_pairs_of_systems_are_tested_on_the_clips_that_both_have(tmp_path):
    right, late = systems(tmp_path)
    late = replace(late, clips=late.clips[:3])
    found = {each.metric: each for each in compare_systems([right, late])}
    assert found["f_100ms"].test.difference == 1.0
    assert found["f_100ms"].test.n == 3
    assert (found["f_100ms"].first, found["f_100ms"].second) == ("right", "late")
    assert "prompt_similarity" not in found


def test_a_distance_says_what_it_rests_on(tmp_path):
    right, _ = systems(tmp_path)
    louder = [struck(level=0.9, seed=seed) for seed in range(4)]
    found = with_distances(right, lambda: [struck()] * 4, lambda: louder, [LogMel()])
    plain, infinity = (found.set_metrics[f"{kind}_logmel"] for kind in ("frechet", "frechet_inf"))
    assert plain.value is not None
    assert plain.value > 0
    assert (plain.n, plain.interval) == (4, None)
    assert infinity.interval is not None
    assert (plain.about["embedder"], plain.about["weights"]) == ("logmel", "none")


def test_a_distance_that_cannot_be_computed_is_a_problem(tmp_path):
    right, _ = systems(tmp_path)
    found = with_distances(right, lambda: [], lambda: [], [LogMel()])
    assert found.set_metrics == {}
    assert "no Fréchet distance by logmel: there are no sounds" in found.problems[-1]
