// Print and copy. The buttons start hidden, they make no sense without a script.
function show() {
  for (const button of document.querySelectorAll("[data-print], [data-copy]")) button.hidden = false;
}

async function copy(button) {
  const status = button.parentElement.querySelector("[data-copy-status]");
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    if (status) status.textContent = status.dataset.copyDone;
  } catch {
    // Not allowed here: show the address, it can be copied by hand.
    if (status) status.textContent = button.dataset.copy;
  }
}

// One listener for all, also for buttons that come in later with a list.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-print], [data-copy]");
  if (!button) return;
  if ("copy" in button.dataset) copy(button);
  else print();
});

// What is folded away is printed too, and folded again afterwards.
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("main details:not([open])")];
  for (const details of opened) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
});
addEventListener("pageshow", show);
show();
