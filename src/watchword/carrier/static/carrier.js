// Keeps the carrier's page up to date and speaks calls aloud. Every form works without it.
"use strict";

const urgent = document.getElementById("urgent");
const news = document.getElementById("news");
const aloud = document.getElementById("aloud");
const ringingTitle = "☎ ";
const plainTitle = document.title;
const pickedUpHere = new Set(); // sids of calls answered in this window: only these are spoken here
let awaitingOwnCall = false;

document.documentElement.classList.add("scripted");

// Times

function localise(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    time.textContent = new Date(time.dateTime).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  }
}

function scrollToNewest(root) {
  for (const list of root.querySelectorAll(".messages, .transcript")) list.scrollTop = list.scrollHeight;
}

// One handset, mailbox, letterbox or partner anew, without disturbing what somebody is doing in it

function replacePart(old, fresh) {
  const active = document.activeElement;
  const focusedId = old.contains(active) ? active.id : "";
  const typed = new Map([...old.querySelectorAll("input[id]")].map((input) => [input.id, input.value]));
  const open = new Set([...old.querySelectorAll("details[open][id]")].map((details) => details.id));
  const seen = new Set([...old.querySelectorAll("details[id]")].map((details) => details.id));
  old.replaceChildren(...fresh.childNodes);
  for (const [id, value] of typed) {
    const input = document.getElementById(id);
    if (input && input.type !== "hidden") input.value = value;
  }
  for (const details of old.querySelectorAll("details[id]")) {
    if (seen.has(details.id)) details.open = open.has(details.id);
  }
  if (focusedId) {
    const again = document.getElementById(focusedId) || old.querySelector("button, input:not([type=hidden])");
    if (again) again.focus();
  }
}

async function refresh(place, shelf) {
  const shown = document.querySelector(`[data-place="${CSS.escape(place)}"]`);
  const path = shown ? shown.dataset.path : `/${shelf.id}/${encodeURIComponent(place)}`;
  const response = await fetch(`${path}?part`);
  if (!response.ok) return;
  const template = document.createElement("template");
  template.innerHTML = await response.text();
  const fresh = template.content.querySelector("article");
  localise(fresh);
  if (!shown) {
    shelf.prepend(fresh);
    while (shelf.children.length > Number(shelf.dataset.most)) shelf.lastElementChild.remove();
    scrollToNewest(fresh);
  } else {
    shown.dataset.name = fresh.dataset.name;
    if (shown.dataset.state !== fresh.dataset.state) shown.dataset.state = fresh.dataset.state;
    for (const part of shown.querySelectorAll("[data-part]")) {
      const other = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
      if (part.dataset.part === "history") {
        other.open = part.open;
      }
      if (part.innerHTML !== other.innerHTML) {
        replacePart(part, other);
        scrollToNewest(part.parentElement);
      }
    }
  }
  showRinging();
}

function showRinging() {
  document.title = document.querySelector('[data-state="ringing"]') ? ringingTitle + plainTitle : plainTitle;
}

const waiting = new Map();

function refreshSoon(place, shelf) {
  if (waiting.has(place)) return;
  waiting.set(
    place,
    setTimeout(() => {
      waiting.delete(place);
      refresh(place, shelf);
    }, 120),
  );
}

let countsWaiting = false;

function countSoon() {
  if (countsWaiting || !document.querySelector("[data-counts]")) return;
  countsWaiting = true;
  setTimeout(async () => {
    countsWaiting = false;
    const { counts } = await (await fetch("/exchange")).json();
    for (const cell of document.querySelectorAll("[data-count]")) cell.textContent = counts[cell.dataset.count];
  }, 500);
}

// Speech: one thing after the other

let spoken = Promise.resolve();
let hush = () => {};

function speak(text, language) {
  spoken = spoken.then(
    () =>
      new Promise((done) => {
        const words = new SpeechSynthesisUtterance(text);
        words.lang = language;
        words.onend = words.onerror = done;
        hush = () => {
          speechSynthesis.cancel();
          done();
        };
        speechSynthesis.speak(words);
      }),
  );
}

