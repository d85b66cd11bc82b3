// Moves a visit on the board, or makes it shorter or longer: dragged by the block or by its right edge, or by keys (M or L,
// arrows, Enter; Escape leaves it). The server judges, and says why not. Without JavaScript "Change time", "Make shorter
// or longer" and "Change staff or room" of a visit do the same.
"use strict";

const board = document.querySelector("#day .lanes");
const day = document.getElementById("day");
const moved = document.getElementById("moved");
const CELL_MS = 300_000;
const QUARTER = 3;
const EDGE = 12; // pixels at the right end of a block that make it shorter or longer
let hand = null; // what is being moved: its block, the lane it came from, where it is now
let last = null; // the last move, to be taken back

function cellWidth() {
  return board.querySelector(".lane-hours .track").clientWidth / Number(getComputedStyle(board).getPropertyValue("--cells"));
}

function lanesOf() {
  return [...board.querySelectorAll("[data-lane]")];
}

function take(block, stretches) {
  const lane = block.closest("[data-lane]");
  const start = Number(stretches ? block.dataset.e : block.dataset.s) * 1000;
  hand = { block, from: lane, to: lane, cells: 0, start, stretches, width: block.offsetWidth };
  day.dataset.moving = "yes";
  block.classList.add("moving");
}

function show() {
  if (hand.stretches) {
    hand.block.style.width = `${Math.max(hand.width + hand.cells * cellWidth(), cellWidth())}px`;
  }
  const down = hand.to.getBoundingClientRect().top - hand.from.getBoundingClientRect().top;
  if (!hand.stretches) {
    hand.block.style.transform = `translate(${hand.cells * cellWidth()}px, ${down}px)`;
  }
  const start = new Date(hand.start + hand.cells * CELL_MS);
  moved.hidden = false;
  const mark = hand.stretches ? "→ " : "";
  moved.querySelector("span").textContent = `${mark}${clock(start)} · ${hand.to.getAttribute("aria-label")}`;
  moved.querySelector("button").hidden = true;
}

function clock(moment) {
  const language = document.documentElement.lang;
  const how = { hour: "2-digit", minute: "2-digit", hourCycle: board.dataset.hours, timeZone: board.dataset.zone };
  return moment.toLocaleTimeString(language, how);
}

function leave() {
  if (hand) {
    hand.block.classList.remove("moving");
    hand.block.style.removeProperty("transform");
    hand.block.style.removeProperty("width");
  }
  delete day.dataset.moving;
  hand = null;
  moved.hidden = true;
}

function versionOf(block, stretches) {
  return stretches ? block.dataset.w : block.dataset.n;
}

async function put() {
  const { block, from, to, cells, start, stretches } = hand;
  const { v: visit, p: position } = block.dataset;
  const address = block.getAttribute("href");
  const move = { visit, position, address, start: start + cells * CELL_MS, from, to, stretches };
  const was = { version: versionOf(block, stretches), start };
  leave();
  if (cells || from !== to) {
    await send(move, was.version);
    const here = board.querySelector(`[data-lane="${to.dataset.lane}"] a[data-v="${move.visit}"]`);
    const changed = here && versionOf(here, stretches) !== was.version;
    last = changed ? { ...move, start: was.start, from: to, to: from } : null;
    offerUndo(here, move);
  }
}

function offerUndo(here, move) {
  if (last) {
    moved.hidden = false;
    moved.querySelector("span").textContent = `${here.querySelector("b").textContent}: ${clock(new Date(move.start))}`;
    moved.querySelector("button").hidden = false;
    here.focus({ preventScroll: true });
  }
}

async function undo() {
  const block = last && board.querySelector(`a[data-v="${last.visit}"]${last.stretches ? "[data-e]" : "[data-n]"}`);
  moved.hidden = true;
  if (block) {
    const back = last;
    last = null;
    await send(back, versionOf(block, back.stretches));
  }
}

async function send(move, version) {
  const form = new FormData(document.getElementById("act"));
  const swaps = move.from !== move.to;
  const said = move.stretches ? { until: wallTime(new Date(move.start)), version } : {
    start: new Date(move.start).toISOString(), version, key: crypto.randomUUID(), by: board.dataset.by,
    old: swaps ? move.from.dataset.lane : "", new: swaps ? move.to.dataset.lane : "",
  };
  for (const [name, value] of Object.entries(said)) {
    form.set(name, value);
  }
  document.getElementById("messages").replaceChildren();
  try {
    const page = move.stretches ? `${move.position}/length/` : "place/";
    const answer = await fetch(`${move.address}${page}`, { method: "POST", body: form, redirect: "manual" });
    if (answer.type !== "opaqueredirect") {
      location.reload();
    }
  } catch {
    location.reload();
  }
  await new Promise((done) => {
    day.addEventListener("looked", done, { once: true });
    day.dispatchEvent(new Event("look"));
  });
}

