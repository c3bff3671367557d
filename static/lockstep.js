// What a page cannot do without script: remember the theme, open dialogs, copy, dismiss, and keep
// focus where the person works when htmx swaps a part. Everything listens on the document, so parts
// that arrive later need no wiring.
(() => {
  const root = document.documentElement;

  const showTheme = () => {
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      if (button === root) continue;
      button.setAttribute("aria-pressed", button.dataset.themeChoice === root.dataset.themeChoice);
    }
  };

  const chooseTheme = (choice) => {
    try {
      localStorage.setItem("theme", choice);
    } catch {
      return; // without storage there is nothing to remember the choice by
    }
    dispatchEvent(new Event("lockstep:theme"));
    showTheme();
  };

  const copy = async (button) => {
    const field = document.getElementById(button.dataset.copy);
    const words = button.querySelector("[data-copy-words]") ?? button;
    const before = words.textContent;
    try {
      await navigator.clipboard.writeText(field.value);
      words.textContent = "Copied";
    } catch {
      field.focus();
      field.select(); // the clipboard is closed to pages without https; Ctrl+C still works
      words.textContent = "Press Ctrl+C";
    }
    setTimeout(() => { words.textContent = before; }, 2000);
  };

  const restoreSwitch = (dialog) => {
    const control = document.querySelector(`[data-confirms="${dialog.id}"], [data-asks="${dialog.id}"]`);
    if (control) control.checked = control.defaultChecked;
  };

  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  };

  document.addEventListener("click", (click) => {
    const on = (selector) => click.target.closest(selector);
    closeMenus(on("details.menu"));
    const opens = on("[data-opens]");
    if (opens) document.getElementById(opens.dataset.opens)?.showModal();
    if (on("[data-closes]")) on("dialog")?.close();
    if (on("[data-copy]")) copy(on("[data-copy]"));
    if (on("[data-dismiss]")) on(".notice")?.remove();
    const theme = on("button[data-theme-choice]");
    if (theme) chooseTheme(theme.dataset.themeChoice);
  });

  // A switch that names a dialog asks first: it stays as the server knows it until confirmed.
  document.addEventListener("change", (change) => {
    const dialog = change.target.dataset?.confirms;
    if (dialog) document.getElementById(dialog)?.showModal();
    if ("submits" in (change.target.dataset ?? {})) change.target.form?.requestSubmit();
  });

  // What was wrong is no longer said of a field once it is being corrected.
  document.addEventListener("input", ({ target }) => {
    if (target.getAttribute?.("aria-invalid") !== "true") return;
    const error = document.getElementById(`${target.id}-error`);
    target.removeAttribute("aria-invalid");
    target.classList.remove("is-invalid");
    if (error) error.textContent = "";
  });

  document.addEventListener("close", (close) => restoreSwitch(close.target), true);

  document.addEventListener("keydown", (key) => {
    const menu = key.key === "Escape" && document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  const announce = (text) => {
    const toast = document.getElementById("toast").content.cloneNode(true);
    toast.querySelector("[data-toast-words]").textContent = text;
    document.getElementById("toasts").replaceChildren(toast);
  };

  const words = (html) => {
    const notice = new DOMParser().parseFromString(html, "text/html").querySelector("[data-error]");
    return notice?.textContent.trim().replace(/\s+/g, " ");
  };

  document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
    if (ctx.response.status === 422) return; // the form comes back with its messages
    announce(words(ctx.text ?? "") || "That did not work. Load the page again and try once more.");
  });

  document.addEventListener("htmx:error", () => {
    announce("The portal did not answer. Check your connection and try again.");
  });

  document.addEventListener("htmx:after:swap", ({ target, detail: { ctx } }) => {
    showTheme();
    // A dialog that was empty until somebody asked.
    const asked = ctx.target?.closest?.("dialog[data-shows]");
    if (asked && !asked.open) asked.showModal();
    const place = target instanceof Element ? target : document;
    const invalid = place.querySelector("[aria-invalid='true']")
      ?? (ctx.response?.status === 422 && document.querySelector("main [aria-invalid='true']"));
    if (invalid) invalid.focus();
    else if (!asked) ctx.sourceElement?.closest?.("dialog[open]")?.close();
  });

  document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  showTheme();
})();
