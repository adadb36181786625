from .folders import compare_folders
from .row import Row
from .table import make_table, write_evaluation

__all__ = [
    "Row",
    "compare_folders",
    "make_table",
    "write_evaluation",
]
