from .folders import compare_folders
from .row import TableRow
from .table import make_table, write_evaluation

__all__ = [
    "TableRow",
    "compare_folders",
    "make_table",
    "write_evaluation",
]
