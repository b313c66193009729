import { count } from '../output/format.ts';
import { type Paint, type Style, visibleLines } from '../output/print.ts';
import { type Finding, type Level, levels } from './finding.ts';

const styles: Record<Level, Style> = { ok: 'green', warning: 'yellow', problem: 'red', skipped: 'dim' };

/** A line for each finding, one more for what to change, and the sum of all. */
export function renderFindings(findings: readonly Finding[], paint: Paint): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, level, detail, change }) => [
    `${paint(styles[level], level.padEnd(8))}${check.padEnd(width)}  ${visibleLines(detail, width + 10)}`,
    ...(change === undefined
      ? []
      : [`${' '.repeat(width + 10)}${paint('bold', '→')} ${visibleLines(change, width + 12)}`]),
  ]);
  return [...lines, '', summaryOf(findings)].join('\n');
}

function summaryOf(findings: readonly Finding[]): string {
  const counted = levels.flatMap((level) => {
    const number = findings.filter((finding) => finding.level === level).length;
    return number === 0 ? [] : [level === 'ok' || level === 'skipped' ? `${number} ${level}` : count(number, level)];
  });
  return `${count(findings.length, 'check')}: ${counted.join(', ')}`;
}
