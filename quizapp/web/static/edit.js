/* Conveniences of the editing desk. Every page works without this file. */
(() => {
  "use strict";
  const one = (query, root = document) => root.querySelector(query);
  const all = (query, root = document) => [...root.querySelectorAll(query)];
  document.documentElement.classList.add("js");
  const problems = one(".problems");
  if (problems) problems.focus();

  const form = one("form[data-autosave]");
  const state = one("#state");
  const say = (words, bad = false) => {
    if (!state) return;
    state.textContent = words;
    state.classList.toggle("bad", bad);
  };
  const pairs = (from) => [...new FormData(from)].filter(([name]) => name !== "csrf_token");
  const body = (from, more = {}) => {
    const sent = new URLSearchParams();
    for (const [name, value] of new FormData(from)) sent.append(name, value);
    for (const name in more) sent.set(name, more[name]);
    return sent;
  };

  /* What is typed is kept in this browser until the server has it. */
  const key = `typed ${location.pathname}${location.search}`;
  const store = {
    read() { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } },
    write(value) { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* full, or not allowed */ } },
    drop() { try { sessionStorage.removeItem(key); } catch { /* not allowed */ } },
  };
  /* The server writes an amount its own way: 9900, ９，９００円 and 9,900 are the same. */
  const plain = (value) => {
    const tidy = value.normalize("NFKC").trim().replace(/\r\n?/g, "\n");
    const digits = tidy.replace(/[,\s円¥\\]/g, "");
    const amount = digits.match(/^(-?\d+)(万?)$/);
    return amount ? String(Number(amount[1]) * (amount[2] ? 10000 : 1)) : tidy;
  };
  const essence = (list) => JSON.stringify(list.map(([name, value]) => [name, plain(value)])
    .filter(([name, value]) => value !== "" && !/^(version|base|do|row)$/.test(name)));
  const version = () => Number(form.elements.version ? form.elements.version.value : 0);

  const offerBack = () => {
    const kept = store.read();
    if (!kept || !state) return;
    if (essence(kept.pairs) === essence(pairs(form)) || (kept.sent && version() > kept.version)) return store.drop();
    const note = document.createElement("p");
    note.className = "note";
    note.append(`${state.dataset.back} `);
    const button = (words, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "link";
      made.textContent = words;
      made.addEventListener("click", act);
      note.append(made, " ");
    };
    button(state.dataset.take, () => {
      /* The server shows the form again with what was typed in it; nothing is saved by that. */
      const again = document.createElement("form");
      again.method = "post";
      again.action = form.action;
      const token = new FormData(form).get("csrf_token");
      for (const [name, value] of [...kept.pairs.filter(([name]) => name !== "do"), ["do", "more"], ["csrf_token", token]]) {
        const input = document.createElement("input");
        input.type = "hidden";
        input.name = name;
        input.value = value;
        again.append(input);
      }
      document.body.append(again);
      again.submit();
    });
    button(state.dataset.drop, () => { store.drop(); note.remove(); });
    form.before(note);
  };

  /* The page as it is after something was saved: what is told of it changes, fields and focus stay. */
  const renew = (told) => {
    all("input[name=version]").forEach((input) => { input.value = told.version; });
    const made = new DOMParser().parseFromString(told.fresh, "text/html");
    const fresh = new Map(all("[data-fresh]", made).map((piece) => [piece.dataset.fresh, piece]));
    for (const old of all("[data-fresh]")) {
      const piece = fresh.get(old.dataset.fresh);
      if (piece && piece.innerHTML !== old.innerHTML && !old.contains(document.activeElement)) old.replaceChildren(...piece.childNodes);
    }
    all("#undo [value=undo]").forEach((button) => { button.hidden = !told.undo; });
    all("#undo [value=redo]").forEach((button) => { button.hidden = true; });
    all(".tool.go").forEach((link) => { link.hidden = false; });
    all("[data-unsaved]").forEach((note) => note.remove());
  };
  document.addEventListener("told", (event) => renew(event.detail));

  /* Saving as one pauses. */
  let timer = 0, busy = false, again = false, leaving = false, unsaved = false, underway = null;
  const marks = (mistakes) => {
    all(".error.live", form).forEach((old) => old.remove());
    all("[data-live]", form).forEach((old) => { old.removeAttribute("aria-invalid"); delete old.dataset.live; });
    for (const mistake of mistakes) {
      const field = document.getElementById(mistake.id) || all("[name]", form).find((input) => input.name === mistake.id);
      const holder = field && field.closest(".field, .condition");
      if (!holder) continue;
      const words = document.createElement("p");
      words.className = "error live";
      words.textContent = mistake.words;
      holder.append(words);
      field.dataset.live = "yes";
      field.setAttribute("aria-invalid", "true");
    }
  };
  const save = async () => {
    if (leaving) return;
    if (busy) { again = true; return; }
    busy = true;
    say(state.dataset.saving);
    const sent = body(form), mine = new AbortController();
    underway = mine;
    unsaved = false;
    try {
      const answer = await fetch(form.action, { method: "POST", body: sent, headers: { "X-Autosave": "yes" }, redirect: "manual", signal: mine.signal });
      if (!answer.ok) throw answer.status;
      const told = await answer.json();
      marks(told.mistakes);
      if (told.mistakes.length) { unsaved = true; say(`${state.dataset.wrong} ${told.mistakes[0].words}`, true); }
      else if (!again && !unsaved) { say(told.saved); store.drop(); }
      renew(told);
    } catch (why) {
      unsaved = true;
      const reason = typeof why === "number";
      if (!leaving) say(reason ? state.dataset[`e${why}`] || state.dataset.failed : state.dataset.offline, true);
      /* A server that was not reached is tried again; what one has refused waits for a person. */
      if (!reason && !leaving) { clearTimeout(timer); timer = setTimeout(save, 10000); }
    }
    busy = false;
    if (again) { again = false; save(); }
  };
  const soon = (wait) => {
    unsaved = true;
    clearTimeout(timer);
    timer = setTimeout(save, wait);
    store.write({ version: version(), pairs: pairs(form) });
    if (!busy) say(state.dataset.typing);
  };

  /* A rule is read again by the server, which alone knows what it means. */
  let turn = 0;
  const read = async (name, order, whole) => {
    const mine = ++turn;
    try {
      const at = decodeURIComponent(new URL(form.action).pathname.split("/part/")[1] || "");
      const answer = await fetch(form.dataset.rule, { method: "POST", body: body(form, { do: order, at }) });
      if (!answer.ok) return;
      /* What was typed meanwhile is not in this answer: it is asked for again. */
      if (mine !== turn) { if (whole) read(name, order, true); return; }
      const box = all(".rulebox", form).find((other) => other.dataset.rule === name);
      const made = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = one(".rulebox", made);
      if (!fresh || !box) return;
      if (!whole) { one(".sentence", box).replaceWith(one(".sentence", fresh)); return; }
      const active = document.activeElement && document.activeElement.id;
      box.replaceWith(fresh);
      const [, , action] = order.split(":");
      const empty = all("select[data-again]", fresh).filter((select) => !select.value).pop();
      const next = (action === "look" && active && document.getElementById(active)) || (action !== "remove" && empty)
        || one(action === "mode" ? "textarea, select, input:not([type=hidden])" : ".grow button", fresh);
      if (next) next.focus();
      soon(600);
    } catch { say(state.dataset.offline, true); }
  };
  /* Whoever chooses by typing has to finish the word before the menu is made anew. */
  let reading = 0, waiting = "";
  const later = (name) => {
    turn += 1;
    waiting = name;
    clearTimeout(reading);
    reading = setTimeout(() => { waiting = ""; read(name, `rule:${name}:look:0`, true); }, 350);
  };

  if (form) {
    offerBack();
    form.addEventListener("input", (event) => {
      const box = event.target.closest(".rulebox");
      const clears = event.target.dataset.clears;
      if (clears && event.target.checked) document.getElementById(clears).value = "";
      const other = event.target.id && event.target.value.trim() && all("[data-clears]", form).find((box) => box.dataset.clears === event.target.id);
      if (other) other.checked = false;
      if (box && !("again" in event.target.dataset)) {
        const name = box.dataset.rule;
        turn += 1;
        clearTimeout(reading);
        reading = setTimeout(() => { const whole = waiting === name; waiting = ""; read(name, `rule:${name}:look:0`, whole); }, 350);
      }
      soon(1200);
    });
    form.addEventListener("change", (event) => {
      const box = event.target.closest(".rulebox");
      if (box && "again" in event.target.dataset) later(box.dataset.rule);
    });
    form.addEventListener("keydown", (event) => {
      if (waiting && "again" in event.target.dataset) later(waiting);
    });
    form.addEventListener("click", (event) => {
      const button = event.target.closest("button[name=do]");
      if (!button || !button.value.startsWith("rule:")) return;
      const box = button.closest(".rulebox");
      if (!box) return;
      event.preventDefault();
      read(box.dataset.rule, button.value, true);
    });
    form.addEventListener("submit", (event) => {
      if (leaving) return;
      clearTimeout(timer);
      leaving = true;
      /* What is sent now holds all that was being saved: nobody waits for that first. */
      if (unsaved || busy) store.write({ version: version(), pairs: pairs(form), sent: true });
      if (underway) underway.abort();
      const verb = event.submitter ? event.submitter.value.split(":")[0] : "";
      if (/^(up|down|to|place)$/.test(verb)) sessionStorage.setItem("moved", verb);
    });
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); clearTimeout(timer); save(); }
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && store.read() && !busy && !leaving) { clearTimeout(timer); save(); }
    });
  }

  /* Whatever is sent says so, and is sent once. */
  let sending = null;
  const rest = () => {
    if (!sending) return;
    clearTimeout(sending.timer);
    if (sending.button) {
      sending.button.disabled = false;
      sending.button.removeAttribute("aria-busy");
      if (sending.words !== null) sending.button.textContent = sending.words;
    }
    sending = null;
    leaving = false;
  };
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    if (sending) { event.preventDefault(); return; }
    const button = event.submitter;
    sending = { button, words: null, timer: setTimeout(rest, 30000) };
    const saves = "saves" in event.target.dataset || "autosave" in event.target.dataset;
    if (saves && state) say(state.dataset.saving);
    /* The button's own value has to be sent first. */
    setTimeout(() => {
      if (!button || !sending) return;
      button.disabled = true;
      button.setAttribute("aria-busy", "true");
      if (button.matches(".icon, .link, .out") || button.childElementCount) return;
      sending.words = button.textContent;
      button.textContent = saves && state ? state.dataset.saving : document.body.dataset.wait || sending.words;
    }, 0);
  });
  addEventListener("pageshow", (event) => { if (event.persisted) rest(); });

  /* After a move by button, the same button of the same row has the focus again. */
  const moved = sessionStorage.getItem("moved");
  if (moved && location.hash.startsWith("#row-")) {
    sessionStorage.removeItem("moved");
    const row = document.getElementById(location.hash.slice(1)) || document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const button = row && (one(`button[value^="${moved}:"]`, row) || one("button", row));
    /* Going to the row itself takes the focus away; it is set after that. */
    if (button) addEventListener("load", () => setTimeout(() => button.focus(), 0));
  }

  /* What is to be handed on is copied by a button. */
  const copy = one("[data-copy]");
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(copy.dataset.copy).value);
      one("#copied").textContent = copy.dataset.done;
    });
  }

  /* Rows can be dragged by their handles as well. */
  let dragged = null;
  const unmark = () => all(".drop").forEach((old) => old.classList.remove("drop", "after"));
  const put = (list, place) => {
    const button = document.createElement("button");
    button.name = "do";
    button.value = `to:${dragged.dataset.key}:${place}`;
    button.hidden = true;
    dragged.append(button);
    button.form.requestSubmit(button);
  };
  for (const list of all("ol.entries")) {
    const rows = all(":scope > li[data-key]", list);
    if (rows.length < 2 || !one(".moves", list) || "fixed" in list.dataset) continue;
    for (const row of rows) {
      const grip = document.createElement("span");
      grip.className = "grip";
      grip.textContent = "⠿";
      grip.setAttribute("aria-hidden", "true");
      grip.addEventListener("pointerdown", () => { row.draggable = true; });
      row.prepend(grip);
      row.addEventListener("dragstart", (event) => { dragged = row; row.classList.add("dragged"); event.dataTransfer.setData("text/plain", ""); });
      row.addEventListener("dragend", () => { row.draggable = false; row.classList.remove("dragged"); unmark(); });
      row.addEventListener("dragover", (event) => {
        if (!dragged || dragged.parentNode !== list) return;
        event.preventDefault();
        unmark();
        const box = row.getBoundingClientRect();
        row.classList.add("drop");
        row.classList.toggle("after", event.clientY > box.top + box.height / 2);
      });
      row.addEventListener("drop", (event) => {
        if (!dragged || dragged === row) return;
        event.preventDefault();
        const others = rows.filter((other) => other !== dragged);
        const place = others.indexOf(row) + (row.classList.contains("after") ? 1 : 0);
        put(list, place + Number(list.dataset.from || 0));
      });
    }
    /* Dropped on the way to the next page or the one before, a row goes to its nearest end. */
    for (const way of all(".pages [rel]")) {
      way.addEventListener("dragover", (event) => {
        if (!dragged || dragged.parentNode !== list) return;
        event.preventDefault();
        unmark();
        way.classList.add("drop");
      });
      way.addEventListener("drop", (event) => {
        if (!dragged || dragged.parentNode !== list) return;
        event.preventDefault();
        const from = Number(list.dataset.from || 0);
        put(list, way.rel === "next" ? from + rows.length : from - 1);
      });
    }
  }
})();
