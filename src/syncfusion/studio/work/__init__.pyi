from .loop import Cancelled, run_worker

__all__ = ["Cancelled", "run_worker"]
