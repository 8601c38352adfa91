// How hard a text is, beside its field, a moment after somebody stops typing. Without it the same stands there after saving.
const timers = new Map();
const requests = new Map();

async function measure(place, field) {
  requests.get(place)?.abort();
  const request = new AbortController();
  requests.set(place, request);
  try {
    const answer = await fetch(place.dataset.url, {
      method: "POST",
      headers: { "X-CSRFToken": field.form.elements.csrfmiddlewaretoken.value },
      body: new URLSearchParams({ text: field.value, reader: place.dataset.reader }),
      signal: request.signal,
    });
    // A login that has ended leads to another page, which does not belong here.
    if (!answer.ok || answer.redirected) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    // Said again only when it is something else.
    if (found.textContent.trim() !== place.textContent.trim()) place.replaceChildren(...found.childNodes);
  } catch {
    // Offline or typed on.
  }
}

// Asked at the page and not at each field: rows are added while it is open.
document.addEventListener("input", ({ target: field }) => {
  const place = document.getElementById(`${field.id}_reading`);
  if (!place?.matches("[data-reading]")) return;
  clearTimeout(timers.get(place));
  timers.set(place, setTimeout(measure, 700, place, field));
});
