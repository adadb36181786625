"""Train the three compact models, or teach the bundled ones own sounds; run again, it goes on.

--data takes videos with annotated onsets, laid out as Greatest Hits (videos/, times/, train.txt,
val.txt, test.txt), or a folder of sound files, <label>/<name>.wav or '<label> 3.wav'.
"""

import argparse
import logging
import signal
import sys
from pathlib import Path

from dotenv import load_dotenv

from syncfusion.command import INTERRUPTED
from syncfusion.errors import InputError
from syncfusion.options import BAD_INPUT, Parser, whole
from syncfusion.recipe import AUTO, REHEARSAL, SIZES, StepFailed, train


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group()
    source.add_argument("folder", type=Path, nargs="?", metavar="DATA", help="same as --data")
    source.add_argument("--data", type=Path, help="videos or sounds; it says which it found")
    source.add_argument("--sounds", type=Path, help="sounds")
    add = parser.add_argument
    add("--rehearse", action="store_const", const=REHEARSAL, dest="size", help="a trial, minutes")
    add("--size", choices=SIZES, help="auto: gpu where there is one, else laptop")
    add("-o", "--output", type=Path, help="default: compact[-own]-SIZE in DIR_LOGS")
    add("--init", type=Path, default=Path("compact"), help="preset to go on from")
    add("--seed", type=whole(0), default=0)
    parser.set_defaults(size=AUTO)
    return parser.parse_args()


def tell(text: str) -> None:
    """Show text at once."""
    sys.stdout.write(text)
    sys.stdout.flush()


def main() -> int:
    """Run from the command line."""
    load_dotenv()
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    options = parse()
    try:
        train(options, tell)
    except InputError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    except StepFailed as error:
        print(error, file=sys.stderr)
        return error.code if error.code > 0 else 1
    except KeyboardInterrupt:
        print("\nstopped; run it again to go on", file=sys.stderr)
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
