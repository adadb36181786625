from .atomic import check_writable, temporary_folder, temporary_sibling
from .audio import Waveform, read_audio
from .decay import block_rms, decay_end
from .encode import encode_sound, encode_video
from .grey import GreyPicture, read_grey
from .grey_coding import recompressed
from .loudness import LoudnessMeter, to_dbfs
from .muxing import mux
from .outputs import SOUND_CODECS, check_container, default_output
from .playback import OnFrame, Soundtrack, play
from .probing import VideoInfo, probe
from .scaling import Scaler
from .timecode import read_timecode
from .video import read_frames, read_pictures
from .wav import WavWriter, write_wav

__all__ = [
    "GreyPicture",
    "LoudnessMeter",
    "OnFrame",
    "SOUND_CODECS",
    "Scaler",
    "Soundtrack",
    "VideoInfo",
    "WavWriter",
    "Waveform",
    "block_rms",
    "check_container",
    "check_writable",
    "decay_end",
    "default_output",
    "encode_sound",
    "encode_video",
    "mux",
    "play",
    "probe",
    "read_audio",
    "read_frames",
    "read_grey",
    "recompressed",
    "read_pictures",
    "read_timecode",
    "temporary_folder",
    "temporary_sibling",
    "to_dbfs",
    "write_wav",
]
