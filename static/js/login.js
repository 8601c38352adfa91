// A login ends after half an hour without use. Typing is use; and nobody loses a text without a warning.
const box = document.querySelector("[data-login-end]");

if (box) {
  const WARN = 120;
  const NOTED = 300;
  const seconds = () => Date.now() / 1000;
  const idle = Number(box.dataset.idle);
  const end = seconds() + Number(box.dataset.ends);
  const token = document.querySelector("#logout-form [name=csrfmiddlewaretoken]")?.value;
  let seen = seconds();
  let tried = seen;

  const look = () => {
    const left = Math.min(seen + idle, end) - seconds();
    box.hidden = left > WARN;
    box.querySelector("[data-soon]").hidden = left <= 0;
    box.querySelector("[data-over]").hidden = left > 0;
  };

  const keep = async () => {
    tried = seconds();
    const asked = tried;
    const options = { method: "POST", headers: { "X-CSRFToken": token }, redirect: "manual" };
    const answer = await fetch(box.dataset.keep, options).catch(() => null);
    if (answer?.status === 204) seen = asked;
    look();
  };

  box.querySelector("button").addEventListener("click", keep);
  document.addEventListener("input", () => {
    if (seconds() - tried > NOTED) keep();
  });
  setInterval(look, 5000);
}
