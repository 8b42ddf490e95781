// Leaving in a hurry: one press or the Escape key goes elsewhere, and "back" does not lead here again.
const leave = document.getElementById("leave");

function go(event) {
  event.preventDefault();
  document.documentElement.hidden = true;
  window.location.replace(leave.href);
}

leave.addEventListener("click", go);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") go(event);
});
// A page shown again from the browser's memory would still hold the message.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});