// As a field for a time of day takes it: by the clinic's clock.
function wallTime(moment) {
  return moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: board.dataset.zone });
}

// --- by pointer ------------------------------------------------------------------------------------------------------

board?.addEventListener("dragstart", (event) => event.preventDefault());
board?.addEventListener("pointerdown", (event) => {
  const block = event.target.closest("a[data-n], a[data-e]");
  if (!block || event.button !== 0) {
    return;
  }
  const edge = Math.min(EDGE, block.offsetWidth / 3);
  const stretches = Boolean(block.dataset.e) && block.getBoundingClientRect().right - event.clientX <= edge;
  if (!stretches && !block.dataset.n) {
    return;
  }
  const begun = { x: event.clientX, y: event.clientY };
  const follow = (at) => {
    if (!hand && Math.hypot(at.clientX - begun.x, at.clientY - begun.y) > 5) {
      take(block, stretches);
      block.setPointerCapture(event.pointerId);
    }
    if (hand) {
      hand.cells = Math.round((at.clientX - begun.x) / cellWidth());
      const over = lanesOf().find((lane) => {
        const box = lane.getBoundingClientRect();
        return at.clientY >= box.top && at.clientY < box.bottom;
      });
      hand.to = stretches ? hand.from : over ?? hand.to;
      show();
    }
  };
  const end = () => {
    board.removeEventListener("pointermove", follow);
    if (hand) {
      board.addEventListener("click", (click) => click.preventDefault(), { capture: true, once: true });
      put();
    }
  };
  board.addEventListener("pointermove", follow);
  board.addEventListener("pointerup", end, { once: true });
  board.addEventListener("pointercancel", leave, { once: true });
});

// --- by keys ---------------------------------------------------------------------------------------------------------

const STEPS = { ArrowLeft: [-QUARTER, 0], ArrowRight: [QUARTER, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

board?.addEventListener("keydown", (event) => {
  const block = event.target.closest("a[data-v]");
  if (!block || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const keys = hand ? movingKey(event) : restingKey(event, block);
  if (keys) {
    event.preventDefault();
  }
});

function movingKey(event) {
  const [cells, lanes] = STEPS[event.key] ?? [0, 0];
  if (cells || lanes) {
    const all = lanesOf();
    hand.cells += event.shiftKey || hand.stretches ? Math.sign(cells) : cells;
    hand.to = hand.stretches ? hand.from : all[Math.min(Math.max(all.indexOf(hand.to) + lanes, 0), all.length - 1)];
    show();
  } else if (event.key === "Enter") {
    put();
  } else if (event.key === "Escape" || event.key === "Tab") {
    leave();
    return event.key === "Escape";
  }
  return true;
}

function restingKey(event, block) {
  const row = document.querySelector(`tr[data-v="${block.dataset.v}"]`);
  if (event.key in STEPS) {
    neighbour(block, ...STEPS[event.key])?.focus();
  } else if (event.key === "m" && block.dataset.n) {
    take(block);
    show();
  } else if (event.key === "l" && block.dataset.e) {
    take(block, true);
    show();
  } else if (event.key === "c") {
    row?.querySelector(".btn-primary")?.click();
  } else if (event.key === "u" && last) {
    undo();
  } else {
    return false;
  }
  return true;
}

function neighbour(block, cells, lanes) {
  const all = lanesOf();
  const here = block.getBoundingClientRect();
  const lane = block.closest("[data-lane]");
  const others = lanes ? all.slice(...(lanes < 0 ? [0, all.indexOf(lane)] : [all.indexOf(lane) + 1])) : [lane];
  const rows = lanes < 0 ? others.reverse() : others;
  const first = rows.find((one) => one.querySelector("a[data-v]"));
  const blocks = [...(first?.querySelectorAll("a[data-v]") ?? [])].map((one) => [one, one.getBoundingClientRect().left]);
  const ahead = blocks.filter(([one, left]) => one !== block && (lanes || Math.sign(left - here.left) === Math.sign(cells)));
  ahead.sort((one, other) => Math.abs(one[1] - here.left) - Math.abs(other[1] - here.left));
  return ahead[0]?.[0];
}

// One stop for the tab key; arrows lead on from there.
function rove(current) {
  const blocks = [...(board?.querySelectorAll("a[data-v]") ?? [])];
  const stop = current ?? blocks.find((block) => block.tabIndex === 0) ?? blocks[0];
  for (const block of blocks) {
    block.tabIndex = block === stop ? 0 : -1;
  }
}

board?.addEventListener("focusin", (event) => event.target.matches("a[data-v]") && rove(event.target));
moved?.querySelector("button").addEventListener("click", undo);
day.addEventListener("looked", () => rove());
rove();
