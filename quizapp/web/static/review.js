/* Asks how far the count of the impact is until it has ended, and holds the button to publish until then.
   Without it there is a link to look again, and a box to tick that publishes without looking. */
(() => {
  "use strict";
  let tries = 0;
  const form = document.getElementById("publish");
  const choice = document.getElementById("unseen-choice");
  const held = form && choice && form.querySelector("button.button");
  const hold = () => {
    held.disabled = choice.isConnected && !choice.querySelector("input").checked;
  };
  const seen = (name) => {
    if (!held) return;
    form.elements.seen.value = name;
    choice.remove();
    hold();
  };
  if (held) {
    choice.addEventListener("change", hold);
    // A page that the browser brings back has its boxes as they were left.
    addEventListener("pageshow", hold);
    hold();
  }
  const follow = () => {
    const box = document.getElementById("impact");
    if (!box || !box.dataset.ask) return;
    setTimeout(async () => {
      try {
        const answer = await fetch(box.dataset.ask, { headers: { "X-Piece": "yes" } });
        if (!answer.ok) throw new Error(String(answer.status));
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById("impact");
        const bar = box.querySelector("progress");
        // Each of several servers counts by itself; the bar follows the one that is ahead.
        if (fresh.dataset.ask && bar) bar.value = Math.max(bar.value, fresh.querySelector("progress").value);
        else {
          box.replaceWith(fresh);
          const brief = document.getElementById("takers-brief");
          if (brief && fresh.dataset.brief) brief.textContent = fresh.dataset.brief;
          if (fresh.dataset.name) seen(fresh.dataset.name);
        }
        tries = 0;
      } catch {
        tries += 1;
      }
      if (tries < 20) follow();
    }, 350 + 500 * tries);
  };
  const first = document.getElementById("impact");
  if (first) first.parentElement.setAttribute("aria-live", "polite");
  follow();
})();
