"""Takes and exports: rendered, kept to the sample, laid where the events are, read back."""

import io
from dataclasses import replace

import mido
import numpy as np
import pytest
import soundfile
import torch

from helpers.media_files import make_video, regular
from helpers.studio_client import ended, opened, post, worker
from helpers.studio_worker import ATTACK, FakePipeline
from syncfusion.cli import main
from syncfusion.exchange import CATALOGUE
from syncfusion.progress import ignore
from syncfusion.rendering import Take, struck
from syncfusion.rendering.events.takes import FULL_SCALE
from syncfusion.studio import deliver_project
from syncfusion.track import OnsetTrack

RATE = 48_000
GROUPS = [
    {"id": "g1", "name": "wood", "prompt": "wood hit"},
    {"id": "g2", "name": "metal", "prompt": "metal hit", "gain": 0.5},
]
EVENTS = [
    {"id": "e1", "time": 0.5, "group": "g1", "seed": 1, "confidence": 0.9, "origin": "detected"},
    {"id": "e2", "time": 1.25, "group": "g2", "seed": 2},
    {"id": "e3", "time": 1.5, "group": "g1", "seed": 3, "gain": 0.5},
]


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    video = make_video(tmp_path_factory.mktemp("sounding") / "clip.mp4", regular(25, 50))
    with opened(video, worker()) as client:
        job = ended(client, client.get("api/jobs").json()["jobs"][0]["id"])
        assert job["state"] == "done", job["message"]
        yield client


@pytest.fixture
def project(client):
    """The project as every test begins with it."""
    return save(client, groups=GROUPS, events=EVENTS, seed=0)


def save(client, **changes):
    state = client.get("api/project").json()
    new = state["project"] | changes
    headers = {"If-Match": f'"{state["revision"]}"'}
    answer = client.put("api/project", json=new, headers=headers)
    assert answer.status_code == 200, answer.text
    return client.get("api/project").json()["project"]


def render(client, events, **options):
    job = ended(client, post(client, kind="render", events=events, **options))
    assert job["state"] == "done", job["message"]
    return job["result"]["takes"]


def with_takes(client, project):
    """Render all events, and choose their takes as the page does."""
    takes = render(client, [event["id"] for event in project["events"]])
    events = [
        event | {"take": takes[event["id"]]["key"], "takes": [takes[event["id"]]["key"]]}
        for event in project["events"]
    ]
    return save(client, events=events)


def export(client, **options):
    """Export; returns the files by name."""
    job = ended(client, post(client, kind="export", **options))
    assert job["state"] == "done", job["message"]
    names = [file["name"] for file in job["result"]["files"]]
    return {name: client.get(f"api/files/{name}").content for name in names}


def samples(content):
    return soundfile.read(io.BytesIO(content), dtype="int32")[0] >> 8


def upload(client, path, name, content):
    answer = client.post(path, params={"name": name}, content=content)
    assert answer.status_code == 202, answer.text
    return ended(client, answer.json()["id"])


def test_every_event_gets_a_take_that_can_be_played(client, project):
    takes = render(client, ["e1", "e2", "e3"])
    assert len({take["key"] for take in takes.values()}) == 3
    answer = client.get(f"api/takes/{takes['e1']['key']}.wav")
    assert int(answer.headers["X-Attack"]) == takes["e1"]["attack"] == ATTACK
    assert len(samples(answer.content)) == takes["e1"]["samples"]
    assert "immutable" in answer.headers["Cache-Control"]


def test_another_take_of_one_event_has_a_seed_that_no_other_has(client, project):
    first = render(client, ["e1"])["e1"]
    again = render(client, ["e1"])["e1"]
    other = render(client, ["e1"], new_take=True)["e1"]
    assert again == first
    assert other["key"] != first["key"]
    assert other["seed"] == 4


def test_words_that_the_encoder_does_not_know_are_named(client, project):
    save(client, groups=[GROUPS[0] | {"prompt": "xylomarimba"}, GROUPS[1]])
    job = ended(client, post(client, kind="render", events=["e1", "e2"]))
    [warning] = job["result"]["warnings"]
    assert "xylomarimba" in warning


def test_the_mix_holds_each_take_at_its_event_with_its_gain(client, project):
    project = with_takes(client, project)
    mix = samples(export(client, mix=True)["clip.wav"])
    assert len(mix) == 2 * RATE
    expected = np.zeros(2 * RATE + RATE, np.int64)
    for event, gain in zip(project["events"], (1.0, 0.5, 0.5), strict=True):
        take = samples(client.get(f"api/takes/{event['take']}.wav").content)
        start = round(event["time"] * RATE) - ATTACK
        expected[start : start + len(take)] += np.round(take * gain).astype(np.int64)
    assert np.abs(mix - expected[: len(mix)]).max() <= 1


