// Suggestions for the place field: ARIA combobox with a list box. Without it the field is a plain search.
function combobox(input, number) {
  const ags = input.form?.querySelector("[name=ags]");
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = `orte-${number}`;
  list.role = "listbox";
  list.ariaLabel = "Orte";
  list.hidden = true;
  input.after(list);
  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" };
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
  let active = -1;
  let timer = 0;
  let request;

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(index) {
    const options = [...list.children];
    if (!options.length) return;
    active = (index + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute("aria-selected", i === active));
    options[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[active].id);
  }

  function choose(option) {
    input.value = option.dataset.ort;
    if (ags) {
      ags.value = option.dataset.ags ?? "";
      ags.disabled = !ags.value;
    }
    close();
  }

  function show(places) {
    list.replaceChildren(
      ...places.slice(0, 8).map((place, i) => {
        const option = document.createElement("li");
        option.role = "option";
        option.id = `${list.id}-${i}`;
        option.textContent = place.label;
        option.dataset.ort = place.ort;
        if (place.ags) option.dataset.ags = place.ags;
        option.setAttribute("aria-selected", "false");
        return option;
      }),
    );
    if (!places.length) return close();
    list.hidden = false;
    active = -1;
    input.setAttribute("aria-expanded", "true");
    input.removeAttribute("aria-activedescendant");
  }

  async function suggest() {
    request?.abort();
    const word = input.value.trim();
    if (word.length < 2) return close();
    request = new AbortController();
    try {
      const url = `${input.dataset.placeUrl || "/orte/"}?q=${encodeURIComponent(word)}`;
      const answer = await fetch(url, { signal: request.signal, headers: { Accept: "application/json" } });
      if (answer.ok && document.activeElement === input) show(await answer.json());
    } catch {
      // Offline or typed on: the field stays a plain search.
    }
  }

  input.addEventListener("input", () => {
    if (ags) ags.disabled = true;
    clearTimeout(timer);
    timer = setTimeout(suggest, 150);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) suggest();
      else mark(event.key === "ArrowDown" ? active + 1 : active < 0 ? -1 : active - 1);
      event.preventDefault();
    } else if (event.key === "Enter" && !list.hidden && active >= 0) {
      choose(list.children[active]);
      event.preventDefault();
    } else if (event.key === "Escape" && !list.hidden) {
      close();
      event.preventDefault();
    }
  });
  input.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("li");
    if (option) choose(option);
    event.preventDefault();
  });
}

let fields = 0;

// Whoever puts new fields into the page says so with this event; a field that has its list keeps it.
function setUp() {
  for (const input of document.querySelectorAll("input[data-place-field]:not([role])")) combobox(input, fields++);
}

setUp();
addEventListener("pageshow", setUp);
