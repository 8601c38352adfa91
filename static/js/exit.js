// Leave at once: cover the page, replace it in the way back, let the server clear what it set.
const links = document.querySelectorAll("[data-quick-exit]");
let presses = [];

function leave() {
  const cover = document.createElement("div");
  cover.className = "exit-cover";
  document.body.append(cover);
  document.title = "…";
  for (const form of document.forms) form.reset();
  location.replace(links[0].href);
}

if (links.length > 0) {
  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      leave();
    });
  }
  addEventListener("keyup", (event) => {
    if (event.key !== "Shift") {
      presses = [];
      return;
    }
    const now = Date.now();
    presses = [...presses.filter((at) => now - at < 5000), now];
    if (presses.length >= 3) leave();
  });
  // Coming back must not show what was typed.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
