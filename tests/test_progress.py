import itertools

from syncfusion.progress import bars


def test_a_bar_goes_on_where_the_clock_is_set_back(capsys, monkeypatch):
    hours = itertools.count(10**6, -3600)
    monkeypatch.setattr("tqdm.std.time", lambda: float(next(hours)))
    with bars() as progress:
        for done in range(1, 11):
            progress("Rendering", done, 10)
    last = capsys.readouterr().err.rstrip().splitlines()[-1]
    assert "10/10 [00:00<00:00" in last
