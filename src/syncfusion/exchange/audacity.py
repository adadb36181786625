"""Audacity's labels: one line an event, ``start TAB end TAB label``.

Read by ``event_table``, as other tables of text are.
"""

from syncfusion.exchange.session import Session, columns_of


def write(session: Session) -> bytes:
    """Return the labels; an instant has its start as end."""
    lines = []
    for event in session.track:
        end = columns_of(event).end or event.time
        lines.append(f"{event.time:.6f}\t{end:.6f}\t{' '.join(event.label.split())}\n")
    return "".join(lines).encode()
