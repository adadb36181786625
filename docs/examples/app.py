"""SyncFusion as a Space: one file for a hub that runs ``app.py`` and shows port 7860.

Its requirements are one line: ``syncfusion[studio]``. ``SPACE_HOST``, which hubs set, is the name
that the page is opened by; ``SYNCFUSION_TOKEN`` as a secret of the Space opens ``/api/render``.
"""

import os
import sys

from syncfusion.cli import main

PORT = 7860


def words() -> list[str]:
    """Return the command that serves the studio, by its public name where it has one."""
    command = ["studio", "--host", "0.0.0.0", "--port", os.environ.get("PORT", str(PORT))]
    host = os.environ.get("SPACE_HOST")
    public = ["--public-url", f"https://{host}"] if host else []
    return [*command, "--no-browser", *public, *sys.argv[1:]]


if __name__ == "__main__":
    main(words())
