import { visibleText } from '@pushfleet/runtime';
import type { Paint, Style } from './print.ts';

export interface Column<Row> {
  title: string;
  text: (row: Row) => string;
  align?: 'left' | 'right';
  style?: (row: Row) => Style | undefined;
}

/**
 * Rows under their titles, columns two blanks apart, without lines: for eyes, and for `grep` and `awk` as well. Each row is one
 * line whatever stands in it.
 */
export function renderTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], paint: Paint): string {
  const cells = columns.map((column) => rows.map((row) => visibleText(column.text(row))));
  const widths = columns.map(({ title }, index) =>
    (cells[index] ?? []).reduce((width, { length }) => Math.max(width, length), title.length),
  );
  const line = (textOf: (column: Column<Row>, index: number) => string) =>
    columns.map((column, index) => textOf(column, index)).join('  ');
  const fit = (text: string, column: Column<Row>, index: number) => {
    const width = widths[index] ?? 0;
    if (column.align === 'right') return text.padStart(width);
    // Nothing follows the last column, so that no line ends in blanks.
    return index === columns.length - 1 ? text : text.padEnd(width);
  };
  const head = paint('dim', line((column, index) => fit(column.title, column, index)).trimEnd());
  const body = rows.map((row, at) =>
    line((column, index) => {
      const text = fit(cells[index]?.[at] ?? '', column, index);
      const style = column.style?.(row);
      return style ? paint(style, text) : text;
    }).trimEnd(),
  );
  return [head, ...body].join('\n');
}
