import './data-table.css';
import type { ReactNode } from 'react';
import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components';

export interface DataColumn<Item> {
  id: string;
  label: string;
  /** Numbers stand at the right. */
  isNumber?: boolean;
  /** Left out where the window is narrow. */
  isSecondary?: boolean;
  /** True in the one column that names the row; default the first. */
  isRowHeader?: boolean;
  render: (item: Item) => ReactNode;
}

export interface DataTableProps<Item extends object> {
  /** For who does not see it. */
  label: string;
  columns: readonly DataColumn<Item>[];
  items: readonly Item[];
  idOf: (item: Item) => string;
  /** The page that a row leads to. */
  hrefOf?: (item: Item) => string;
  /** Shown where there are no items. */
  empty: ReactNode;
}

/** Rows of one kind; the arrow keys go through them, Enter opens one. */
export function DataTable<Item extends object>({ label, columns, items, idOf, hrefOf, empty }: DataTableProps<Item>) {
  const hasRowHeader = columns.some(({ isRowHeader }) => isRowHeader);
  return (
    <div className="table-frame">
      <Table aria-label={label} className="table">
        <TableHeader>
          {columns.map((column, index) => (
            <Column
              key={column.id}
              id={column.id}
              isRowHeader={hasRowHeader ? column.isRowHeader === true : index === 0}
              className={classOf(column)}
            >
              {column.label}
            </Column>
          ))}
        </TableHeader>
        <TableBody renderEmptyState={() => <div className="table-empty">{empty}</div>}>
          {items.map((item) => (
            <Row key={idOf(item)} id={idOf(item)} {...(hrefOf && { href: hrefOf(item) })}>
              {columns.map((column) => (
                <Cell key={column.id} className={classOf(column)}>
                  {column.render(item)}
                </Cell>
              ))}
            </Row>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}

function classOf<Item>({ isNumber = false, isSecondary = false }: DataColumn<Item>): string {
  return `${isNumber ? 'number' : ''} ${isSecondary ? 'secondary' : ''}`;
}
