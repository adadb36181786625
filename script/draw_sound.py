"""Draw a sound with its onsets: script/draw_sound.py output/demo/demo.wav ONSETS.csv OUT.png."""

import argparse
from pathlib import Path

from syncfusion.evaluation import draw_sound
from syncfusion.media import read_audio
from syncfusion.track import OnsetTrack


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sound", type=Path)
    parser.add_argument("onsets", type=Path)
    parser.add_argument("picture", type=Path)
    options = parser.parse_args()
    sound, track = read_audio(options.sound), OnsetTrack.read(options.onsets)
    draw_sound(sound, track, options.picture, title=options.sound.name)


if __name__ == "__main__":
    main()
