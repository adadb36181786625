"""``report.html``: an evaluation to look at and to listen to, in one file."""

from pathlib import Path
from tempfile import TemporaryDirectory

from syncfusion.evaluation.report.assets import Shelf
from syncfusion.evaluation.report.cards import make_cards
from syncfusion.evaluation.report.page import render_page
from syncfusion.evaluation.results import Evaluation
from syncfusion.media import check_writable, temporary_sibling


def write_report(evaluation: Evaluation, path: Path) -> None:
    """Write an evaluation as a page that needs no network; the same input gives the same bytes.

    Args:
        evaluation: what was found; sounds and videos that cannot be read are named on the page.
        path: the html file. Where media are more than ``assets.EMBED_LIMIT`` bytes, they lie
            in ``<stem>_media`` beside it.

    Raises:
        InputError: if the file cannot be written.
    """
    check_writable(path)
    with TemporaryDirectory() as folder:
        cards = make_cards(evaluation, Path(folder))
        shelf = Shelf([file for card in cards for file in card.files], path)
        page = render_page(evaluation, cards, shelf)
        with temporary_sibling(path) as temporary:
            temporary.write_text(page, encoding="utf-8")
        shelf.tidy()
