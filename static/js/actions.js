// Print and copy: buttons that only make sense with a script stay hidden without it.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const details of document.querySelectorAll("main details")) details.open = true;
    print();
  });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const status = button.parentElement.querySelector("[data-copy-status]");
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      if (status) status.textContent = status.dataset.copyDone;
    } catch {
      // Not allowed here: show the address, it can be copied by hand.
      if (status) status.textContent = button.dataset.copy;
    }
  });
}
