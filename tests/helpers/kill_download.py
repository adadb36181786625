"""A download: ``python kill_download.py ADDRESS SHA256 FOLDER`` from a server of this machine."""

import sys
from pathlib import Path

from syncfusion.checkpoint import https
from syncfusion.checkpoint.download import fetch
from syncfusion.checkpoint.remote import Remote


def main(address: str, digest: str, folder: str) -> None:
    """Fetch a file with a known checksum into a folder."""
    https.SCHEMES = ("http://127.0.0.1",)
    fetch(Remote("file.bin", address, f"sha256:{digest}"), Path(folder, "file.bin"))


if __name__ == "__main__":
    main(*sys.argv[1:])
