from .annotations import annotate
from .command import DEFAULT, INTERRUPTED, add_output_options, check_output, outcome, run
from .layout import clip_files
from .parallel import in_parallel
from .places import PROCESSED, TIMES, TIMES_SUFFIX, VIDEO_SUFFIX, VIDEOS, dataset_folder, find_files
from .processing import FORMS, SUBTYPES, Processing
from .split import draw_split, read_lists, write_lists
from .videos import Target, preprocess_video

__all__ = [
    "DEFAULT",
    "FORMS",
    "INTERRUPTED",
    "PROCESSED",
    "Processing",
    "SUBTYPES",
    "TIMES",
    "TIMES_SUFFIX",
    "Target",
    "VIDEOS",
    "VIDEO_SUFFIX",
    "add_output_options",
    "annotate",
    "check_output",
    "clip_files",
    "dataset_folder",
    "draw_split",
    "find_files",
    "in_parallel",
    "outcome",
    "preprocess_video",
    "read_lists",
    "run",
    "write_lists",
]
