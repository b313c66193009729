import { invalidArgument } from './error.ts';
import type { LinkKind } from './gen/admin.ts';
import { cutText, limits } from './limits.ts';

/** Words that an administrator has given a device, for lists to be filtered by. */
export type Labels = Readonly<Record<string, string>>;

/** How a device may be linked: the Network Agent link, or the mobile-protocol link. */
export type DeviceLinkKind = 'grpc' | 'mqtt';

const word = /^[A-Za-z0-9._/-]{1,63}$/;
const wordRule = '1 to 63 of A-Z a-z 0-9 . _ / -';

/** In the order of their keys. @throws PushfleetError INVALID_ARGUMENT that names `field`, as does the other one. */
export function parseLabels(value: unknown, field = 'labels'): Labels {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidArgument(field, 'an object of keys and values');
  }
  const entries = Object.entries(value);
  if (entries.length > limits.labels) throw invalidArgument(field, `at most ${limits.labels} labels`);
  for (const [key, text] of entries) {
    if (!word.test(key)) throw invalidArgument(field, `a map with keys of ${wordRule}${seeKey(key)}`);
    if (typeof text !== 'string' || !word.test(text)) {
      throw invalidArgument(field, `a map with values of ${wordRule}${seeKey(key)}`);
    }
  }
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A key may be of any length and hold anything: it goes into the message, never into the name of the field. */
function seeKey(key: string): string {
  return `; see ${JSON.stringify(cutText(key, 64))}`;
}

/** How the admin API writes them. */
export const linkKinds = { grpc: 'LINK_KIND_GRPC', mqtt: 'LINK_KIND_MQTT' } as const satisfies Record<
  DeviceLinkKind,
  LinkKind
>;
const kinds = Object.keys(linkKinds) as DeviceLinkKind[];

/** Each once; none: all kinds. A value that the proto file does not have arrives as its number. */
export function parseLinkKinds(named: readonly (LinkKind | number)[], field = 'link_kinds'): DeviceLinkKind[] {
  const known: readonly unknown[] = Object.values(linkKinds);
  const unknown = named.findIndex((kind) => !known.includes(kind));
  if (unknown >= 0) throw invalidArgument(`${field}[${unknown}]`, known.join(' or '));
  return kinds.filter((kind) => named.includes(linkKinds[kind]));
}
