// A filter form that says how many hits it has. It never sends itself: the button does, as without a script.
// The list is swapped in place, so the focus stays where it is and the count is announced.
const form = document.querySelector("form[data-filters]");
const results = document.querySelector("[data-results]");
const status = document.querySelector("[data-results-status]");

function address() {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value) query.append(name, value);
  return `${form.getAttribute("action") || location.pathname}?${query}`;
}

// New fields stand in for the old ones: the cursor stays in its field, an unfolded group stays unfolded.
function swapFields(place, fresh) {
  const active = place.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...place.querySelectorAll("details")].map((details) => details.open);
  place.replaceChildren(...fresh.childNodes);
  place.querySelectorAll("details").forEach((details, index) => { details.open ||= open[index]; });
  if (active) document.getElementById(active)?.focus();
}

async function swap(url, push) {
  results.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok) return location.assign(url);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-results]");
    if (!fresh) return location.assign(url);
    results.replaceChildren(...fresh.childNodes);
    document.title = page.title;
    for (const place of document.querySelectorAll("[data-swap]")) {
      const other = page.querySelector(`[data-swap="${place.dataset.swap}"]`);
      if (other) swapFields(place, other);
    }
    if (push) history.pushState({}, "", url);
    const text = results.querySelector("[data-results-text]")?.textContent.trim();
    if (status && text) status.textContent = text;
    dispatchEvent(new Event("pageshow"));
  } catch {
    location.assign(url);
  } finally {
    results.removeAttribute("aria-busy");
  }
}

if (form && results) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    swap(address(), true);
  });
  // Back to another selection needs its list; a jump to #something on this page does not.
  let shown = location.search;
  addEventListener("pageshow", () => { shown = location.search; });
  addEventListener("popstate", () => location.search !== shown && location.reload());
}
