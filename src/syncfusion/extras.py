"""Optional packages: which extra of the project installs each.

``pyproject.toml`` lists the packages of every extra; a test holds the two lists together.
"""

from syncfusion.errors import InputError

EXTRAS: dict[str, dict[str, str]] = {  # extra: {module: name of its package}
    "train": {
        "PIL": "pillow",
        "hydra": "hydra-core",
        "jsonargparse": "jsonargparse",
        "matplotlib": "matplotlib",
        "mir_eval": "mir_eval",
        "omegaconf": "omegaconf",
        "pytorch_lightning": "pytorch-lightning",
        "scipy": "scipy",
        "sklearn": "scikit-learn",
        "submitit": "submitit",
        "torchmetrics": "torchmetrics",
        "torchvision": "torchvision",
        "wandb": "wandb",
        "webdataset": "webdataset",
    },
    "report": {
        "PIL": "pillow",
        "hydra": "hydra-core",
        "jinja2": "Jinja2",
        "librosa": "librosa",
        "matplotlib": "matplotlib",
        "mir_eval": "mir_eval",
        "omegaconf": "omegaconf",
        "pyloudnorm": "pyloudnorm",
        "scipy": "scipy",
        "sklearn": "scikit-learn",
        "webdataset": "webdataset",
    },
    "clap": {
        "huggingface_hub": "huggingface-hub",
        "tokenizers": "tokenizers",
        "transformers": "transformers",
    },
    "otio": {
        "opentimelineio": "opentimelineio",
        "otio_fcp_adapter": "otio-fcp-adapter",
    },
    "studio": {
        "fastapi": "fastapi",
        "prometheus_client": "prometheus-client",
        "pydantic": "pydantic",
        "starlette": "starlette",
        "uvicorn": "uvicorn",
    },
    "notebook": {"anywidget": "anywidget", "traitlets": "traitlets"},
    "ray": {"ray": "ray"},
    "remote": {"aiohttp": "aiohttp", "s3fs": "s3fs"},
    "scenes": {
        "mujoco": "mujoco",
    },
    "reference": {
        "audio_diffusion_pytorch": "audio-diffusion-pytorch",
        "audio_encoders_pytorch": "audio-encoders-pytorch",
        "laion_clap": "laion-clap",
    },
}


def missing_extra(error: ModuleNotFoundError) -> InputError | None:
    """Return the error of a package that an extra installs, None for any other module.

    Args:
        error: as the import raised it.

    Returns:
        An error whose message names the package, and every extra that installs it.
    """
    module = (error.name or "").partition(".")[0]
    extras = [extra for extra, modules in EXTRAS.items() if module in modules]
    if not extras:
        return None
    commands = " or ".join(f"pip install 'syncfusion[{extra}]'" for extra in extras)
    return InputError(f"{EXTRAS[extras[0]][module]} is not installed; run {commands}")
