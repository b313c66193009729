import type { DeviceId, DeviceLinkKind, GroupPath, Labels } from '@pushfleet/protocol';
import type { StoredDevice } from '../fleet.ts';

/** Fields of the hash, see write-device.lua. */
export const recordFields = ['revision', 'group', 'secret', 'labels', 'links', 'generation'] as const;

export type StoredRecord = (string | null | undefined)[];

/** A deleted device has no group. */
export function decodeRecord(
  id: DeviceId,
  [revision, group, secretHash, labels, links, generation]: StoredRecord,
): { revision: string; device: StoredDevice } | undefined {
  if (!revision || !group || !secretHash) return undefined;
  const linkKinds = links ? (links.split(',') as DeviceLinkKind[]) : [];
  return {
    revision,
    device: {
      ...{ id, group: group as GroupPath, secretHash, labels: decodeLabels(labels ?? ''), linkKinds },
      generation: Number(generation ?? 0),
    },
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
