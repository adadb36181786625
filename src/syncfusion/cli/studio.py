"""The command ``syncfusion studio``: the page in the browser."""

import argparse
from pathlib import Path

from syncfusion.constants import DEVICES
from syncfusion.errors import InputError
from syncfusion.options import Parser, whole

PORT = 7860
PUBLIC = "its address behind a reverse proxy: https://HOST/PATH"
PROXY = "address or network of a proxy whose X-Forwarded-Host is believed; may be repeated"
RENDERS = "videos of programs (SYNCFUSION_TOKEN) that are rendered at a time"


def add_studio(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Describe the command and its options."""
    command = commands.add_parser("studio", help="see, correct and hear a clip in the browser")
    command.set_defaults(at_once=True, run=_studio)
    add = command.add_argument
    add(
        "path",
        type=Path,
        nargs="?",
        metavar="VIDEO|PROJECT",
        help="a video, or the folder clip.syncfusion of one; without it the sample is opened",
    )
    add("--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 lets others in")
    add("--port", type=whole(0), default=PORT, help="0 for any that is free")
    add("--no-browser", action="store_true", help="print the address, and open no browser")
    add("--public-url", metavar="URL", help=PUBLIC)
    add("--trusted-proxy", action="append", default=[], metavar="ADDRESS", help=PROXY)
    add("--renders", type=whole(1), default=1, metavar="N", help=RENDERS)
    add("--preset", default="compact", help="a preset's name or folder")
    add("--device", default="auto", choices=DEVICES)


def _studio(options: argparse.Namespace) -> None:
    from syncfusion.studio import Front, open_workspace, serve, worker_command

    front = Front(options.public_url, tuple(options.trusted_proxy))
    workspace = open_workspace(options.path, *_decoding(options.preset))
    serve(
        workspace,
        host=options.host,
        port=options.port,
        command=worker_command(options.preset, options.device),
        browse=not options.no_browser,
        front=front,
        models=("--preset", options.preset, "--device", options.device),
        n_renders=options.renders,
    )


def _decoding(preset: str) -> tuple[float, float]:
    """Return threshold and gap of a preset; its file is read here, as its models come later."""
    from syncfusion.places import PRESETS
    from syncfusion.plain_values import parse_yaml

    folders = (Path(preset), PRESETS / preset)
    path = next((f / "preset.yaml" for f in folders if (f / "preset.yaml").is_file()), None)
    if path is None:
        raise InputError(f"there is no preset {preset!r}; give a preset's name or folder")
    try:
        values = parse_yaml(path.read_text(encoding="utf-8"))
        return float(values.get("threshold", 0.6)), float(values.get("minimum_gap", 0.2))
    except (AttributeError, TypeError, ValueError) as error:
        raise InputError(
            f"{path} is not understood; write settings as a bundled one has"
        ) from error
