/* Small conveniences. Every page works without this file. */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // "None of these" and "not sure, later" stand alone; typing a number takes "not sure" back.
  const clearOthers = (group, but) =>
    all("input", group).forEach((input) => {
      if (input === but) return;
      if (input.type === "checkbox") input.checked = false;
      else if (input.type === "text") input.value = "";
    });
  all("[data-choices], [data-number]").forEach((group) => {
    group.addEventListener("change", (event) => {
      const input = event.target;
      if (input.type !== "checkbox" || !input.checked) return;
      if ("alone" in input.dataset) clearOthers(group, input);
      else all("[data-alone]", group).forEach((alone) => (alone.checked = false));
    });
    group.addEventListener("input", (event) => {
      if (event.target.type === "text" && event.target.value)
        all("[data-alone]", group).forEach((alone) => (alone.checked = false));
    });
  });

  // A form is sent once, however often its button is pressed; coming back by the back button frees it.
  all("form").forEach((form) =>
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    }),
  );
  addEventListener("pageshow", () => all("form").forEach((form) => delete form.dataset.sent));

  const problems = document.querySelector(".problems");
  if (problems) problems.focus();

  const link = location.origin + location.pathname;
  const status = document.querySelector("[data-status]");
  const copy = document.querySelector("[data-copy]");
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    const words = copy.textContent;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(link);
      copy.textContent = status.textContent = copy.dataset.done;
      setTimeout(() => (copy.textContent = words), 2500);
    });
  }
  const share = document.querySelector("[data-share]");
  if (share && navigator.share) {
    share.hidden = false;
    share.addEventListener("click", () => navigator.share({ title: document.title, url: link }).catch(() => {}));
  }
  const print = document.querySelector("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
    all(".nojs").forEach((words) => (words.hidden = true));
  }
  // On paper nothing can be opened, so the ledgers are open before printing.
  addEventListener("beforeprint", () => all("details.ledger, details.given").forEach((one) => (one.open = true)));
})();
