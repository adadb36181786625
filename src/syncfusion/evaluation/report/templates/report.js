// Clip table: sorting, filtering, details, players with a playhead on the picture.

const WORST = 10;
const KEY_SECONDS = 0.1;
const table = document.querySelector("#clip-table");
const clips = [...document.querySelectorAll("tbody.clip")];
const still = matchMedia("(prefers-reduced-motion: reduce)");

function cellValue(clip, column) {
  const cell = clip.rows[0].cells[column];
  const data = cell.querySelector("data");
  return data ? Number(data.value) : cell.textContent.trim();
}

function compare(first, second, isNumber) {
  const missing = (value) => isNumber && typeof value === "string";
  if (missing(first) || missing(second)) return missing(first) - missing(second);
  return isNumber ? first - second : first.localeCompare(second, undefined, { numeric: true });
}

function sortBy(header, ascending) {
  const isNumber = header.dataset.kind === "number";
  const keyed = clips.map((clip) => [clip, cellValue(clip, header.cellIndex)]);
  keyed.sort(([, first], [, second]) => {
    const order = compare(first, second, isNumber);
    const absent = isNumber && (typeof first === "string" || typeof second === "string");
    return ascending || absent ? order : -order;
  });
  clips.splice(0, clips.length, ...keyed.map(([clip]) => clip));
  table.append(...clips);
  for (const other of table.tHead.rows[0].cells) other.ariaSort = "none";
  header.ariaSort = ascending ? "ascending" : "descending";
}

function filter() {
  const { system, search, worst, count } = controls;
  const words = search.value.trim().toLowerCase();
  let n_shown = 0;
  for (const clip of clips) {
    const fits =
      (!system.value || clip.dataset.system === system.value) &&
      clip.dataset.name.toLowerCase().includes(words);
    const isShown = fits && (worst.ariaPressed !== "true" || n_shown < WORST);
    n_shown += isShown;
    if (!isShown) clip.querySelector("video, audio")?.pause();
    clip.hidden = !isShown;
  }
  count.value = `${n_shown} of ${clips.length} sounds`;
}

function chooseScores() {
  for (const cell of table.querySelectorAll("[data-group]")) {
    const { group } = cell.dataset;
    cell.hidden = controls.scores !== null && group !== "" && group !== controls.scores.value;
  }
  // a wider cell would make columns that hold nothing
  const n_columns = [...table.tHead.rows[0].cells].filter((cell) => !cell.hidden).length;
  for (const cell of table.querySelectorAll(".card > td")) cell.colSpan = n_columns;
}

function showWorst(isPressed) {
  controls.worst.ariaPressed = String(isPressed);
  if (isPressed) sortBy(table.tHead.rows[0].cells[2], true);
  filter();
}

function toggle(button) {
  const card = document.getElementById(button.getAttribute("aria-controls"));
  const isOpen = button.ariaExpanded !== "true";
  const template = card.querySelector("template");
  if (template) {
    template.replaceWith(template.content);
    connect(card);
  }
  button.ariaExpanded = String(isOpen);
  card.hidden = !isOpen;
  if (!isOpen) card.querySelector("video, audio")?.pause();
}

function connect(card) {
  const player = card.querySelector("video, audio");
  const picture = card.querySelector(".picture");
  player?.load(); // media inside a template do not load
  if (!player || !picture) return;
  const seconds = Number(card.querySelector(".details").dataset.seconds);
  const playhead = picture.querySelector(".playhead");

  function seek(time) {
    player.currentTime = Math.min(Math.max(time, 0), seconds);
    follow();
  }

  function follow() {
    const time = Math.min(player.currentTime, seconds);
    playhead.style.left = `${(100 * time) / seconds}%`;
    picture.ariaValueNow = time.toFixed(3);
    picture.ariaValueText = `${time.toFixed(2)} of ${seconds.toFixed(2)} seconds`;
  }

  function glide() {
    follow();
    if (!player.paused && !still.matches) requestAnimationFrame(glide);
  }

  function pressed(event) {
    const places = {
      ArrowLeft: player.currentTime - KEY_SECONDS,
      ArrowRight: player.currentTime + KEY_SECONDS,
      Home: 0,
      End: seconds,
    };
    if (event.key in places) seek(places[event.key]);
    else if (event.key === " ") player.paused ? player.play() : player.pause();
    else return;
    event.preventDefault();
  }

  function clicked(event) {
    const box = picture.getBoundingClientRect();
    seek((seconds * (event.clientX - box.left)) / box.width);
  }

  player.addEventListener("play", () => {
    for (const other of document.querySelectorAll("video, audio")) {
      if (other !== player) other.pause();
    }
    glide();
  });
  for (const name of ["timeupdate", "seeked"]) player.addEventListener(name, follow);
  picture.addEventListener("click", clicked);
  picture.addEventListener("keydown", pressed);
  follow();
}

const controls = Object.fromEntries(
  ["system", "search", "worst", "reset", "count", "scores"].map((id) => [id, document.getElementById(id)]),
);

if (table) {
  table.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.matches(".open")) toggle(button);
    if (button?.matches(".sort")) {
      const header = button.closest("th");
      sortBy(header, header.ariaSort !== "ascending");
      filter();
    }
  });
  controls.system.addEventListener("change", filter);
  controls.scores?.addEventListener("change", chooseScores);
  controls.search.addEventListener("input", filter);
  controls.worst.addEventListener("click", () => showWorst(controls.worst.ariaPressed !== "true"));
  controls.reset.addEventListener("click", () => {
    controls.system.value = controls.search.value = "";
    showWorst(false);
  });
  chooseScores();
  filter();
}

