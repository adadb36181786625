import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./parts.mjs";

const { BINDINGS, chord, keyText } = await load("keys/bindings.js");
const { PRESETS, bindings } = await load("keys/presets.js");
const { createSaving } = await load("net/saving.js");
const { Refused } = await load("net/api.js");
const { diffOf } = await load("dialogs/import.js");
const { initial, reduce } = await load("core/state.js");

test("no two commands share a key, in any preset", () => {
  for (const preset of Object.keys(PRESETS)) {
    const keys = bindings(preset).flatMap((binding) => binding.keys);
    const twice = keys.filter((key, n) => keys.indexOf(key) !== n);
    assert.deepEqual(twice, [], preset);
  }
});

test("no key is one that browsers keep for themselves", () => {
  const taken = [
    "Mod+KeyW",
    "Mod+KeyT",
    "Mod+KeyN",
    "Mod+KeyL",
    "Alt+ArrowLeft",
    "Alt+ArrowRight",
    "Slash",
    "Quote",
  ];
  for (const { keys } of BINDINGS) for (const key of keys) assert.ok(!taken.includes(key), key);
});

test("chords are named by the key's place, and printed by its letter", () => {
  assert.equal(chord("KeyZ", { shift: true, mod: true, alt: false }), "Mod+Shift+KeyZ");
  assert.equal(keyText("Mod+Shift+KeyZ", false), "Ctrl Shift Z");
  assert.equal(keyText("Shift+ArrowLeft", true), "Shift ←");
});

/** A server that answers each save from a list: a number to wait, or an error to throw. */
function scene(answers) {
  const sent = [];
  const reports = [];
  let project = { n: 0 };
  const api = {
    async save(saved, revision) {
      const answer = answers.shift();
      await new Promise((done) => setTimeout(done, typeof answer === "number" ? answer : 0));
      if (answer instanceof Error) throw answer;
      sent.push([saved.n, revision]);
      return { revision: revision + 1 };
    },
  };
  const saving = createSaving(api, {
    current: () => project,
    report: (state) => reports.push(state),
  });
  saving.adopt(4);
  return { saving, sent, reports, edit: (n) => ((project = { n }), saving.touch()) };
}

test("edits made while a save is under way are saved after it, on its revision", async () => {
  const { saving, sent, edit } = scene([20, 0]);
  edit(1);
  const first = saving.flush();
  edit(2);
  edit(3);
  await first;
  await saving.flush();
  assert.deepEqual(sent, [
    [1, 4],
    [3, 5],
  ]);
  assert.ok(saving.isSaved());
});

test("a conflict stops saving until the user decides, and then theirs is named", async () => {
  const { saving, sent, reports, edit } = scene([new Refused(409, "edited elsewhere", {}), 0]);
  edit(1);
  await saving.flush();
  edit(2);
  await saving.flush();
  assert.deepEqual([sent, reports.at(-1)], [[], "conflict"]);
  await saving.overwrite(9);
  assert.deepEqual(sent, [[2, 9]]);
});

test("a server that is away is told of, and gets the edit when it is back", async () => {
  const { saving, sent, reports, edit } = scene([new Refused(0, "away", null), 0]);
  edit(1);
  await saving.flush();
  assert.equal(reports.at(-1), "offline");
  await saving.flush();
  assert.deepEqual(sent, [[1, 4]]);
});

test("the server's diff keeps only what changed, and times as moves", () => {
  const before = { time: 1, gain: 1, label: "a" };
  const diff = diffOf({
    changed: [{ id: "e1", before, after: { ...before, time: 2, gain: 0.5 } }],
    moved: [{ id: "e1", from: 1, to: 2 }],
  });
  assert.deepEqual(diff.changed, [{ id: "e1", patch: { gain: 0.5 } }]);
  assert.deepEqual(diff.added, []);
});

test("an added event brings its group along where the server made one for its label", () => {
  const group = { id: "g1", name: "hit", prompt: "wood hit" };
  const glass = { id: "g2", name: "glass", prompt: "glass" };
  const added = [{ id: "i1", time: 3, group: "g2", label: "" }];
  const diff = diffOf({ added }, [group, glass], [group]);
  const { project } = reduce(initial({ duration: 8, groups: [group] }), { type: "import", diff });
  assert.equal(project.groups.length, 2);
  assert.equal(project.groups[1].prompt, "glass");
  assert.equal(project.events[0].group, project.groups[1].id);
});
