import type { NewDevice } from '@pushfleet/admin-sdk';
import { visibleText } from '@pushfleet/runtime';

/** A device of an import file, and where it stands. */
export interface FileRow {
  line: number;
  device: NewDevice;
}

/** What an import file may say of a device. */
export const columnNames = ['deviceId', 'group', 'secret', 'labels', 'linkKinds'] as const;
export type Column = (typeof columnNames)[number];

export function isColumn(name: string): name is Column {
  return (columnNames as readonly string[]).includes(name);
}

export function unknownColumn(name: string): string {
  return `there is no column "${visibleText(name).slice(0, 64)}"; there are ${columnNames.join(', ')}`;
}
