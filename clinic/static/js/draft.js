// Saves a form as a draft while somebody writes: every 20 seconds, and when the page is left. Only what was changed is
// sent. Without JavaScript the button "Save as draft" does the same.
"use strict";

const EVERY = 20_000;

for (const place of document.querySelectorAll("[data-draft]")) {
  const form = place.closest("form");
  let saved = "unsaved" in place.dataset ? "" : written();
  let sending = null;

  function written() {
    const data = new FormData(form);
    data.delete("shown");
    data.delete("csrfmiddlewaretoken");
    return new URLSearchParams(data).toString();
  }

  function tell(state, time) {
    place.dataset.state = state;
    place.textContent = place.dataset[state].replace("{time}", time || "");
  }

  async function send(now) {
    const body = new URLSearchParams(new FormData(form));
    body.set("then", "auto");
    try {
      const answer = await fetch(form.getAttribute("action") || location.href, { method: "POST", body, keepalive: true });
      if (answer.redirected || !answer.ok) {
        throw new Error(answer.status);
      }
      const draft = await answer.json();
      form.elements.shown.value = draft.shown;
      saved = now;
      tell("saved", draft.time);
    } catch {
      tell("failed");
    }
  }

  function save() {
    const now = written();
    if (now === saved || sending || form.dataset.sent) {
      return sending;
    }
    sending = send(now).finally(() => {
      sending = null;
    });
    return sending;
  }

  // What is pressed while a draft is on its way waits for it: else the page would not know its own draft.
  form.addEventListener("submit", (event) => {
    if (sending) {
      event.preventDefault();
      sending.finally(() => form.requestSubmit(event.submitter));
    }
  });
  setInterval(save, EVERY);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
  addEventListener("pagehide", save);
}
