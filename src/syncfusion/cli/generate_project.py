"""``syncfusion generate PROJECT``: the result of a project of the studio."""

import argparse
from pathlib import Path

from syncfusion.cli.output import write_lines
from syncfusion.errors import InputError

ITS_OWN = ("prompt", "reference", "onsets", "library", "export", "render", "ambience")


def generate_project(options: argparse.Namespace, project: Path) -> None:
    """Write the video of a project with its sound, by the options of ``generate``.

    Args:
        options: those of the command; what a project holds itself may not be given.
        project: its folder.

    Raises:
        InputError: if an option is the project's own matter, or something cannot be used.
    """
    given = [name for name in ITS_OWN if getattr(options, name) is not None]
    if given:
        raise InputError(f"a project holds its own events and sounds; leave --{given[0]} out")

    from syncfusion.product import load
    from syncfusion.progress import bars
    from syncfusion.studio import deliver_project

    with bars() as progress:
        written = deliver_project(
            project,
            options.output,
            load=lambda: load(options.preset, device=options.device),
            stems=options.stems,
            template=options.name_template,
            pops=options.pops,
            start=options.start_tc,
            reencode=options.reencode,
            overwrite=options.overwrite,
            progress=progress,
        )
    write_lines(written)
