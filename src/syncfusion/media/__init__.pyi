from .atomic import check_writable, remove_leftovers, temporary_folder, temporary_sibling
from .audio import Waveform, read_audio
from .decay import block_rms, decay_end
from .encode import encode_sound, encode_video
from .filmstrip import Filmstrip, write_filmstrip
from .grey import GreyPicture, read_grey
from .grey_coding import recompressed
from .loudness import LoudnessMeter, to_dbfs
from .muxing import mux
from .outputs import SOUND_CODECS, check_container, default_output
from .peaks import SAMPLES_PER_PEAK, sound_peaks
from .pictures import read_pictures
from .playback import OnFrame, Soundtrack, play
from .probing import probe
from .proxy import is_played, longest_seek, write_proxy
from .scaling import Scaler
from .soundtrack import write_soundtrack
from .timecode import read_timecode
from .video import read_frames
from .video_info import VideoInfo
from .wav import WavWriter, write_wav

__all__ = [
    "Filmstrip",
    "GreyPicture",
    "LoudnessMeter",
    "OnFrame",
    "SAMPLES_PER_PEAK",
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
    "is_played",
    "longest_seek",
    "mux",
    "play",
    "probe",
    "read_audio",
    "read_frames",
    "read_grey",
    "recompressed",
    "read_pictures",
    "read_timecode",
    "sound_peaks",
    "remove_leftovers",
    "temporary_folder",
    "temporary_sibling",
    "to_dbfs",
    "write_filmstrip",
    "write_proxy",
    "write_soundtrack",
    "write_wav",
]
