// Where autofocus is not honoured on a box, the error summary still gets the focus. Autofocus goes first: it acts
// with the first frame and complains when something else has the focus by then.
const summary = document.querySelector("[data-error-summary]");
if (summary) requestAnimationFrame(() => setTimeout(() => document.activeElement !== summary && summary.focus()));
// A link in the summary leads into the field, not only to its place on the page.
summary?.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.scrollIntoView({ block: "center" });
});
