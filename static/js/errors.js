// Where autofocus is not honoured on a box, the error summary still gets the focus.
const summary = document.querySelector("[data-error-summary]");
if (summary && document.activeElement !== summary) summary.focus();
