"""When the results of two runs of a command are the same."""

import json
from pathlib import Path

TOLERANCE = 1e-6
KEPT = ("XDG_CACHE_HOME", "takes")


def bytes_differ(result: Path, reference: Path) -> str | None:
    """Compare two folders byte by byte; return why they differ, None if they do not."""
    found, expected = contents(result), contents(reference)
    if found.keys() != expected.keys():
        return f"files differ: {sorted(found.keys() ^ expected.keys())[:3]}"
    others = [name for name in found if found[name] != expected[name]]
    return f"bytes differ: {others[:3]}" if others else None


def library_differs(result: Path, reference: Path) -> str | None:
    """Compare outputs, and beside them the index of the library and the takes, byte by byte."""
    pairs = [(result, reference)]
    pairs += [(result.parent / kept, reference.parent / kept) for kept in KEPT]
    return next(filter(None, (bytes_differ(*pair) for pair in pairs)), None)


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a folder and their bytes."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def training_differs(result: Path, reference: Path) -> str | None:
    """Compare the last checkpoints of two runs, weights and step."""
    import torch

    one, other = (
        torch.load(next(folder.rglob("last.ckpt")), weights_only=True, map_location="cpu")
        for folder in (result, reference)
    )
    if one["global_step"] != other["global_step"]:
        return f"{one['global_step']} steps, not {other['global_step']}"
    weights, expected = one["state_dict"], other["state_dict"]
    if weights.keys() != expected.keys():
        return "other weights"
    apart = max(float((weights[k].float() - expected[k].float()).abs().max()) for k in weights)
    return None if apart <= TOLERANCE else f"weights are {apart:g} apart"


def project_differs(result: Path, reference: Path) -> str | None:
    """Compare the projects of a studio, but for how often they were saved."""
    one, other = (
        json.loads((folder / "clip.syncfusion" / "project.json").read_text()) | {"revision": 0}
        for folder in (result, reference)
    )
    return None if one == other else "the projects differ"
