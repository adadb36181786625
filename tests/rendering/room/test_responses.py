import pytest
import soundfile
import torch

from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.rendering.room import ROOMS, impulse_response
from syncfusion.rendering.room.responses import EDGES


def level_at(response, seconds):
    """Level of 50 ms of the lowest band of the reverberation, dB."""
    spectrum = torch.fft.rfft(torch.cat([torch.zeros(1), response[1:]]))
    spectrum[torch.fft.rfftfreq(len(response), 1 / SAMPLE_RATE) > EDGES[1]] = 0
    start = round(seconds * SAMPLE_RATE)
    low = torch.fft.irfft(spectrum, len(response))[start : start + 2400]
    return float(20 * low.square().mean().sqrt().log10())


@pytest.mark.parametrize("name", ROOMS)
def test_a_made_room_falls_by_60_db_in_its_time_and_delays_nothing(name):
    response, room = impulse_response(name), ROOMS[name]
    assert response is not None
    assert response[0] == 1
    assert response[1 : round(room.delay_seconds * SAMPLE_RATE)].abs().max() == 0
    start, later = 0.05, 0.05 + 0.3 * room.decay_seconds[0]
    assert level_at(response, start) - level_at(response, later) == pytest.approx(18, abs=3)
    energy = response[1:].square().sum()
    assert 10 * float(energy.log10()) == pytest.approx(room.reverberation_db, abs=0.01)


def test_dry_is_no_room():
    assert impulse_response("dry") is None


def test_a_recorded_response_begins_with_its_direct_sound(tmp_path):
    recorded = torch.zeros(4410)
    recorded[441], recorded[1323] = -0.5, 0.25
    soundfile.write(tmp_path / "ir.wav", recorded.numpy(), SAMPLE_RATE)
    response = impulse_response(str(tmp_path / "ir.wav"))
    assert response is not None
    assert response[0] == 1
    assert response[882] == pytest.approx(-0.5, abs=1e-3)


def test_an_unknown_room_is_refused_with_what_there_is():
    with pytest.raises(InputError, match="'attic'; give dry, small, hall, or the file"):
        impulse_response("attic")


def test_a_silent_response_is_refused(tmp_path):
    soundfile.write(tmp_path / "ir.wav", torch.zeros(100).numpy(), SAMPLE_RATE)
    with pytest.raises(InputError, match="is silent"):
        impulse_response(str(tmp_path / "ir.wav"))
