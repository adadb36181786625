/** Prints docs/studio-keys.md: node tests/studio/page/keys.mjs > docs/studio-keys.md */

import { BINDINGS, DIGITS, keyText } from "../../../src/syncfusion/studio/page/keys/bindings.js";
import { PRESETS } from "../../../src/syncfusion/studio/page/keys/presets.js";

/** @param {readonly string[]} keys */
const cell = (keys) => keys.map((key) => `\`${keyText(key, false)}\``).join(" or ") || "–";
const sections = [...new Set(BINDINGS.map(({ section }) => section))];

console.log("# Keys of the studio\n");
console.log(
  "`node tests/studio/page/keys.mjs` writes this page. In the studio `?` shows the same, and any key can be changed there. Keys lie where they lie on an English keyboard.",
);
for (const section of sections) {
  console.log(`\n## ${section}\n\n| key | what it does |\n|---|---|`);
  for (const { keys, text } of BINDINGS.filter((binding) => binding.section === section))
    console.log(`| ${cell(keys)} | ${text} |`);
  if (DIGITS.section === section) console.log(`| ${DIGITS.keys} | ${DIGITS.text} |`);
}
console.log("\n## Keys of other programs\n");
for (const { title, keys } of Object.values(PRESETS).slice(1)) {
  const others = Object.entries(keys).map(([command, own]) => {
    const text = BINDINGS.find((binding) => binding.command === command)?.text ?? command;
    return `${text}: ${cell(own)}`;
  });
  console.log(`- *${title}*: ${others.join("; ")}.`);
}
