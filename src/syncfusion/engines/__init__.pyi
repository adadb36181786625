from .choice import ENGINES, PROCESSES, RAY, add_engine, do_all
from .here import one_by_one
from .tasks import OnResult, Task

__all__ = ["ENGINES", "OnResult", "PROCESSES", "RAY", "Task", "add_engine", "do_all", "one_by_one"]
