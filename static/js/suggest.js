// Words to choose from while typing, as a <datalist>. Without it the field is a plain search.
let timer = 0;
let request;

async function suggest(input) {
  request?.abort();
  const typed = input.value.trim();
  if (typed.length < 2 || !input.list) return;
  request = new AbortController();
  try {
    const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal: request.signal });
    if (!answer.ok) return;
    const options = (await answer.json()).map((text) => {
      const option = document.createElement("option");
      option.value = text;
      return option;
    });
    input.list.replaceChildren(...options);
  } catch {
    // Offline or typed on.
  }
}

// On the document: the list of offers swaps its fields for fresh ones.
document.addEventListener("input", ({ target }) => {
  if (!target.dataset?.suggest) return;
  clearTimeout(timer);
  timer = setTimeout(suggest, 200, target);
});
