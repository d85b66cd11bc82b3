// Adds the minutes left to components/countdown.html. Without it the sentence "held until 10:45" stands alone.
"use strict";

const MINUTE = 60_000;

function words(box, left) {
  if (left <= 0) {
    return box.dataset.over;
  }
  const minutes = Math.floor(left / MINUTE);
  return minutes < 1 ? box.dataset.last : box.dataset.left.replace("{minutes}", minutes);
}

function show(box) {
  const left = Date.parse(box.dataset.until) - Date.now();
  const place = box.querySelector(".countdown-left");
  const text = words(box, left);
  // Written only when it changes, so that a screen reader speaks once a minute at most.
  if (place.textContent !== text) {
    place.textContent = text;
  }
  if (left <= 0) {
    box.dataset.state = "over";
  }
  return left > 0;
}

for (const box of document.querySelectorAll(".countdown[data-until]")) {
  const timer = setInterval(() => show(box) || clearInterval(timer), 1000);
  show(box);
}
