import type { DeviceId, DeviceLinkKind, GroupPath, Labels } from '@pushfleet/protocol';
import type { Device } from '../fleet.ts';

/** Fields of the hash, see write-device.lua. */
export const recordFields = ['revision', 'group', 'secret', 'labels', 'links'] as const;

export type StoredRecord = (string | null | undefined)[];

/** A deleted device has a revision and nothing else. */
export function decodeRecord(
  id: DeviceId,
  [revision, group, secretHash, labels, links]: StoredRecord,
): { revision: string; device: Device } | undefined {
  if (!revision || !group || !secretHash) return undefined;
  const linkKinds = links ? (links.split(',') as DeviceLinkKind[]) : [];
  return {
    revision,
    device: { id, group: group as GroupPath, secretHash, labels: decodeLabels(labels ?? ''), linkKinds },
  };
}

/** `label=value` on a line each; neither has a "=" in it. */
export function encodeLabels(labels: Labels): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label}=${value}`)
    .join('\n');
}

function decodeLabels(text: string): Labels {
  if (text === '') return {};
  return Object.fromEntries(text.split('\n').map((line) => line.split('=') as [string, string]));
}
