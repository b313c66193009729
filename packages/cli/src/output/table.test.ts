import { describe, expect, it } from 'vitest';
import { plain } from './print.ts';
import { type Column, renderTable } from './table.ts';

const columns: Column<{ name: string; links: number; note: string }>[] = [
  { title: 'NAME', text: ({ name }) => name },
  { title: 'LINKS', text: ({ links }) => String(links), align: 'right', style: () => 'green' },
  { title: 'NOTE', text: ({ note }) => note },
];

describe('renderTable', () => {
  it('aligns columns under their titles, and leaves no blanks at the end of a line', () => {
    const rows = [
      { name: 'dp-1', links: 10, note: 'a longer note' },
      { name: 'dp-with-a-long-name', links: 100_000, note: '' },
    ];
    expect(renderTable(columns, rows, plain).split('\n')).toEqual([
      'NAME                  LINKS  NOTE',
      'dp-1                     10  a longer note',
      'dp-with-a-long-name  100000',
    ]);
  });

  it('styles a cell without counting the style as width', () => {
    const paint = (style: string, text: string) => `<${style}>${text}</>`;
    const rows = [{ name: 'dp-1', links: 1, note: 'x' }];
    expect(renderTable(columns, rows, paint)).toBe('<dim>NAME  LINKS  NOTE</>\ndp-1  <green>    1</>  x');
  });

  it('is only titles without rows', () => {
    expect(renderTable(columns, [], plain)).toBe('NAME  LINKS  NOTE');
  });
});
