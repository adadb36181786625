"""VGGish, as the paper's Fréchet distance uses it: no PCA, no last activation, 16 kHz, float32.

Hershey et al., ICASSP 2017, in the PyTorch port torchvggish 0.1 that frechet_audio_distance 0.3.1
loads; net and front end are written anew here, as that package cannot be installed beside the
rest. Weights come from the port's file, given or downloaded.
"""

import math
from pathlib import Path
from pickle import UnpicklingError
from urllib.error import URLError

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torchaudio.functional import resample

from syncfusion.errors import InputError
from syncfusion.media import Waveform, temporary_sibling
from syncfusion.weights import file_hash

WEIGHTS_URL = (
    "https://github.com/harritaylor/torchvggish/releases/download/v0.1/vggish-10086976.pth"
)
WEIGHTS_HASH = "10086976"  # the first digits of the file's sha256; torch.hub names files so

RATE = 16_000  # Hz
WINDOW, HOP, FFT = 400, 160, 512  # samples: 25 ms every 10 ms
BANDS, LOWEST_HZ, HIGHEST_HZ = 64, 125.0, 7500.0
LOG_OFFSET = 0.01  # of mel magnitude
EXAMPLE_FRAMES = 96  # 0.96 s, side by side
FEATURES = 128


class VGGishNet(nn.Module):
    """The net, from log-mel examples to embeddings before the last activation.

    Attribute names are those of the port's state_dict, so that its file loads strictly.

    Args:
        hidden: size of the two hidden layers; the weights' is 4096.
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
    """The embedder: one vector per 0.96 s of sound; what remains at the end is left out.

    Args:
        net: with weights.
        weights: sha256 of their file.
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
            InputError: if the file is missing or holds something else.
        """
        try:
            state = torch.load(path, map_location="cpu", weights_only=True)
            net = VGGishNet(len(state["embeddings.2.bias"]))
            net.load_state_dict(state)
        except OSError as error:
            raise InputError(
                f"cannot read the VGGish weights {path} ({error.strerror}); "
                f"download them from {WEIGHTS_URL}"
            ) from error
        except (RuntimeError, KeyError, TypeError, UnpicklingError) as error:
            raise InputError(
                f"{path} holds no torchvggish weights; download them from {WEIGHTS_URL}"
            ) from error
        return cls(net, file_hash(path))

    @torch.inference_mode()
    def __call__(self, sound: Waveform) -> Float[Tensor, "frame 128"]:
        """Return one vector per 0.96 s; none for a sound under 0.975 s."""
        device = next(self.net.parameters()).device
        return self.net(log_mel_examples(sound).to(device)).cpu()


def log_mel_examples(sound: Waveform) -> Float[Tensor, "example 96 64"]:
    """Return what the net sees of a sound: log-mel magnitudes, 96 frames of 10 ms an example.

    Computed in float64, as the port's numpy code is, and rounded to float32 at the end.
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
    """Return the share of each FFT bin in each band: triangles on HTK's mel scale."""
    edges = torch.linspace(_mel(LOWEST_HZ), _mel(HIGHEST_HZ), BANDS + 2, dtype=torch.float64)
    lower, centre, upper = edges[:-2], edges[1:-1], edges[2:]
    hertz = torch.linspace(0, RATE / 2, FFT // 2 + 1, dtype=torch.float64)
    bins = (1127 * (1 + hertz / 700).log())[:, None]
    rising, falling = (bins - lower) / (centre - lower), (upper - bins) / (upper - centre)
    return torch.minimum(rising, falling).clamp_min(0)


def _mel(hertz: float) -> float:
    return 1127 * math.log(1 + hertz / 700)


def _resampled(sound: Waveform) -> Float[Tensor, " time"]:
    """Resample with the filter nearest to resampy's kaiser_best, which the paper's package uses."""
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
    """Fetch the weights (288 MB), whole or not at all, and check them.

    Args:
        path: where to; an existing file is replaced.
        url: where from.
        hash_prefix: first digits of the file's sha256.

    Raises:
        InputError: if the network or the folder does not play along, or the file is another one.
    """
    with temporary_sibling(path) as temporary:
        try:
            torch.hub.download_url_to_file(url, str(temporary), hash_prefix, progress=False)
        except (URLError, OSError) as error:
            raise InputError(
                f"cannot download {url} ({error}); fetch it elsewhere and give its path"
            ) from error
        except RuntimeError as error:
            raise InputError(
                f"what came from {url} does not have the sha256 {hash_prefix}…; try again later"
            ) from error
