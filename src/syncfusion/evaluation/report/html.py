"""``report.html``: an evaluation as one page with players, charts and tables."""

import base64
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from syncfusion.evaluation.report.assets import EMBED_LIMIT, AssetStore
from syncfusion.evaluation.report.cards import Card, make_cards
from syncfusion.evaluation.report.charts import charts
from syncfusion.evaluation.report.media import WAVE_COLUMNS, WAVE_HEIGHT
from syncfusion.evaluation.report.tables import (
    SIGNIFICANT,
    clip_columns,
    metric_groups,
    number,
    pair_table,
)
from syncfusion.evaluation.results import Evaluation, grouped_problems
from syncfusion.evaluation.statistics import MIN_VALUES
from syncfusion.media import check_writable, temporary_sibling
from syncfusion.onset import TOLERANCE

FOLDER = Path(__file__).parent / "templates"
STYLES = 8  # systems that differ in colour, mark and dashes; a ninth views like the first


def write_report(evaluation: Evaluation, path: Path) -> None:
    """Write an evaluation as a page that needs no network; equal input gives equal bytes.

    Args:
        evaluation: results; the page lists sounds and videos that cannot be read.
        path: html file. If the media exceed ``assets.EMBED_LIMIT`` bytes, they are written to
            ``<stem>_media`` beside it.

    Raises:
        InputError: if the file cannot be written.
    """
    check_writable(path)
    with TemporaryDirectory() as folder:
        cards = make_cards(evaluation, Path(folder))
        store = AssetStore([file for card in cards for file in card.files], path)
        page = render_page(evaluation, cards, store)
        with temporary_sibling(path) as temporary:
            temporary.write_text(page, encoding="utf-8")
        store.tidy()


def render_page(evaluation: Evaluation, cards: Sequence[Card], store: AssetStore) -> str:
    """Return the report as html; all names and sentences in it are escaped."""
    script = (FOLDER / "report.js").read_text(encoding="utf-8")
    return (
        _templates()
        .get_template("page.html")
        .render(
            evaluation=evaluation,
            cards=cards,
            store=store,
            embed_limit=EMBED_LIMIT,
            groups=metric_groups(evaluation),
            pairs=pair_table(evaluation),
            significant=SIGNIFICANT,
            charts=charts(evaluation.systems),
            column_groups=clip_columns(evaluation.systems),
            tolerance_ms=1000 * TOLERANCE,
            problems=grouped_problems(evaluation.systems),
            unseen=_unseen(cards),
            min_values=MIN_VALUES,
            wave_size=(WAVE_COLUMNS - 1, WAVE_HEIGHT),
            n_styles=STYLES,
            css=(FOLDER / "report.css").read_text(encoding="utf-8"),
            script=script,
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )


def _unseen(cards: Sequence[Card]) -> dict[str, list[str]]:
    """Return what cannot be shown: per sentence the affected sounds."""
    unseen: dict[str, list[str]] = {}
    for card in cards:
        if card.shown.trouble:
            unseen.setdefault(card.shown.trouble, []).append(f"{card.clip.name} of {card.system}")
    return unseen


def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    templates.filters |= {"number": number, "plain": _plain}
    return templates


def _plain(value: Any) -> str:
    """Return a setting as text: strings unchanged, other values as json."""
    return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
