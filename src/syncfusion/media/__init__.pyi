from .atomic import check_writable, temporary_sibling
from .audio import Waveform, WavWriter, read_audio, write_wav
from .decay import block_rms, decay_end
from .encode import encode_sound, encode_video
from .loudness import LoudnessMeter, peak_level
from .muxing import SOUND_CODECS, mux
from .playback import Heard, Show, play
from .video import VideoInfo, probe, read_frames

__all__ = [
    "Heard",
    "LoudnessMeter",
    "SOUND_CODECS",
    "Show",
    "VideoInfo",
    "WavWriter",
    "Waveform",
    "block_rms",
    "check_writable",
    "decay_end",
    "encode_sound",
    "encode_video",
    "mux",
    "peak_level",
    "play",
    "probe",
    "read_audio",
    "read_frames",
    "temporary_sibling",
    "write_wav",
]
