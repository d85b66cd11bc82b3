// Keeps the day up to date: asks whether something changed, and exchanges the lines and blocks that did, and no others.
// Focus, scrolling and what is being typed stay. Without JavaScript the page is as it was when it was opened.
"use strict";

const page = document.getElementById("day");
const lanes = page.querySelector(".lanes");
const EVERY = 15_000;
const STAGES = {
  booked: "expected", requested: "expected", checked_in: "here", in_progress: "in_progress",
  completed: "done", stopped: "done", late: "missing", no_show: "missing",
};
let etag = page.dataset.etag;
let asking = false;

// --- what changed ----------------------------------------------------------------------------------------------------

async function look(pressed) {
  while (pressed && asking) {
    await new Promise((done) => setTimeout(done, 20));
  }
  if (asking || page.dataset.moving || (document.hidden && !pressed)) {
    return;
  }
  asking = true;
  try {
    const address = page.dataset.changes + (pressed ? `&since=${encodeURIComponent(etag)}` : "");
    const answer = await fetch(address, { headers: pressed ? {} : { "If-None-Match": etag }, cache: "no-store" });
    if (answer.redirected || answer.status === 403) {
      location.reload(); // the session is over: whoever comes next signs in
    } else if (answer.status === 200) {
      exchange(new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-changed]"));
    }
  } catch {
    // No network for a moment: the next look tries again.
  } finally {
    asking = false;
    page.dispatchEvent(new Event("looked"));
  }
}

function exchange(news) {
  const changed = news.dataset.changed.split(" ").filter(Boolean);
  const focused = placeOfFocus();
  if (changed.includes("0")) {
    page.querySelectorAll(".shade").forEach((shade) => shade.remove());
  }

  for (const visit of changed) {
    page.querySelectorAll(`[data-v="${visit}"]`).forEach((old) => old.remove());
  }
  const complete = [...news.querySelectorAll("[data-lane]")].map(fill).every(Boolean);
  if (!complete || !insert(news, "day-list") || !insert(news, "gone-list")) {
    location.reload(); // somebody serves who had no lane, or the day was empty before
    return;
  }
  wait(news);
  count();
  etag = news.dataset.etag;
  document.getElementById("messages").append(...news.querySelectorAll("#messages > *"));
  focusOn(focused);
}

function fill(lane) {
  const track = lanes?.querySelector(`[data-lane="${lane.dataset.lane}"] .track`);
  track?.prepend(...lane.querySelectorAll(":scope > .shade"));
  track?.append(...lane.children);
  return Boolean(track);
}

function insert(news, name) {
  const body = document.querySelector(`#${name} tbody`);
  const rows = [...news.querySelectorAll(`#${name}-new tr`)];
  for (const row of body ? rows : []) {
    const later = [...body.rows].find((other) => Number(other.dataset.at) > Number(row.dataset.at));
    body.insertBefore(row, later ?? null);
  }
  if (name === "gone-list" && body) {
    const box = body.closest("details");
    box.hidden = !body.rows.length;
    box.querySelector(".count").textContent = body.rows.length;
  }
  return Boolean(body) || !rows.length;
}

function wait(news) {
  const list = document.getElementById("waiting-list");
  if (!list) {
    return;
  }
  const all = [...list.children, ...news.querySelectorAll("#waiting-list > li")];
  list.append(...all.sort((one, other) => Date.parse(one.dataset.since) - Date.parse(other.dataset.since)));
  const box = list.closest("section");
  box.querySelector(".count").textContent = all.length;
  box.querySelector(".nobody").hidden = all.length > 0;
  minutes();
}

function count() {
  const tally = {};
  for (const row of page.querySelectorAll("#day-list tbody tr")) {
    const stage = STAGES[row.classList[0]];
    tally[stage] = (tally[stage] ?? 0) + 1;
  }
  for (const box of page.querySelectorAll("#day-counts [data-stage]")) {
    box.querySelector("dd").textContent = tally[box.dataset.stage] ?? 0;
  }
}

// --- the focus, when what has it is exchanged ------------------------------------------------------------------------

function placeOfFocus() {
  const element = document.activeElement;
  const owner = element?.closest("[data-v]");
  if (!owner || !page.contains(owner)) {
    return null;
  }
  const home = owner.closest("[data-lane]");
  const within = home ? `[data-lane="${home.dataset.lane}"]` : `#${owner.parentElement.closest("[id]").id}`;
  return { element, visit: owner.dataset.v, within, address: element.getAttribute("href") ?? element.formAction };
}

