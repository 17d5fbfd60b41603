'use strict';
const box = document.querySelector('#filter');
box.hidden = false;
box.querySelector('input').addEventListener('input', (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const cause of document.querySelectorAll('details.cause')) {
    cause.hidden = wanted !== '' && !cause.textContent.toLowerCase().includes(wanted);
  }
});
window.addEventListener('beforeprint', () => document.querySelectorAll('details').forEach((one) => { one.open = true; }));