def test_a_soft_event_is_struck_before_its_gain_and_the_command_line_makes_the_same_bytes(
    client, project, tmp_path
):
    project = with_takes(client, project)
    soft = [event | {"strength": {"e3": 0.25}.get(event["id"], 1)} for event in project["events"]]
    save(client, events=soft)
    content = export(client, mix=True)["clip.wav"]
    expected = np.zeros(2 * RATE + RATE, np.int64)
    for event, gain in zip(soft, (1.0, 0.5, 0.5), strict=True):
        plain = samples(client.get(f"api/takes/{event['take']}.wav").content)
        take = Take(torch.from_numpy(plain)[None] / FULL_SCALE, ATTACK, "")
        made = struck(take, event["strength"]).samples[0].double().numpy() * FULL_SCALE
        start = round(event["time"] * RATE) - ATTACK
        expected[start : start + len(made)] += np.round(made * gain).astype(np.int64)
    mix = samples(content)
    assert np.abs(mix - expected[: len(mix)]).max() <= 1
    deliver_project(
        client.workspace.folder.path,
        tmp_path / "out.mp4",
        load=lambda: FakePipeline(0),
        progress=ignore,
    )
    assert (tmp_path / "out.wav").read_bytes() == content


def test_strengths_leave_and_come_back_by_csv(client, project):
    project = with_takes(client, project)
    soft = [event | {"strength": {"e3": 0.25}.get(event["id"], 1)} for event in project["events"]]
    save(client, events=soft)
    table = OnsetTrack.from_bytes(export(client, formats=["csv"])["clip.events.csv"])
    assert [extra["strength"] for extra in table.extras] == ["", "", "0.25"]
    cells = [{**extra, "strength": "2"} for extra in table.extras]
    back = replace(table, extras=cells)
    result = upload(client, "api/import", "back.csv", back.to_csv().encode())["result"]
    assert [event["strength"] for event in result["events"]] == [2, 2, 2]
    added = "time,label,strength\n1.0,wood,0.5\n"
    result = upload(client, "api/import", "added.csv", added.encode())["result"]
    assert [event["strength"] for event in result["diff"]["added"]] == [0.5]


def test_a_strength_out_of_its_range_is_no_project(client, project):
    state = client.get("api/project").json()
    events = [state["project"]["events"][0] | {"strength": 5}]
    headers = {"If-Match": f'"{state["revision"]}"'}
    new = state["project"] | {"events": events}
    answer = client.put("api/project", json=new, headers=headers)
    assert answer.status_code == 422
    assert "strength" in answer.json()["message"]


def test_an_event_that_moves_takes_its_sound_along_and_leaves_the_others(client, project):
    project = with_takes(client, project)
    before = samples(export(client, mix=True)["clip.wav"])
    moved = [event | ({"time": 0.75} if event["id"] == "e1" else {}) for event in project["events"]]
    save(client, events=moved)
    after = samples(export(client, mix=True)["clip.wav"])
    shift = RATE // 4
    own = slice(round(0.5 * RATE) - ATTACK, round(0.5 * RATE) + 6000)
    assert np.array_equal(before[own], after[own.start + shift : own.stop + shift])
    assert np.array_equal(before[RATE:], after[RATE:])
    assert not after[own].any()


def test_stems_add_up_to_the_mix_to_the_sample(client, project):
    with_takes(client, project)
    files = export(client, mix=True, stems=True)
    assert set(files) == {"clip.wav", "clip_wood.wav", "clip_metal.wav"}
    stems = [samples(files[name]).astype(np.int64) for name in ("clip_wood.wav", "clip_metal.wav")]
    assert np.array_equal(stems[0] + stems[1], samples(files["clip.wav"]))


@pytest.mark.parametrize(
    ("groups", "events", "silent"),
    [
        ({"g1": {"mute": True}}, {}, {"e1", "e3"}),
        ({"g2": {"solo": True}}, {}, {"e1", "e3"}),
        ({}, {"e2": {"mute": True}}, {"e2"}),
    ],
)
def test_what_is_muted_or_not_soloed_is_silent(client, project, groups, events, silent):
    project = with_takes(client, project)
    whole = samples(export(client, mix=True)["clip.wav"])
    save(
        client,
        groups=[group | groups.get(group["id"], {}) for group in project["groups"]],
        events=[event | events.get(event["id"], {}) for event in project["events"]],
    )
    part = samples(export(client, mix=True)["clip.wav"])
    for event in EVENTS:
        at = round(event["time"] * RATE) + 100
        assert whole[at : at + 500].any()
        assert part[at : at + 500].any() != (event["id"] in silent)


def test_events_without_a_take_are_rendered_for_the_export(client, project):
    mix = samples(export(client, mix=True)["clip.wav"])
    assert mix[round(0.5 * RATE) : round(0.5 * RATE) + 500].any()


