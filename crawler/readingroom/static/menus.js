// Datasette's menus: an open one is closed by a click elsewhere.
document.addEventListener("click", (event) => {
  const inside = event.target.closest("details");
  for (const menu of document.querySelectorAll("details[open]")) {
    if (menu !== inside && !menu.contains(event.target)) menu.open = false;
  }
});
