// Passkeys: the browser asks its owner, and what it answers goes into the form beside the button. Without scripts the
// buttons stay hidden, and the authenticator app is the way.
"use strict";

for (const button of document.querySelectorAll("[data-passkey]")) {
  const trouble = document.getElementById(button.getAttribute("aria-describedby"));
  for (let box = button.closest("[hidden]"); box; box = button.closest("[hidden]")) {
    box.removeAttribute("hidden");
  }

  button.addEventListener("click", async () => {
    trouble.hidden = true;
    try {
      const options = button.dataset.options ? JSON.parse(button.dataset.options) : await fetched(button);
      const answer = await (button.dataset.passkey === "create" ? webauthnJSON.create(options) : webauthnJSON.get(options));
      button.form.elements.credential.value = JSON.stringify(answer);
      button.form.noValidate = true; // the passkey stands for what the form would ask for otherwise
      button.form.requestSubmit();
    } catch {
      trouble.hidden = false;
    }
  });
}

async function fetched(button) {
  const whose = button.dataset.of ? `?${new URLSearchParams({ [button.dataset.of]: new FormData(button.form).get(button.dataset.of) })}` : "";
  const answer = await fetch(button.dataset.from + whose, { headers: { Accept: "application/json" } });
  return (await answer.json()).request_options;
}
