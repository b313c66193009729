const light = `
  color-scheme: light;
  --page: #f4f6f9; --card: #fff; --text: #141a23; --muted: #5a6577; --rule: #dfe4ec; --grid: #e8ecf2; --accent: #1f5fd8;
  --good: #0b7a4b; --good-soft: #dcf3e7; --bad: #c02336; --bad-soft: #fbe3e5; --band: #1f5fd80d; --code: #eef1f6;
  --c1: #2769e0; --c2: #d97706; --c3: #0d8a5f; --c4: #8b46cf; --c5: #0b93a6; --c6: #c83f7e; --c7: #7a7f12; --c8: #9a5b2e;
  --c9: #4b5fa8; --c10: #3f9a2d;
`;

const dark = `
  color-scheme: dark;
  --page: #0e1217; --card: #161b22; --text: #e7ebf1; --muted: #97a3b4; --rule: #2a323d; --grid: #232a34; --accent: #7aa9ff;
  --good: #4fd29a; --good-soft: #10362a; --bad: #ff7b86; --bad-soft: #43191f; --band: #7aa9ff12; --code: #1e252f;
  --c1: #6ea2ff; --c2: #f5a63d; --c3: #3fcf96; --c4: #bd8bff; --c5: #3dc6d8; --c6: #f27fb2; --c7: #c3c64a; --c8: #d49a6c;
  --c9: #94a6f0; --c10: #7fd46b;
`;

const colourRules = [
  ...Array.from({ length: 10 }, (_, index) => [`${index + 1}`, `--c${index + 1}`]),
  ['good', '--good'],
  ['bad', '--bad'],
  ['muted', '--muted'],
]
  .map(([name, variable]) => `.c-${name} { --line: var(${variable}); }`)
  .join('\n');

