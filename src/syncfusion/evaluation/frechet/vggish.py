"""VGGish as in the paper's Fréchet distance: no PCA, no final activation, 16 kHz, float32.

Hershey et al., ICASSP 2017. The reference is the PyTorch port torchvggish 0.1 that
frechet_audio_distance 0.3.1 loads; that package cannot be installed beside the other requirements,
so net and front end are implemented here. Weights come from the port's file.
"""

import math
from pathlib import Path
from urllib.error import URLError

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torchaudio.functional import resample

from syncfusion.errors import InputError
from syncfusion.hashing import file_hash
from syncfusion.media import Waveform, temporary_sibling
from syncfusion.weights import UNPICKLING, read_pickle

WEIGHTS_URL = (
    "https://github.com/harritaylor/torchvggish/releases/download/v0.1/vggish-10086976.pth"
)
WEIGHTS_HASH = "10086976"  # first digits of the file's sha256, as in torch.hub's file names

RATE = 16_000  # Hz
WINDOW, HOP, FFT = 400, 160, 512  # samples: 25 ms every 10 ms
BANDS, LOWEST_HZ, HIGHEST_HZ = 64, 125.0, 7500.0
LOG_OFFSET = 0.01  # of mel magnitude
EXAMPLE_FRAMES = 96  # 0.96 s
FEATURES = 128


class VGGishNet(nn.Module):
    """The net: log-mel examples to embeddings, without the final activation.

    Attribute names match the port's state_dict, so its file loads strictly.

    Args:
        hidden: size of the two hidden layers; 4096 in the published weights.
    """

    def __init__(self, hidden: int = 4096) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = 1
        for block in ((64,), (128,), (256, 256), (512, 512)):
            for width in block:
                layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU()]
                channels = width
            layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        self.embeddings = nn.Sequential(
            nn.Linear(channels * (EXAMPLE_FRAMES // 16) * (BANDS // 16), hidden),
            nn.ReLU(),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Linear(hidden, FEATURES),
        )

    def forward(self, examples: Float[Tensor, "example 96 64"]) -> Float[Tensor, "example 128"]:
        """Return one embedding per example."""
        maps = self.features(examples[:, None])
        return self.embeddings(maps.movedim(1, -1).flatten(1))  # channels last, as in TensorFlow


class VGGish:
    """Embedder with one vector per 0.96 s of sound; an incomplete last window is dropped.

    Args:
        net: the net with its weights.
        weights: sha256 of the weights' file.
    """

    name = "vggish"

    def __init__(self, net: VGGishNet, weights: str) -> None:
        self.net = net.eval()
        self.weights = weights

    @classmethod
    def from_file(cls, path: str | Path) -> "VGGish":
        """Load torchvggish's weights.

        Args:
            path: ``vggish-10086976.pth``, as ``download_weights`` fetches it.

        Returns:
            The embedder, on the CPU.

        Raises:
            InputError: if the file is missing or does not hold these weights.
        """
        try:
            state = read_pickle(path)
            net = VGGishNet(len(state["embeddings.2.bias"]))
            net.load_state_dict(state)
        except OSError as error:
            raise InputError(
                f"cannot read the VGGish weights {path} ({error.strerror}); "
                f"download them from {WEIGHTS_URL}"
            ) from error
        except UNPICKLING as error:
            raise InputError(
                f"{path} holds no torchvggish weights; download them from {WEIGHTS_URL}"
            ) from error
        return cls(net, file_hash(path))

    @torch.inference_mode()
    def __call__(self, sound: Waveform) -> Float[Tensor, "frame 128"]:
        """Return one vector per 0.96 s; an empty tensor for a sound under 0.975 s."""
        device = next(self.net.parameters()).device
        return self.net(log_mel_examples(sound).to(device)).cpu()


def log_mel_examples(sound: Waveform) -> Float[Tensor, "example 96 64"]:
    """Return the net's input for a sound: log-mel magnitudes, 96 frames of 10 ms per example.

    Computed in float64 like the port's numpy code, then rounded to float32.
    """
    samples = _resampled(sound.mono()).double()
    if len(samples) < WINDOW:
        return torch.zeros(0, EXAMPLE_FRAMES, BANDS)
    frames = samples.unfold(0, WINDOW, HOP) * torch.hann_window(WINDOW, dtype=torch.float64)
    magnitudes = torch.fft.rfft(frames, FFT).abs()
    bands = (magnitudes @ mel_weights() + LOG_OFFSET).log()
    n_examples = len(bands) // EXAMPLE_FRAMES
    return bands[: n_examples * EXAMPLE_FRAMES].reshape(-1, EXAMPLE_FRAMES, BANDS).float()


def mel_weights() -> Float[Tensor, "bin 64"]:
    """Return the weight of each FFT bin in each band: triangles on HTK's mel scale."""
    edges = torch.linspace(_mel(LOWEST_HZ), _mel(HIGHEST_HZ), BANDS + 2, dtype=torch.float64)
    lower, centre, upper = edges[:-2], edges[1:-1], edges[2:]
    hertz = torch.linspace(0, RATE / 2, FFT // 2 + 1, dtype=torch.float64)
    bins = (1127 * (1 + hertz / 700).log())[:, None]
    rising, falling = (bins - lower) / (centre - lower), (upper - bins) / (upper - centre)
    return torch.minimum(rising, falling).clamp_min(0)


def _mel(hertz: float) -> float:
    return 1127 * math.log(1 + hertz / 700)


def _resampled(sound: Waveform) -> Float[Tensor, " time"]:
    """Resample with a filter close to resampy's kaiser_best, the one of the paper's package."""
    return resample(
        sound.samples,
        sound.sample_rate,
        RATE,
        lowpass_filter_width=46,
        rolloff=0.917347,
        resampling_method="sinc_interp_kaiser",
        beta=12.9846,
    )[0]


def download_weights(
    path: str | Path, *, url: str = WEIGHTS_URL, hash_prefix: str = WEIGHTS_HASH
) -> None:
    """Download the weights (288 MB) and check their hash; no partial file remains on failure.

    Args:
        path: target file; replaced if it exists.
        url: address of the file.
        hash_prefix: first digits of the file's sha256.

    Raises:
        InputError: if the download fails, the folder is not writable, or the hash differs.
    """
    with temporary_sibling(path) as temporary:
        try:
            torch.hub.download_url_to_file(url, str(temporary), hash_prefix, progress=False)
        except (URLError, OSError) as error:
            raise InputError(
                f"cannot download {url} ({error}); download it by other means and give its path"
            ) from error
        except RuntimeError as error:
            raise InputError(
                f"the file from {url} does not have the sha256 {hash_prefix}…; try again later"
            ) from error
