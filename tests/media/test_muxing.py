import av
import numpy as np
import pytest
import soundfile
import torch

from helpers.media_files import make_video, regular, shown
from helpers.muxed_files import RATE, assert_clicks_in_place, frames_of, make_clicks, packets_of
from syncfusion.errors import InputError
from syncfusion.media import muxing
from syncfusion.media.audio import read_audio
from syncfusion.media.muxing import mux
from syncfusion.media.video import probe

QUARTER_TURN = (0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)


@pytest.mark.parametrize(
    ("suffix", "rate", "fps", "b_frames", "start"),
    [
        ("mp4", RATE, 25, 2, 0.0),
        ("mp4", 44_100, 60, 0, 0.7),
        ("mov", 44_100, 25, 2, 0.0),
        ("mov", RATE, 60, 0, 0.7),
        ("mkv", RATE, 25, 2, 0.0),
        ("mkv", 44_100, 60, 0, 0.7),
    ],
)
def test_sound_is_in_sync_and_pictures_are_untouched(tmp_path, suffix, rate, fps, b_frames, start):
    n_pictures = 2 * fps + 1
    video = make_video(
        tmp_path / f"in.{suffix}", regular(fps, n_pictures, start), b_frames=b_frames
    )
    output = tmp_path / f"out.{suffix}"
    mux(video, make_clicks(tmp_path / "a.wav", rate=rate), output)
    assert_clicks_in_place(output)
    assert probe(output).duration == pytest.approx(probe(video).duration, abs=0.5 / fps)
    assert packets_of(output) == packets_of(video)
    assert torch.equal(frames_of(output), frames_of(video))


@pytest.mark.parametrize("n_channels", [1, 2])
def test_webm_gets_opus(tmp_path, n_channels):
    video = make_video(tmp_path / "in.webm", regular(25, 50), codec="libvpx-vp9")
    sound = make_clicks(tmp_path / "a.wav", n_channels=n_channels)
    mux(video, sound, tmp_path / "out.webm")
    assert_clicks_in_place(tmp_path / "out.webm")
    with av.open(str(tmp_path / "out.webm")) as container:
        assert container.streams.audio[0].codec_context.name.endswith("opus")
        assert container.streams.audio[0].channels == n_channels


@pytest.mark.parametrize("sound_length", [0.8, 5.0])
def test_the_result_is_as_long_as_the_video_whatever_the_sound(tmp_path, sound_length):
    video = make_video(tmp_path / "in.mp4", regular(25, 50))
    mux(video, make_clicks(tmp_path / "a.wav", duration=sound_length), tmp_path / "out.mp4")
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert container.duration / av.time_base == pytest.approx(2.0, abs=0.04)
    assert read_audio(tmp_path / "out.mp4").duration == pytest.approx(2.0, abs=0.04)


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv"])
def test_rotation_is_kept(tmp_path, suffix):
    video = make_video(tmp_path / "in.mp4", regular(25, 10), matrix=QUARTER_TURN, corner=True)
    output = tmp_path / f"out.{suffix}"
    mux(video, make_clicks(tmp_path / "a.wav"), output)
    assert (probe(output).rotation, probe(output).width) == (90, 48)
    assert torch.equal(frames_of(output), frames_of(video))


