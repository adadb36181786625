"""Facts of the method and of the tools it uses, each with its source."""

SAMPLE_RATE = 48_000  # Hz, of every waveform between files; paper §4.1
FRAME_RATE = 15  # frames per second of the onset detector's input; paper §3.1
CLIP_SAMPLES = 2**18  # samples (5.46 s) the diffusion model renders at once; paper §4.2
GAINS = ("motion", "flat")  # of detected onsets: by the motion's strength, or 1 each
DEVICES = ("auto", "cpu", "cuda", "mps")  # of torch; auto is the fastest one of the machine
PROJECT_SUFFIX, PROJECT_FILE = ".syncfusion", "project.json"  # of a project of the studio
MAX_SEED = 2**32 - 1  # of noise; a seed and the number of a block of it share 64 bits
PROMPT_FEATURES = 512  # size of a prompt embedding; LAION-CLAP's joint space

# What counts as silence; peaks are of linear amplitude, 1 is full scale
SILENT_PEAK = 1e-5  # -100 dBFS: a prompt or a part of a recording below this holds nothing
NOISE_PEAK = 1e-4  # -80 dBFS: a file below this holds no sound, and a result is not made louder
DITHER_PEAK_DBFS = -90.0  # dBFS: a scored sound below this is the dither of 16 bits
SILENT_BAND_DB = -100.0  # dB of power: a band of a mel spectrogram below this is drawn as empty

IMAGENET_MEAN = (0.485, 0.456, 0.406)  # of RGB in [0, 1]; torchvision's reference transforms
IMAGENET_STD = (0.229, 0.224, 0.225)

# The words of Greatest Hits' annotation (Owens et al., CVPR 2016, §3)
MATERIALS = (
    "carpet",
    "ceramic",
    "cloth",
    "dirt",
    "drywall",
    "glass",
    "grass",
    "gravel",
    "leaf",
    "metal",
    "paper",
    "plastic",
    "plastic-bag",
    "rock",
    "tile",
    "water",
    "wood",
)
ACTIONS = ("hit", "scratch")
