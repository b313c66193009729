import { invalidArgument } from './error.ts';

declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** Identity of a managed device. Fit for an MQTT topic level and for a Redis hash tag. */
export type DeviceId = Branded<string, 'DeviceId'>;
/** Path of an administration group: names from the top joined by "/", e.g. `HQ/Floor 2`. */
export type GroupPath = Branded<string, 'GroupPath'>;
/** Identity of a push server, which is that of its distribution point. */
export type NodeId = Branded<string, 'NodeId'>;
/** A worker's place in its push server; a restarted worker keeps it. */
export type WorkerId = Branded<string, 'WorkerId'>;
/** One life of one process; never used twice. */
export type BootId = Branded<string, 'BootId'>;
export type CommandId = Branded<string, 'CommandId'>;
export type GroupPushId = Branded<string, 'GroupPushId'>;
export type TunnelId = Branded<string, 'TunnelId'>;
/** Orders the sessions of one device: the newest has the greatest. Milliseconds since the Unix epoch, at least. */
export type Epoch = Branded<number, 'Epoch'>;

const maxGroupDepth = 16;

export const deviceIdPattern = /^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$/;
/** Ids of push servers and of distribution points. */
export const nodeIdPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
/** Ids that are made once and for all: of commands, group pushes, tunnels and boots. */
export const uniqueIdPattern = /^[A-Za-z0-9-]{1,64}$/;

/** @throws PushfleetError INVALID_ARGUMENT that names `field`. */
export function parseDeviceId(value: unknown, field = 'device_id'): DeviceId {
  return match(value, field, deviceIdPattern, deviceIdRule) as DeviceId;
}

export function parseNodeId(value: unknown, field = 'node_id'): NodeId {
  return match(value, field, nodeIdPattern, nodeIdRule) as NodeId;
}

export function parseWorkerId(value: unknown, field = 'worker_id'): WorkerId {
  return match(value, field, /^[A-Za-z0-9-]{1,32}$/, '1 to 32 letters, digits or "-"') as WorkerId;
}

export function parseBootId(value: unknown, field = 'boot_id'): BootId {
  return match(value, field, uniqueIdPattern, uniqueIdRule) as BootId;
}

export function parseCommandId(value: unknown, field = 'command_id'): CommandId {
  return match(value, field, uniqueIdPattern, uniqueIdRule) as CommandId;
}

/** A durable command tells by its id that the registry has it, also to a worker that never saw the command. */
const durablePrefix = 'd-';

export function isDurable(id: CommandId): boolean {
  return id.startsWith(durablePrefix);
}

/** @param unique Of 1 to 62 letters, digits or "-". */
export function durableCommandId(unique: string): CommandId {
  return parseCommandId(`${durablePrefix}${unique}`);
}

export function parseGroupPushId(value: unknown, field = 'group_push_id'): GroupPushId {
  return match(value, field, uniqueIdPattern, uniqueIdRule) as GroupPushId;
}

export function parseTunnelId(value: unknown, field = 'tunnel_id'): TunnelId {
  return match(value, field, uniqueIdPattern, uniqueIdRule) as TunnelId;
}

export function parseEpoch(value: unknown, field = 'epoch'): Epoch {
  const epoch = Number(value);
  if (!Number.isSafeInteger(epoch) || epoch < 0) throw invalidArgument(field, 'a whole number, not negative');
  return epoch as Epoch;
}

/** In the one spelling that it has everywhere: paths that look the same are the same. */
export function parseGroupPath(value: unknown, field = 'group'): GroupPath {
  if (typeof value !== 'string' || value.length > longestSpelling) throw invalidArgument(field, groupPathRule);
  const path = spellName(value);
  const hidden = findHidden(path);
  if (hidden) throw invalidArgument(field, `${groupPathRule}; nobody sees the ${hidden}`);
  const names = path.split('/');
  if (names.length > maxGroupDepth || !names.every((name) => groupName.test(name))) {
    throw invalidArgument(field, groupPathRule);
  }
  return path as GroupPath;
}

/** The group itself and all above it, nearest first: `HQ/Floor 2`, `HQ`. */
export function groupLineage(path: GroupPath): GroupPath[] {
  const names = path.split('/');
  return names.map((_, index) => names.slice(0, names.length - index).join('/') as GroupPath);
}

const deviceIdRule = '1 to 128 of A-Z a-z 0-9 . _ : @ -, beginning with a letter or digit';
const uniqueIdRule = '1 to 64 letters, digits or "-"';
const nodeIdRule = '1 to 63 of A-Z a-z 0-9 . _ -, beginning with a letter or digit';
const groupPathRule = `1 to ${maxGroupDepth} names joined by "/", each 1 to 64 characters without { } or a blank at an end, e.g. "HQ/Floor 2"`;
/** No braces (they delimit Redis hash tags). */
const groupName = /^(?! )[^/{}]{1,64}(?<! )$/u;
/** The bytes of the longest path: pairs of surrogates, and as many marks as NFC joins with a character. */
const longestSpelling = 16_384;

function match(value: unknown, field: string, pattern: RegExp, rule: string): string {
  if (typeof value !== 'string' || !pattern.test(value)) throw invalidArgument(field, rule);
  return value;
}

/**
 * The one spelling of a name that people give and compare by eye: composed characters (NFC), as keyboards make them and
 * macOS does not; an ordinary blank for each wider, narrower or no-break one, as spreadsheets and web pages have them.
 */
export function spellName(text: string): string {
  return text.normalize('NFC').replace(/\p{Zs}/gu, ' ');
}

/** Control and format characters, fillers, halves of pairs, and the one blank that counts as a symbol. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;

/**
 * The first character that nobody sees, with which two names could differ that look the same: `U+200B at character 3`.
 * `undefined`: there is none.
 */
export function findHidden(text: string): string | undefined {
  const found = hidden.exec(text);
  if (!found) return undefined;
  const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `U+${code} at character ${[...text.slice(0, found.index)].length + 1}`;
}
