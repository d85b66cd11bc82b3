// A button that prints the page. Without scripts it stays hidden, and the browser's own menu prints.
"use strict";

for (const place of document.querySelectorAll("[data-print]")) {
  place.hidden = false;
  place.querySelector("button").addEventListener("click", () => window.print());
}
