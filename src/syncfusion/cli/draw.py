"""The command ``syncfusion draw``: a picture of a sound and its onsets."""

import argparse
from pathlib import Path

from syncfusion.options import Parser, add_overwrite


def add_draw(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Describe the command and its options."""
    command = commands.add_parser("draw", help="draw a sound with its onsets")
    command.set_defaults(run=_draw)
    command.add_argument("sound", type=Path, metavar="SOUND")
    command.add_argument("onsets", type=Path, metavar="ONSETS.csv")
    command.add_argument("picture", type=Path, metavar="OUT.png")
    add_overwrite(command)


def _draw(options: argparse.Namespace) -> None:
    from syncfusion.evaluation import draw_sound
    from syncfusion.media import check_writable, read_audio
    from syncfusion.ownership import results
    from syncfusion.track import OnsetTrack

    sound = read_audio(options.sound)
    track = OnsetTrack.read(options.onsets)
    check_writable(options.picture)
    with results([options.picture], overwrite=options.overwrite):
        draw_sound(sound, track, options.picture, title=options.sound.name)
