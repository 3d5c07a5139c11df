/* The source view: line numbers, problems beside their lines, completion, saving as one pauses.
   Without this file it is a text box with a button. */
(() => {
  "use strict";
  const form = document.getElementById("source");
  if (!form || form.dataset.fixed) return;
  const area = form.elements.text;
  const words = form.dataset;
  const frame = area.parentElement;
  const at = (id) => document.getElementById(id);
  const make = (name, set = {}, ...inside) => {
    const made = Object.assign(document.createElement(name), set);
    made.append(...inside);
    return made;
  };
  const said = at("said");
  const state = at("state");
  const list = at("problem-list");
  const memory = `typed:${location.pathname}:${words.sheet}`;
  const mayChange = !area.readOnly;
  let problems = JSON.parse(at("first-problems").dataset.problems);
  let kept = area.value;
  let leaving = false;

  // Line numbers: one text; the markers lie over it at the lines that have a problem.
  const numbers = make("pre", { className: "numbers" });
  const markers = make("div", { className: "markers" });
  const gutter = make("div", { className: "gutter" }, markers, numbers);
  gutter.setAttribute("aria-hidden", "true");
  frame.prepend(gutter);
  frame.classList.add("numbered");
  const style = getComputedStyle(area);
  const high = parseFloat(style.lineHeight);
  const top = parseFloat(style.paddingTop);
  let counted = 0;
  const number = () => {
    const lines = area.value.split("\n").length;
    if (lines === counted) return;
    counted = lines;
    numbers.textContent = Array.from({ length: lines }, (_, place) => place + 1).join("\n");
  };
  const follow = () => {
    numbers.style.top = markers.style.top = `${-area.scrollTop}px`;
  };
  area.addEventListener("scroll", follow, { passive: true });

  const goTo = (line, column = 1) => {
    const lines = area.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const place = start + Math.min(column - 1, (lines[line - 1] || "").length);
    area.focus();
    area.setSelectionRange(place, start + (lines[line - 1] || "").length);
    area.scrollTop = Math.max(0, (line - 4) * high);
    area.scrollLeft = 0;
    frame.scrollIntoView({ block: "nearest" });
  };

  const show = () => {
    markers.replaceChildren();
    const marked = new Map();
    problems.forEach((one) => {
      if (one.line && (!marked.has(one.line) || !one.warning)) marked.set(one.line, one);
    });
    marked.forEach((one, line) => {
      const mark = make("i", { className: one.warning ? "care" : "bad", title: `${one.what} — ${one.fix}` });
      mark.textContent = one.warning ? "!" : "×";
      mark.style.top = `${top + (line - 1) * high}px`;
      mark.addEventListener("click", () => goTo(line, one.column));
      markers.append(mark);
    });
    list.replaceChildren(
      ...problems.map((one) => {
        const where = make("button", { type: "button", className: "link" });
        where.textContent = one.line ? words.line.replace("0", one.line) : words.whole;
        where.addEventListener("click", () => goTo(one.line || 1, one.column || 1));
        const head = make("p", { className: "spot" }, where);
        if (one.part) head.append(make("span", { className: "quiet" }, one.part));
        return make(
          "li",
          { className: one.warning ? "care" : "bad" },
          head,
          make("p", { className: "what" }, one.what),
          make("p", { className: "quiet" }, `${one.why}${words.stop}${one.fix}`)
        );
      })
    );
    at("no-problems").hidden = problems.length > 0;
    const bad = problems.filter((one) => !one.warning).length;
    at("problem-count").textContent = problems.length ? `${bad || problems.length}` : "";
  };

  // Checked soon after one pauses, saved a little later; what is typed is remembered at once.
  const ask = async (path, more = {}) => {
    const data = new FormData(form);
    Object.entries(more).forEach(([name, value]) => data.set(name, value));
    return fetch(path, { method: "POST", body: data, headers: { "X-Autosave": "yes" } });
  };
  const remember = () => {
    try {
      if (area.value === kept) sessionStorage.removeItem(memory);
      else sessionStorage.setItem(memory, area.value);
    } catch {
      // A full or forbidden memory: the draft on the server is what counts.
    }
  };
  let asked = 0;
  const check = async () => {
    const mine = ++asked;
    try {
      const answer = await ask(words.check);
      if (mine !== asked) return;
      if (answer.status === 429) {
        // Asked too often: once more when it may be, unless something is typed before.
        clearTimeout(checking);
        checking = setTimeout(check, (Number(answer.headers.get("Retry-After")) || 1) * 1000);
        return;
      }
      if (!answer.ok) return;
      problems = (await answer.json()).problems;
      show();
    } catch {
      // Offline: the next pause asks again.
    }
  };
  let saving = false;
  // How the draft stands is said in its bar, what a key does below the text.
  const tell = (text, bad = false) => {
    state.textContent = text;
    state.classList.toggle("bad", bad);
  };
  const save = async () => {
    if (!mayChange || saving || area.value === kept) return;
    saving = true;
    const sent = area.value;
    tell(state.dataset.saving);
    try {
      const answer = await ask(form.action);
      if (answer.ok && answer.headers.get("Content-Type").includes("json")) {
        const found = await answer.json();
        kept = sent;
        form.elements.version.value = found.version;
        problems = found.problems;
        asked += 1;
        if (area.value === sent) show();
        tell(found.said);
        document.dispatchEvent(new CustomEvent("told", { detail: found }));
        remember();
      } else tell(state.dataset[`e${answer.status}`] || (await answer.json().catch(() => ({}))).mistake || state.dataset.failed, true);
    } catch {
      tell(state.dataset.offline, true);
      clearTimeout(storing);
      storing = setTimeout(save, 10000);
    }
    saving = false;
    if (area.value !== kept && area.value !== sent) later();
  };
  let checking, storing;
  const later = () => {
    clearTimeout(checking);
    clearTimeout(storing);
    checking = setTimeout(check, 500);
    storing = setTimeout(save, 2000);
    remember();
  };
  area.addEventListener("input", () => {
    number();
    if (area.value !== kept) tell(state.dataset.typing);
    later();
  });
  area.addEventListener("blur", save);
  document.addEventListener("visibilitychange", () => document.hidden && save());
  // The button saves in place; where that fails it sends the form, and the page that comes says why.
  form.addEventListener("submit", async (event) => {
    if (leaving) return;
    event.preventDefault();
    while (saving) await new Promise((done) => setTimeout(done, 50));
    await save();
    if (area.value === kept) return;
    leaving = true;
    form.requestSubmit();
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving && mayChange && area.value !== kept) event.preventDefault();
  });

  // Completion: a small list at the cursor, asked of the server, which knows the schema and the ids.
  const offers = make("ul", { id: "offers", className: "offers", hidden: true, tabIndex: 0 });
  offers.setAttribute("role", "listbox");
  offers.setAttribute("aria-label", words.offers);
  frame.append(offers);
  let found = null;
  let chosen = 0;
  const measure = document.createElement("canvas").getContext("2d");
  const cursor = () => {
    const above = area.value.slice(0, area.selectionStart).split("\n");
    return { line: above.length - 1, before: above[above.length - 1] };
  };
  const close = () => {
    found = null;
    offers.hidden = true;
    area.removeAttribute("aria-activedescendant");
  };
  const mark = (place) => {
    chosen = (place + found.offers.length) % found.offers.length;
    [...offers.children].forEach((one, here) => one.setAttribute("aria-selected", String(here === chosen)));
    area.setAttribute("aria-activedescendant", `offer-${chosen}`);
    offers.children[chosen].scrollIntoView({ block: "nearest" });
  };
  const put = (text, back = 0) => {
    if (back) area.setSelectionRange(area.selectionStart - back, area.selectionEnd);
    // The browser's own command, so that its undo knows of it.
    if (!document.execCommand("insertText", false, text)) {
      area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
      area.dispatchEvent(new Event("input"));
    }
  };
  const take = () => {
    const { insert } = found.offers[chosen];
    const back = found.typed;
    close();
    put(insert, back);
  };
  const complete = async () => {
    const here = cursor();
    const answer = await ask(words.complete, { at: here.line, before: here.before }).catch(() => null);
    if (answer && answer.status === 429) {
      // What is offered stays until it may be asked again.
      clearTimeout(soon);
      soon = setTimeout(() => document.activeElement === area && complete(), (Number(answer.headers.get("Retry-After")) || 1) * 1000);
      return;
    }
    if (!answer || !answer.ok) return close();
    found = await answer.json();
    if (!found.offers.length) {
      close();
      said.textContent = words.nothing;
      return;
    }
    offers.replaceChildren(
      ...found.offers.map((one, place) => {
        const entry = make("li", { id: `offer-${place}` }, make("b", {}, one.word));
        if (one.about) entry.append(make("small", {}, one.about));
        entry.setAttribute("role", "option");
        entry.addEventListener("mousedown", (event) => {
          event.preventDefault();
          chosen = place;
          take();
        });
        return entry;
      })
    );
    measure.font = style.font;
    const left = parseFloat(style.paddingLeft) + measure.measureText(here.before).width - area.scrollLeft;
    offers.hidden = false;
    const wide = area.offsetLeft + Math.max(0, Math.min(left, area.clientWidth - offers.offsetWidth));
    const below = top + (here.line + 1) * high - area.scrollTop;
    const under = below + offers.offsetHeight < area.clientHeight;
    offers.style.left = `${wide}px`;
    offers.style.top = `${Math.max(0, under ? below : below - high - offers.offsetHeight)}px`;
    mark(0);
  };
  let soon;
  area.addEventListener("input", () => {
    if (!found) return;
    clearTimeout(soon);
    soon = setTimeout(complete, 120);
  });
  area.addEventListener("blur", close);
  area.addEventListener("click", close);

  // Tab indents; Escape, then Tab, leaves the box.
  let free = false;
  const indent = () => /^ */.exec(cursor().before)[0];
  const keys = {
    Escape: () => {
      if (found) close();
      else {
        free = true;
        said.textContent = words.free;
      }
    },
    ArrowDown: () => found && (mark(chosen + 1), true),
    ArrowUp: () => found && (mark(chosen - 1), true),
    Enter: (event) => {
      if (found) take();
      else if (event.ctrlKey || event.metaKey) form.requestSubmit();
      else put(`\n${indent()}${/:\s*$/.test(cursor().before) ? "  " : ""}`);
      return true;
    },
    Tab: (event) => {
      if (free) return false;
      if (found) take();
      else if (!event.shiftKey) put("  ");
      else {
        const begun = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
        const less = Math.min(2, /^ */.exec(area.value.slice(begun))[0].length);
        const place = area.selectionStart;
        area.setSelectionRange(begun, begun + less);
        if (less) document.execCommand("delete");
        area.setSelectionRange(Math.max(begun, place - less), Math.max(begun, place - less));
      }
      return true;
    },
  };
  if (mayChange)
    area.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.ctrlKey && event.code === "Space") {
        event.preventDefault();
        complete();
        return;
      }
      if ((event.ctrlKey || event.metaKey) && event.key === "s") {
        event.preventDefault();
        save();
        return;
      }
      const act = keys[event.key];
      if (act && act(event)) event.preventDefault();
      if (event.key !== "Escape" && event.key !== "Shift") free = event.key === "Tab" && free;
    });

  // What was typed before a crash or an ended session is offered again, never put back by itself.
  const before = mayChange && sessionStorage.getItem(memory);
  if (before && before !== area.value) {
    const note = at("again");
    note.hidden = false;
    note.querySelector("button").addEventListener("click", () => {
      area.focus();
      area.select();
      put(before);
      note.hidden = true;
    });
  }
  const named = /^#line-(\d+)$/.exec(location.hash);
  number();
  show();
  follow();
  if (named) goTo(Number(named[1]));
})();
