// The Merkliste: slugs only, in this browser only. Entries are "o:<offer>" and "p:<contact point>".
const KEY = "merkliste";
const VALID = /^[op]:[-a-z0-9]{1,80}$/;

function read() {
  try {
    const list = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(list) ? list.filter((entry) => VALID.test(entry)) : [];
  } catch {
    return [];
  }
}

function write(list) {
  try {
    if (list.length) localStorage.setItem(KEY, JSON.stringify(list));
    else localStorage.removeItem(KEY);
  } catch {
    // Storage is switched off: the page works, it only forgets.
  }
  show();
}

function show() {
  const list = read();
  for (const count of document.querySelectorAll("[data-bookmark-count]")) {
    count.textContent = list.length;
    count.hidden = !list.length;
  }
  for (const button of document.querySelectorAll("[data-bookmark]")) {
    button.hidden = false;
    button.setAttribute("aria-pressed", list.includes(button.dataset.bookmark));
    const link = button.nextElementSibling;
    if (link?.matches("[data-bookmark-fallback]")) link.hidden = true;
  }
}

async function load(target) {
  const list = read();
  const body = new URLSearchParams(list.map((entry) => ["k", entry]));
  target.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(target.dataset.bookmarkList || location.pathname, { method: "POST", body });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    target.replaceChildren(...(page.querySelector("[data-bookmark-list]") ?? page.body).childNodes);
    // All scripts look again for what is theirs.
    dispatchEvent(new Event("pageshow"));
  } finally {
    target.removeAttribute("aria-busy");
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-bookmark], [data-bookmark-clear]");
  if (!button) return;
  const entry = button.dataset.bookmark;
  const list = read();
  if (!entry) write([]);
  else write(list.includes(entry) ? list.filter((other) => other !== entry) : [...list, entry]);
  const target = document.querySelector("[data-bookmark-list]");
  if (target && !entry) load(target);
});
addEventListener("storage", show);
addEventListener("pageshow", show);

const target = document.querySelector("[data-bookmark-list]");
for (const clear of document.querySelectorAll("[data-bookmark-clear]")) clear.hidden = false;
// A list that came with the address is shown as it is, not replaced by the own one.
const isShared = new URLSearchParams(location.search).has("m");
if (target && read().length && !isShared) load(target);
show();
