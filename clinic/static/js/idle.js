// Locks a clinic's shared device when nobody is there. What is being written comes along and is kept.
// Without JavaScript the server locks at the next press after the same time.
"use strict";

const lockForm = document.getElementById("lock");
const idleMilliseconds = Number(lockForm.dataset.idleSeconds) * 1000;
let edited = null;
let timer = null;

function bring(form) {
  lockForm.append(hidden("path", new URL(form.action, location.href).pathname));
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "csrfmiddlewaretoken" && name !== "next" && name !== "path") {
      lockForm.append(hidden(name, value));
    }
  }
}

function hidden(name, value) {
  const input = document.createElement("input");
  input.type = "hidden";
  input.name = name;
  input.value = value;
  return input;
}

function lockNow() {
  clearTimeout(timer);
  lockForm.append(hidden("auto", "1")); // nobody is there to be asked for a PIN
  lockForm.requestSubmit();
}

function somebodyIsThere() {
  clearTimeout(timer);
  timer = setTimeout(lockNow, idleMilliseconds);
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && form.method === "post" && form !== lockForm && form.getAttribute("role") !== "search") {
    edited = form;
  }
});
lockForm.addEventListener("submit", () => edited && bring(edited));
for (const kind of ["pointerdown", "keydown", "input", "scroll"]) {
  document.addEventListener(kind, somebodyIsThere, { passive: true });
}
somebodyIsThere();
