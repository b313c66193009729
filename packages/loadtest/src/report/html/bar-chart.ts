import { type Markup, markup } from './markup.ts';

interface Bar {
  label: string;
  value: number;
  text: string;
  detail?: string;
}

/** Bars beside their labels, as a table: it needs no picture to be read. Lengths are 0 to 100 of the largest. */
export function renderBars(
  title: string,
  columns: readonly [string, string],
  bars: readonly Bar[],
  colour: string,
): Markup {
  const largest = bars.reduce((max, { value }) => Math.max(max, value), 1);
  const rows = bars.map(({ label, value, text, detail }) => {
    const length = Math.max(0.5, Math.round((value / largest) * 1000) / 10);
    return markup`<tr><th scope="row">${label}${detail !== undefined && markup`<small>${detail}</small>`}</th><td class="bar"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="c-${colour}" width="${length}" height="10" rx="1"/></svg></td><td>${text}</td></tr>`;
  });
  return markup`<section class="card"><h3>${title}</h3><div class="scroll" tabindex="0" role="region" aria-label="${title}"><table class="bars"><thead><tr><th scope="col">${columns[0]}</th><td></td><th scope="col">${columns[1]}</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}