def test_a_take_that_is_damaged_is_rendered_anew(client, project):
    project = with_takes(client, project)
    before = export(client, mix=True)["clip.wav"]
    path = client.workspace.folder.file("takes", f"{project['events'][0]['take']}.wav")
    path.write_bytes(path.read_bytes()[:1000])
    assert export(client, mix=True)["clip.wav"] == before


def test_a_video_with_the_sound_leaves_the_studio(client, project):
    import av

    files = export(client, video=True)
    with av.open(io.BytesIO(files["clip.mp4"])) as film:
        assert film.streams.audio[0].codec_context.name == "aac"
        assert sum(1 for _ in film.decode(video=0)) == 50


def test_the_command_line_gives_the_studios_bytes(client, project, tmp_path):
    with_takes(client, project)
    files = export(client, mix=True, stems=True, video=True)

    def load():
        raise AssertionError("every take is there")

    out = tmp_path / "out.mp4"
    folder = client.workspace.folder.path
    written = deliver_project(folder, out, load=load, stems=True, progress=ignore)
    assert {path.name for path in written} >= {"out.mp4", "out.onsets.csv", "out.json"}
    assert (tmp_path / "out.wav").read_bytes() == files["clip.wav"]
    assert (tmp_path / "out.stems" / "metal.wav").read_bytes() == files["clip_metal.wav"]
    assert out.read_bytes() == files["clip.mp4"]


def test_the_command_generates_a_project(client, project, tmp_path):
    with_takes(client, project)
    files = export(client, mix=True)
    words = ["generate", str(client.workspace.folder.path), "-o", str(tmp_path / "out.mp4")]
    main(words)
    assert (tmp_path / "out.wav").read_bytes() == files["clip.wav"]
    with pytest.raises(SystemExit) as ended:
        main([*words, "--overwrite", "--prompt", "wood"])
    assert ended.value.code == 2


def test_a_projects_sounds_have_pops_and_names_by_a_template(client, project, tmp_path):
    with_takes(client, project)
    plain = export(client, mix=True)["clip.wav"]
    words = ["--name-template", "{video}_{group}_v{take}", "--pops", "--start-tc", "01:00:00:00"]
    folder = str(client.workspace.folder.path)
    main(["generate", folder, "-o", str(tmp_path / "out.mp4"), "--stems", *words])
    names = {path.name for path in (tmp_path / "out.stems").iterdir()}
    assert names == {"clip_wood_v01.wav", "clip_metal_v01.wav"}
    lead, (sound, _) = 2 * RATE, soundfile.read(io.BytesIO(plain), dtype="int32")
    popped, _ = soundfile.read(tmp_path / "out.wav", dtype="int32")
    assert popped[:lead].any()
    assert (popped[lead : lead + len(sound)] == sound).all()


def test_a_room_is_around_the_mix_and_its_stems_stay_dry(client, project):
    with_takes(client, project)
    dry = export(client, mix=True, stems=True)
    save(client, room="small")
    wet = export(client, mix=True, stems=True)
    assert wet["clip.wav"] != dry["clip.wav"]
    assert wet["clip_wood.wav"] == dry["clip_wood.wav"]
    save(client, room="etc")
    job = ended(client, post(client, kind="export", mix=True))
    assert "there is no room 'etc'" in job["message"]
    save(client, room="dry")


def test_others_cannot_name_folders_of_this_machine(client, project):
    groups = [GROUPS[0] | {"library": "/etc"}, GROUPS[1]]
    state = client.get("api/project").json()
    headers = {"If-Match": f'"{state["revision"]}"'}
    client.workspace.has_folders = False
    answer = client.put("api/project", json=state["project"] | {"groups": groups}, headers=headers)
    client.workspace.has_folders = True
    assert answer.status_code == 422
    assert "others cannot name one" in answer.json()["message"]


def test_the_command_line_renders_what_the_studio_has_not(client, project, tmp_path):
    deliver_project(
        client.workspace.folder.path,
        tmp_path / "out.mp4",
        load=lambda: FakePipeline(0),
        progress=ignore,
    )
    assert (tmp_path / "out.wav").read_bytes() == export(client, mix=True)["clip.wav"]


def test_every_format_is_exported(client, project):
    files = export(client, formats=list(CATALOGUE), mix=True, stems=True)
    endings = {name.removeprefix("clip.events") for name in files if ".events" in name}
    assert endings == {facts.suffix for facts in CATALOGUE.values()}
    markers = mido.MidiFile(file=io.BytesIO(files["clip.events.mid"]), charset="utf-8")
    texts = [
        message.text for track in markers.tracks for message in track if message.type == "marker"
    ]
    assert texts == ["wood", "metal", "wood"]


