"""The device of the nets, and the precision of their arithmetic there."""

import torch

from syncfusion.errors import InputError


def find_device(name: str) -> torch.device:
    """Return the device of a name.

    Args:
        name: one of ``constants.DEVICES``; "auto" is the fastest one of this machine.

    Returns:
        The device.

    Raises:
        InputError: if the name is another one, or the machine has no such device.
    """
    available = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if name == "auto":
        return torch.device(next(kind for kind, there in available.items() if there))
    if not available.get(name, False):
        there = ", ".join(kind for kind in available if available[kind])
        raise InputError(f"this machine cannot compute on {name!r}; it has {there}, or use auto")
    return torch.device(name)


def bfloat16_is_fast(device: torch.device) -> bool:
    """Whether the device multiplies bfloat16 in hardware."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    found = torch.cpu.get_capabilities() if device.type == "cpu" else {}
    return bool(found.get("avx512_bf16") or found.get("amx_bf16"))


def fast_arithmetic(device: torch.device) -> torch.autocast:
    """Return a context of bfloat16 arithmetic where that is fast, of float32 elsewhere."""
    return torch.autocast(device.type, torch.bfloat16, enabled=bfloat16_is_fast(device))
