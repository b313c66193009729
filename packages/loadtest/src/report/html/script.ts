/**
 * The whole script: shows the values under the pointer, or under the cursor that the arrow keys move, and changes the theme.
 * Without it the page has everything but that. Texts are set as text, never as HTML.
 */
export const script = `
'use strict';
const root = document.documentElement;
const themes = ['auto', 'light', 'dark'];
const button = document.querySelector('button.theme');
let theme = 0;
button.hidden = false;
button.addEventListener('click', () => {
  theme = (theme + 1) % themes.length;
  if (theme === 0) delete root.dataset.theme; else root.dataset.theme = themes[theme];
  button.textContent = 'Theme: ' + themes[theme];
});
for (const figure of document.querySelectorAll('figure.chart')) {
  const plot = figure.querySelector('.plot');
  const picture = plot.querySelector('svg');
  const cursor = picture.querySelector('.cursor');
  const readout = plot.querySelector('.readout');
  const data = JSON.parse(figure.querySelector('script').textContent);
  const last = data.x.length - 1;
  let index = 0;
  const show = (wanted) => {
    index = Math.min(last, Math.max(0, wanted));
    plot.classList.add('active');
    cursor.setAttribute('transform', 'translate(' + data.x[index] + ' 0)');
    readout.textContent = [data.at[index], ...data.lines.map(([label, values]) => label + '  ' + values[index])].join('\\n');
    const left = (data.x[index] / picture.viewBox.baseVal.width) * picture.clientWidth;
    const room = plot.clientWidth - readout.offsetWidth;
    const beside = left > plot.clientWidth / 2 ? left - readout.offsetWidth - 12 : left + 12;
    readout.style.left = Math.max(0, Math.min(room, beside)) + 'px';
    readout.style.top = '28px';
  };
  const hide = () => plot.classList.remove('active');
  const nearest = (x) => {
    let low = 0, high = last;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((data.x[middle] + data.x[middle + 1]) / 2 < x) low = middle + 1; else high = middle;
    }
    return low;
  };
  picture.addEventListener('pointermove', (event) => {
    const box = picture.getBoundingClientRect();
    show(nearest(((event.clientX - box.left) / box.width) * picture.viewBox.baseVal.width));
  });
  picture.addEventListener('pointerleave', hide);
  picture.addEventListener('blur', hide);
  addEventListener('resize', hide);
  picture.addEventListener('focus', () => { if (picture.matches(':focus-visible')) show(index); });
  picture.addEventListener('keydown', (event) => {
    const step = event.shiftKey ? 10 : 1;
    const target = { ArrowLeft: index - step, ArrowRight: index + step, Home: 0, End: last }[event.key];
    if (event.key === 'Escape') return hide();
    if (target === undefined) return;
    event.preventDefault();
    show(target);
  });
}
`;