function play(url) {
  spoken = spoken.then(
    () =>
      new Promise((done) => {
        const sound = new Audio(url);
        sound.onended = sound.onerror = done;
        hush = () => {
          sound.pause();
          done();
        };
        sound.play().catch(done);
      }),
  );
}

function beQuiet() {
  hush();
  spoken = Promise.resolve();
}

function hear(event) {
  if (!pickedUpHere.has(event.sid)) return;
  if (event.what === "pressed") {
    beQuiet();
  } else if (event.what === "said") {
    if (aloud && aloud.checked && "speechSynthesis" in window) speak(event.text, event.language);
    else news.textContent = event.text;
  } else if (event.what === "played" && aloud && aloud.checked && event.text.startsWith("http")) {
    play(event.text);
  }
}

// What happens at the exchange

function nameOf(place) {
  const shown = document.querySelector(`[data-place="${CSS.escape(place)}"]`);
  return shown ? shown.dataset.name : place;
}

function happened(event) {
  if (event.kind === "reset") {
    location.reload();
    return;
  }
  const shelf = document.getElementById({ mail: "mailboxes", letter: "letterboxes", push: "partners" }[event.kind] ?? "phones");
  const shown = document.querySelector(`[data-place="${CSS.escape(event.place)}"]`);
  if (event.kind === "line") hear(event);
  if (event.kind === "call") {
    if (event.direction === "inbound" && awaitingOwnCall) {
      pickedUpHere.add(event.sid);
      awaitingOwnCall = false;
    }
    if (event.status === "ringing" && event.direction !== "inbound") urgent.textContent = `${nameOf(event.place)} is ringing.`;
    else if (!["queued", "ringing", "in-progress"].includes(event.status) && pickedUpHere.delete(event.sid)) {
      news.textContent = "The call is over.";
    }
  }
  if (event.kind === "text" && shown) news.textContent = `New text on ${nameOf(event.place)}.`;
  if (event.kind === "mail" && shown) news.textContent = `New mail for ${nameOf(event.place)}.`;
  if (event.kind === "letter" && shown) news.textContent = `A letter to ${nameOf(event.place)} has news.`;
  if (event.kind === "push" && shown) news.textContent = `News for ${nameOf(event.place)}.`;
  if (shown || (shelf && shelf.dataset.most)) refreshSoon(event.place, shelf);
  countSoon();
}

function watch() {
  const events = new EventSource(`/exchange/events?after=${document.body.dataset.seen}`);
  let lost = false;
  events.onmessage = (message) => happened(JSON.parse(message.data));
  events.onerror = () => {
    lost = true;
  };
  events.onopen = () => {
    if (lost) location.reload(); // what happened meanwhile was missed
  };
}

// Forms, in the background

async function submit(form, button) {
  const place = form.closest("[data-place]");
  const fields = new URLSearchParams(new FormData(form));
  if (button && button.name) fields.set(button.name, button.value);
  if (form.dataset.picksUp === "new") awaitingOwnCall = true;
  else if (form.dataset.picksUp) pickedUpHere.add(form.dataset.picksUp);
  if (form.classList.contains("keypad") || form.classList.contains("typed")) beQuiet();
  if (form.action.endsWith("/hang-up")) beQuiet();
  if (form.matches(".reply, .typed")) form.reset();
  const response = await fetch(form.action, { method: "POST", body: fields });
  const problem = place.querySelector(".problem");
  problem.hidden = response.ok;
  if (!response.ok) {
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    problem.textContent = page.querySelector("[data-why]")?.textContent ?? "That was not done.";
  }
  await refresh(place.dataset.place, place.parentElement);
}

document.addEventListener("submit", (event) => {
  if (!event.target.closest("[data-place]")) return;
  event.preventDefault();
  submit(event.target, event.submitter);
});

localise(document);
scrollToNewest(document);
showRinging();
watch();