/** The whole style sheet: system fonts, no pictures, colours of both themes as variables. */
export const style = `
:root { ${light} }
@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { ${dark} } }
:root[data-theme="dark"] { ${dark} }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif; }
main, body > header, body > footer { max-width: 1360px; margin: 0 auto; padding: 0 24px; }
body > header { padding-top: 30px; }
body > footer { color: var(--muted); padding-top: 8px; padding-bottom: 40px; font-size: 13px; }
h1 { font-size: 30px; line-height: 1.2; margin: 2px 0 8px; letter-spacing: -.015em; overflow-wrap: anywhere; }
h2 { font-size: 19px; margin: 36px 0 12px; letter-spacing: -.01em; }
h3 { font-size: 15px; margin: 0; }
p { margin: 0; }
a { color: var(--accent); }
code, .command { font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.top { display: flex; justify-content: space-between; align-items: flex-start; gap: 16px; }
.kicker { color: var(--muted); font-weight: 600; font-size: 13px; letter-spacing: .04em; }
.verdict { display: inline-block; vertical-align: middle; margin-left: 12px; padding: 3px 14px; border-radius: 99px; font-size: 15px; font-weight: 650; letter-spacing: 0; background: var(--code); color: var(--muted); }
.verdict.passed { background: var(--good-soft); color: var(--good); }
.verdict.failed { background: var(--bad-soft); color: var(--bad); }
.facts { color: var(--muted); }
.facts span + span::before { content: "·"; margin: 0 8px; }
.command { display: block; margin-top: 14px; padding: 10px 14px; background: var(--code); border-radius: 8px; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
.command::before { content: "$ "; color: var(--muted); }
.early { margin-top: 14px; padding: 10px 14px; border-radius: 8px; background: var(--bad-soft); color: var(--bad); font-weight: 600; }
button.theme { flex: none; border: 1px solid var(--rule); border-radius: 8px; background: var(--card); color: var(--text); padding: 6px 12px; font: inherit; font-size: 13px; cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.thresholds { list-style: none; margin: 18px 0 0; padding: 0; display: grid; gap: 6px; }
.thresholds li { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; padding: 8px 14px; border-radius: 8px; background: var(--good-soft); }
.thresholds li.failed { background: var(--bad-soft); }
.thresholds b { color: var(--good); min-width: 60px; }
.thresholds li.failed b { color: var(--bad); }
.thresholds code { color: var(--muted); margin-left: auto; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(190px, 45%), 1fr)); gap: 12px; margin: 22px 0 0; }
.figure, .card, .chart { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; }
.figure { padding: 14px 16px; }
.figure dt { color: var(--muted); font-size: 13px; }
.figure dd { margin: 2px 0 0; font-size: 25px; font-weight: 650; letter-spacing: -.02em; line-height: 1.25; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.figure dd.detail { font-size: 12.5px; font-weight: 400; letter-spacing: 0; color: var(--muted); line-height: 1.4; margin-top: 4px; }
.figure dd.good { color: var(--good); }
.figure dd.bad { color: var(--bad); }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(560px, 100%), 1fr)); gap: 16px; align-items: start; }
.chart { margin: 0; padding: 16px 18px 12px; min-width: 0; }
.chart figcaption p, .card > p { color: var(--muted); font-size: 13px; }
.card { padding: 16px 18px; min-width: 0; }
.plot { position: relative; margin-top: 8px; }
svg.picture { display: block; width: 100%; height: auto; overflow: visible; border-radius: 6px; }
${colourRules}
.stroke { fill: none; stroke: var(--line); stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; vector-effect: non-scaling-stroke; }
.fill { fill: var(--line); opacity: .16; }
.dashes .stroke { stroke-dasharray: 5 4; stroke-width: 1.5; }
.c-muted .stroke { stroke-width: 1.2; opacity: .75; }
#links-workers .fill, #cpu .fill { opacity: 1; fill: color-mix(in srgb, var(--line) 45%, var(--card)); }
#links-workers .stroke, #cpu .stroke { stroke-width: 1; }
path.grid { stroke: var(--grid); fill: none; display: inline; }
.axis-tick { stroke: var(--muted); }
.limit { stroke: var(--muted); stroke-dasharray: 2 3; }
.limit-label { fill: var(--muted); font-size: 11px; text-anchor: end; paint-order: stroke; stroke: var(--card); stroke-width: 3px; }
.tick { fill: var(--muted); font-size: 11px; font-variant-numeric: tabular-nums; }
.tick.y { text-anchor: end; }
.tick.x { text-anchor: middle; }
.band { fill: transparent; }
.band.odd { fill: var(--band); }
.band-label { fill: var(--muted); font-size: 11px; font-weight: 600; }
.cursor { stroke: var(--text); stroke-width: 1; opacity: 0; }
.plot.active .cursor { opacity: .45; }
.readout { position: absolute; top: 0; left: 0; z-index: 1; display: none; pointer-events: none; min-width: 130px; padding: 7px 10px; border-radius: 8px; background: var(--card); border: 1px solid var(--rule); box-shadow: 0 4px 16px #0003; font-size: 12px; line-height: 1.5; white-space: pre-wrap; overflow-wrap: anywhere; max-width: 92%; font-variant-numeric: tabular-nums; }
.plot.active .readout { display: block; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 14px; margin: 6px 0 0; padding: 0; font-size: 12.5px; color: var(--muted); overflow-wrap: anywhere; }
.legend .key { width: 16px; height: 8px; margin-right: 6px; vertical-align: 1px; }
.legend .key path { stroke: var(--line); stroke-width: 3; }
.legend .key.dashes path { stroke-dasharray: 4 2; }
details.data { margin-top: 6px; font-size: 12.5px; }
details.data summary { color: var(--muted); cursor: pointer; width: max-content; max-width: 100%; }
.scroll { overflow: auto; max-height: 420px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 13.5px; }
th, td { padding: 6px 10px; text-align: right; border-bottom: 1px solid var(--rule); vertical-align: top; }
thead th { position: sticky; top: 0; background: var(--card); color: var(--muted); font-weight: 600; white-space: nowrap; }
th:first-child, td.text, th.text { text-align: left; overflow-wrap: anywhere; }
tbody th { font-weight: 550; }
tbody tr:last-child > * { border-bottom: 0; }
th small { display: block; color: var(--muted); font-weight: 400; max-width: 60ch; }
td.text { color: var(--muted); min-width: 180px; }
.bars td.bar { width: 45%; min-width: 90px; }
.bars td.bar svg { width: 100%; height: 10px; display: block; margin-top: 5px; }
.bars rect { fill: var(--line); }
.card h3 + .scroll, .card p + .scroll { margin-top: 10px; }
.remarks { margin: 0; padding-left: 20px; }
.section-note { color: var(--muted); margin-bottom: 12px; }
@media (max-width: 640px) { main, body > header, body > footer { padding-left: 14px; padding-right: 14px; } h1 { font-size: 24px; } .figure dd { font-size: 21px; } }
@media print { button.theme, details.data { display: none; } .chart, .card, .figure { break-inside: avoid; } body { font-size: 12px; } }
`;
