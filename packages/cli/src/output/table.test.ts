import { describe, expect, it } from 'vitest';
import { plain } from './print.ts';
import { type Column, renderTable } from './table.ts';

const columns: Column<{ name: string; links: number; remark: string }>[] = [
  { title: 'NAME', text: ({ name }) => name },
  { title: 'LINKS', text: ({ links }) => String(links), align: 'right', style: () => 'green' },
  { title: 'REMARK', text: ({ remark }) => remark },
];

describe('renderTable', () => {
  it('aligns columns under their titles, and leaves no blanks at the end of a line', () => {
    const rows = [
      { name: 'dp-1', links: 10, remark: 'a longer remark' },
      { name: 'dp-with-a-long-name', links: 100_000, remark: '' },
    ];
    expect(renderTable(columns, rows, plain).split('\n')).toEqual([
      'NAME                  LINKS  REMARK',
      'dp-1                     10  a longer remark',
      'dp-with-a-long-name  100000',
    ]);
  });

  it('styles a cell without counting the style as width', () => {
    const paint = (style: string, text: string) => `<${style}>${text}</>`;
    const rows = [{ name: 'dp-1', links: 1, remark: 'x' }];
    expect(renderTable(columns, rows, paint)).toBe('<dim>NAME  LINKS  REMARK</>\ndp-1  <green>    1</>  x');
  });

  it('is only titles without rows', () => {
    expect(renderTable(columns, [], plain)).toBe('NAME  LINKS  REMARK');
  });
});
