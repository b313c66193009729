import { cutText } from './cut-text.ts';
import { invalidArgument } from './error.ts';
import { limits } from './limits.ts';

/** Words that an administrator has given a device, for lists to be filtered by. */
export type Labels = Readonly<Record<string, string>>;

/** How a device may be linked: the Network Agent link, or the mobile-protocol link. */
export type DeviceLinkKind = 'grpc' | 'mqtt';

const word = /^[A-Za-z0-9._/-]{1,63}$/;
const wordRule = '1 to 63 of A-Z a-z 0-9 . _ / -';
const kinds: readonly DeviceLinkKind[] = ['grpc', 'mqtt'];

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

/** Each once; none: all kinds. */
export function parseLinkKinds(value: unknown, field = 'link_kinds'): DeviceLinkKind[] {
  const named: unknown[] = Array.isArray(value) ? value : [value];
  const unknown = named.findIndex((kind) => !kinds.includes(kind as DeviceLinkKind));
  if (unknown >= 0) throw invalidArgument(`${field}[${unknown}]`, '"grpc" or "mqtt"');
  return kinds.filter((kind) => named.includes(kind));
}