function focusOn(place) {
  if (!place || place.element.isConnected) {
    return;
  }
  const box = `${place.within} [data-v="${place.visit}"]`;
  const all = [...page.querySelectorAll(`${box} a, ${box} button`)];
  const blocks = [...page.querySelectorAll(`${place.within} a[data-v="${place.visit}"]`)];
  const same = [...blocks, ...all].find((one) => (one.getAttribute("href") ?? one.formAction) === place.address);
  const other = page.querySelector(`tr[data-v="${place.visit}"] a`);
  (same ?? blocks[0] ?? all[0] ?? other)?.focus({ preventScroll: true });
}

// --- one press -------------------------------------------------------------------------------------------------------

document.getElementById("act").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.submitter;
  button.setAttribute("aria-busy", "true");
  document.getElementById("messages").replaceChildren();
  try {
    const sent = new FormData(event.target, button);
    const answer = await fetch(button.formAction, { method: "POST", body: sent, redirect: "manual" });
    if (answer.type !== "opaqueredirect" && !answer.ok) {
      location.reload();
    }
  } catch {
    location.reload();
  }
  button.removeAttribute("aria-busy");
  await look(true);
});

// --- the clock of the clinic -----------------------------------------------------------------------------------------

const ahead = lanes ? Date.parse(lanes.dataset.now) - Date.now() : 0;

function minutes() {
  const list = document.getElementById("waiting-list");
  for (const one of list?.children ?? []) {
    const waited = Math.max(Math.floor((Date.now() + ahead - Date.parse(one.dataset.since)) / 60_000), 0);
    one.querySelector(".waiting-minutes").textContent = list.dataset.minutes.replace("{minutes}", waited);
  }
}

function tick() {
  minutes();
  const line = lanes?.querySelector(".now");
  const cell = (Date.now() + ahead - Date.parse(lanes?.dataset.midnight)) / 300_000;
  line?.style.setProperty("--t", cell);
  if (line) {
    const last = Number(lanes.dataset.first) + Number(getComputedStyle(lanes).getPropertyValue("--cells"));
    line.hidden = cell < Number(lanes.dataset.first) || cell >= last;
  }
}

// --- a free place leads to the booking, with the person and the time -------------------------------------------------

lanes?.addEventListener("click", (event) => {
  const track = event.target.closest(".track");
  const lane = event.target.closest("[data-lane]");
  if (!page.dataset.book || !lane || !track || event.target.closest("[data-v]")) {
    return;
  }
  location.assign(bookingAddress(lane, cellAt(track, event.clientX)));
});

function cellAt(track, x) {
  const width = parseFloat(getComputedStyle(track.firstElementChild ?? track).getPropertyValue("--cells"));
  const box = track.getBoundingClientRect();
  return Number(lanes.dataset.first) + Math.floor(((x - box.left) / box.width) * width);
}

function bookingAddress(lane, cell) {
  const address = new URL(page.dataset.book, location.href);
  const minute = cell * 5;
  const two = (number) => String(number).padStart(2, "0");
  address.searchParams.set("time", `${two(Math.floor(minute / 60))}:${two(minute % 60)}`);
  if (lanes.dataset.by === "person") {
    address.searchParams.set("practitioner", lane.dataset.lane);
  }
  return address;
}

if (lanes) {
  tick();
  setInterval(tick, 30_000);
  const line = lanes.querySelector(".now");
  if (line && !line.hidden) {
    const scroll = lanes.parentElement;
    scroll.scrollLeft = Math.max(line.offsetLeft - scroll.clientWidth / 4, 0);
  }
}
// --- visits that a change affected: htmx brings their numbers ------------------------------------------------------------

function markAffected() {
  const box = document.getElementById("board-affected");
  const ids = (box?.dataset.affected ?? "").split(" ").filter(Boolean);
  page.querySelectorAll(".affected-mark").forEach((mark) => mark.remove());
  page.querySelectorAll(".affected").forEach((block) => block.classList.remove("affected"));
  for (const id of ids) {
    for (const block of page.querySelectorAll(`a[data-v="${id}"]`)) {
      block.classList.add("affected");
      block.querySelector("span")?.prepend(affectedMark(box.dataset.words));
    }
    for (const row of page.querySelectorAll(`tr[data-v="${id}"]`)) {
      row.querySelector(".state")?.after(affectedMark(box.dataset.words));
    }
  }
}

function affectedMark(words) {
  const mark = document.createElement("strong");
  mark.className = "affected-mark";
  mark.textContent = `⚠ ${words} `;
  return mark;
}

document.body.addEventListener("htmx:afterSettle", markAffected);
page.addEventListener("looked", markAffected);
page.addEventListener("look", () => look(true));
setInterval(() => look(), EVERY);
document.addEventListener("visibilitychange", () => look());