def test_the_old_sound_is_dropped(tmp_path):
    old = np.zeros(RATE * 2, np.float32)
    old[RATE] = 0.9
    video = make_video(tmp_path / "in.mp4", regular(25, 50), sound=old)
    mux(video, make_clicks(tmp_path / "a.wav"), tmp_path / "out.mp4")
    assert read_audio(tmp_path / "out.mp4").samples[0, RATE - 100 : RATE + 100].abs().max() < 0.1


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_the_same_input_gives_the_same_bytes(tmp_path, suffix):
    video = make_video(tmp_path / "in.mp4", regular(25, 10))
    sound = make_clicks(tmp_path / "a.wav")
    for name in ("one", "two"):
        mux(video, sound, tmp_path / f"{name}.{suffix}")
    one, two = (tmp_path / f"{name}.{suffix}" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_hevc_is_tagged_as_apple_players_require(tmp_path):
    video = make_video(tmp_path / "in.mkv", regular(25, 10), codec="libx265")
    mux(video, make_clicks(tmp_path / "a.wav"), tmp_path / "out.mp4")
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert container.streams.video[0].codec_context.codec_tag == "hvc1"
    assert torch.equal(frames_of(tmp_path / "out.mp4"), frames_of(video))


def test_pictures_hidden_by_an_edit_list_stay_hidden(tmp_path):
    video = make_video(tmp_path / "in.mov", regular(25, 55, start=-0.2))
    mux(video, make_clicks(tmp_path / "a.wav"), tmp_path / "out.mp4")
    assert shown(frames_of(tmp_path / "out.mp4"))[:3] == [5, 6, 7]
    assert_clicks_in_place(tmp_path / "out.mp4")
    with pytest.raises(InputError, match="ends in .mp4"):
        mux(video, tmp_path / "a.wav", tmp_path / "out.mkv")


def test_a_stream_without_lengths_of_pictures_keeps_its_duration(tmp_path):
    video = make_video(tmp_path / "in.ts", regular(25, 50))
    for suffix in ("mp4", "mkv"):
        mux(video, make_clicks(tmp_path / "a.wav"), tmp_path / f"out.{suffix}")
        assert probe(tmp_path / f"out.{suffix}").duration == pytest.approx(2.0)


def test_varying_times_of_pictures_are_kept(tmp_path):
    video = make_video(tmp_path / "in.mp4", [0.0, 0.04, 0.3, 0.31, 0.7, 0.95, 1.5, 1.52])
    mux(video, make_clicks(tmp_path / "a.wav"), tmp_path / "out.mkv")
    assert shown(frames_of(tmp_path / "out.mkv")) == shown(frames_of(video))


def test_what_cannot_be_written_is_refused_and_leaves_nothing(tmp_path):
    video = make_video(tmp_path / "in.mp4", regular(25, 10))
    sound = make_clicks(tmp_path / "a.wav")
    soundfile.write(tmp_path / "six.wav", np.zeros((10, 6)), RATE)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    refusals = [
        (video, sound, video, "is the video itself"),
        (video, sound, tmp_path / "out.webm", "choose a name that ends in .mp4"),
        (video, sound, tmp_path / "out.txt", "ends in none of"),
        (video, sound, sound / "out.mp4", "cannot write to the folder"),
        (video, video, tmp_path / "out.mp4", "is not a sound file"),
        (video, tmp_path / "six.wav", tmp_path / "out.mp4", "6 channels"),
        (video, tmp_path / "no.wav", tmp_path / "out.mp4", "there is no file"),
        (sound, sound, tmp_path / "out.mp4", "no video stream"),
    ]
    for pictures, wav, output, reason in refusals:
        with pytest.raises(InputError, match=reason):
            mux(pictures, wav, output)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_full_disk_is_reported_as_such(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    video = make_video(tmp_path / "in.mp4", regular(25, 10))
    monkeypatch.setattr("syncfusion.media.muxing._blocks", fail)
    monkeypatch.setattr(
        "syncfusion.media.muxing.answer", lambda _, function, *given: function(*given)
    )
    with pytest.raises(InputError, match="No space left"):
        mux(video, make_clicks(tmp_path / "a.wav"), tmp_path / "out.mp4")


def test_an_interruption_leaves_nothing(tmp_path, monkeypatch):
    video = make_video(tmp_path / "in.mp4", regular(25, 10))
    sound = make_clicks(tmp_path / "a.wav")

    asked = muxing.answer

    def interrupt(path, function, *given):
        if function is muxing._written:
            raise KeyboardInterrupt
        return asked(path, function, *given)

    monkeypatch.setattr(muxing, "answer", interrupt)
    with pytest.raises(KeyboardInterrupt):
        mux(video, sound, tmp_path / "out.mp4")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.wav", "in.mp4"]