def test_events_come_back_with_what_was_changed_elsewhere(client, project):
    with_takes(client, project)
    table = export(client, formats=["csv"])["clip.events.csv"].decode()
    lines = table.splitlines()
    lines[1] = lines[1].replace("0.500000", "0.600000")
    del lines[2]
    lines.append("1.75,glass hit,1,1" + "," * (lines[0].count(",") - 3))
    result = upload(client, "api/import", "back.csv", "\n".join(lines).encode())["result"]
    assert result["diff"]["moved"] == [{"id": "e1", "from": 0.5, "to": 0.6}]
    assert result["diff"]["deleted"] == ["e2"]
    assert [event["time"] for event in result["diff"]["added"]] == [1.75]
    by_id = {event["id"]: event for event in result["events"]}
    assert by_id["e1"]["take"] is not None
    assert by_id["e1"]["locked"]
    assert by_id["e3"]["gain"] == 0.5
    assert result["groups"][-1]["prompt"] == "glass hit"
    save(client, events=result["events"], groups=result["groups"])


def test_a_file_that_comes_back_unchanged_changes_nothing(client, project):
    project = with_takes(client, project)
    for name in ("csv", "midi", "reaper", "json", "cue"):
        [(file, content)] = export(client, formats=[name]).items()
        result = upload(client, "api/import", file, content)["result"]
        assert result["diff"] == {"added": [], "moved": [], "deleted": [], "changed": []}, name
        assert result["events"] == project["events"], name


def test_a_file_that_is_not_understood_is_one_sentence_with_its_own_name(client, project):
    job = upload(client, "api/import", "notes.csv", b"\x00\x01\x02" * 100)
    assert job["state"] == "failed"
    assert "notes.csv" in job["message"]
    assert "uploads" not in job["message"]
    assert list(client.workspace.folder.file("uploads").iterdir()) == []


@pytest.mark.parametrize(("content", "state"), [(b"", None), (b"\x00\x01\x02" * 100, "failed")])
def test_a_name_of_several_lines_stands_on_one_line_of_its_sentence(client, content, state):
    answer = client.post("api/import", params={"name": "my\nnotes\u2028.csv"}, content=content)
    message = ended(client, answer.json()["id"])["message"] if state else answer.json()["message"]
    assert "my notes .csv" in message
    assert len(message.splitlines()) == 1


def test_a_reference_is_kept_and_its_group_imitates_it(client, project):
    sound = io.BytesIO()
    soundfile.write(sound, np.sin(np.arange(24_000) / 10), RATE, format="WAV")
    result = upload(client, "api/references", "../My knock!.WAV", sound.getvalue())["result"]
    assert result["name"].startswith("my-knock-")
    assert result["seconds"] == pytest.approx(0.5)
    assert client.workspace.folder.file("references", result["name"]).is_file()
    before = render(client, ["e1"])["e1"]["key"]
    save(client, groups=[GROUPS[0] | {"reference": result["name"]}, GROUPS[1]])
    assert render(client, ["e1"])["e1"]["key"] != before


def test_a_reference_that_is_no_sound_is_refused(client, project):
    job = upload(client, "api/references", "page.wav", b"<html>" * 100)
    assert job["state"] == "failed"
    assert "page.wav" in job["message"]


def test_a_group_without_a_prompt_is_named(client, project):
    save(client, groups=[GROUPS[0] | {"prompt": ""}, GROUPS[1]])
    job = ended(client, post(client, kind="render", events=["e1"]))
    assert job["state"] == "failed"
    assert job["message"] == "the group 'wood' has no prompt; type one, or give it a sound"


@pytest.mark.parametrize(
    ("request_", "named"),
    [
        ({"kind": "export"}, "nothing is chosen"),
        ({"kind": "export", "formats": ["doc"]}, "no format"),
        ({"kind": "render", "events": ["e9"]}, "there no more"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(client, project, request_, named):
    job = ended(client, post(client, **request_))
    assert job["state"] == "failed"
    assert named in job["message"]


@pytest.mark.parametrize("name", ["..%2fproject.json", ".lock", "none.wav", "%2e%2e", "a%00"])
def test_no_name_of_an_export_leads_out_of_its_folder(client, name):
    assert client.get(f"api/files/{name}").status_code in (404, 422)
    assert client.get(f"api/takes/{name}.wav").status_code in (404, 422)


def test_a_video_that_is_sent_becomes_a_project_of_its_own(client, clip):
    answer = client.post("api/videos", params={"name": "my take.mp4"}, content=clip.read_bytes())
    address = answer.json()["address"]
    assert not address.startswith(f"/{client.workspace.id}/")
    page = f"{client.base_url.copy_with(path='/')}{address[1:]}"
    assert client.get(page).status_code == 200
    project = client.get(f"{page.partition('?')[0]}api/project").json()["project"]
    assert project["name"] == "my take"
