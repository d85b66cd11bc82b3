// Shows how long a session has gone on, and asks whoever gives it to look after the patient every few minutes.
// Without JavaScript the sentence about watching stands alone.
"use strict";

const SECOND = 1000;

for (const box of document.querySelectorAll("[data-watch]")) {
  const begun = Date.parse(box.dataset.since);
  const every = Number(box.dataset.minutes) * 60 * SECOND;
  const clock = box.querySelector(".watch-clock");
  const prompt = box.querySelector(".watch-prompt");
  const done = box.querySelector("button");
  let asked = 0;

  function passed() {
    return Math.max(0, Date.now() - begun);
  }

  function show() {
    const seconds = Math.floor(passed() / SECOND);
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    const isDue = Math.floor(passed() / every) > asked;
    // Written only when it changes, so that a screen reader speaks once for each round.
    if (isDue !== (box.dataset.state === "due")) {
      box.dataset.state = isDue ? "due" : "";
      prompt.textContent = isDue ? box.dataset.due : box.dataset.quiet;
      done.hidden = !isDue;
    }
  }

  done.addEventListener("click", () => {
    asked = Math.floor(passed() / every);
    show();
  });
  clock.hidden = false;
  setInterval(show, SECOND);
  show();
}
