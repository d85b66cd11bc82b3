// Patients under the search field while somebody types. Without JavaScript the form opens the page of results.
"use strict";

const LEAST_LETTERS = 3;
const WAIT_MILLISECONDS = 250;

function begin(findForm) {
  const input = findForm.elements.namedItem("words");
  const panel = findForm.querySelector(".head-hits");
  const spoken = findForm.querySelector("[role=status]");
  let timer = null;
  let question = null;
  let current = -1;

  const options = () => [...panel.querySelectorAll("[role=option]")];

  function close() {
    clearTimeout(timer);
    question?.abort();
    panel.hidden = true;
    panel.replaceChildren();
    choose(-1);
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-controls");
  }

  function choose(place) {
    current = place;
    options().forEach((option, index) => option.setAttribute("aria-selected", String(index === place)));
    if (place < 0) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    const option = options()[place];
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  async function ask() {
    question = new AbortController();
    let answer;
    try {
      const body = new FormData(findForm);
      answer = await fetch(findForm.dataset.hitsUrl, { method: "POST", body, signal: question.signal });
    } catch {
      return; // a later letter was quicker, or the line is down: the plain form still works
    }
    if (!answer.ok || answer.redirected) {
      close();
      return;
    }
    panel.innerHTML = await answer.text();
    panel.hidden = false;
    choose(-1);
    spoken.textContent = panel.firstElementChild?.dataset.said ?? "";
    const any = options().length > 0;
    input.setAttribute("aria-expanded", String(any));
    if (any) {
      input.setAttribute("aria-controls", "head-list");
    }
  }

  function typed() {
    clearTimeout(timer);
    question?.abort();
    if (input.value.trim().length < LEAST_LETTERS) {
      close();
      return;
    }
    timer = setTimeout(ask, WAIT_MILLISECONDS);
  }

  function pressed(event) {
    const rows = options();
    const last = rows.length - 1;
    if (event.key === "Escape" && !panel.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" && rows.length) {
      event.preventDefault();
      choose(current < last ? current + 1 : 0);
    } else if (event.key === "ArrowUp" && rows.length) {
      event.preventDefault();
      choose(current > 0 ? current - 1 : last);
    } else if (event.key === "Enter" && current >= 0) {
      event.preventDefault();
      rows[current].click();
    }
  }

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.addEventListener("input", typed);
  input.addEventListener("keydown", pressed);
  findForm.addEventListener("submit", () => clearTimeout(timer));
  findForm.addEventListener("focusout", (event) => {
    if (!findForm.contains(event.relatedTarget)) {
      close();
    }
  });
  panel.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
}

for (const form of document.querySelectorAll("form[data-hits-url]")) {
  begin(form);
}
