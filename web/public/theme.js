// Before the first paint, so that nobody who chose dark sees a white flash. A file, since the policy allows no inline script.
;(() => {
  const chosen = localStorage.getItem('roundhouse.theme')
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', dark)
})()
