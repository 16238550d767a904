/* Sets the theme before the first paint. Nothing stored = the system decides. */
(() => {
  let saved = null;
  try { saved = localStorage.getItem("theme"); } catch { /* private mode */ }
  if (saved === "light" || saved === "dark") document.documentElement.dataset.theme = saved;
})();
