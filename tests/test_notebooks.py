"""Notebooks run as they are committed, and are committed without their outputs."""

import nbformat
import pytest
from nbclient import NotebookClient

from helpers.places import REPOSITORY

NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_committed_without_outputs(path):
    for cell in code_cells(nbformat.read(path, as_version=4)):
        assert cell.outputs == []
        assert cell.execution_count is None


@pytest.mark.slow
def test_the_sampling_notebook_plays_and_shows_five_sounds_and_a_timeline(tmp_path, monkeypatch):
    [path] = (path for path in NOTEBOOKS if path.stem == "sampling")
    monkeypatch.setenv("DIR_DATA", str(tmp_path))  # no shard lies there: it makes its own
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [output for cell in code_cells(notebook) for output in cell.outputs if "data" in output]
    assert sum("image/png" in output.data for output in shown) == 5
    assert sum("<audio" in output.data.get("text/html", "") for output in shown) == 5
    views = [o for o in shown if "application/vnd.jupyter.widget-view+json" in o.data]
    assert len(views) == 1
