import type { Operation } from './gen/common.ts';
import { operationNames } from './operation.ts';

/** MQTT 5 user property of a CONNECT by which a device declares what it can do: names, separated by commas. */
export const operationsKey = 'pushfleet-operations';

/** The operations that a device has declared. `undefined`: it has declared none, so everything is sent to it. */
export type Capabilities = ReadonlySet<string> | undefined;

/** Declarations that are remembered: a fleet has few different ones, and its links share them. */
const remembered = 256;
const maxNames = 128;
const known = new Map<string, ReadonlySet<string>>();

/**
 * Parses names as a device says them, also several in one, separated by commas; what is no name of an operation is kept and
 * matches nothing.
 */
export function readCapabilities(names: readonly string[]): Capabilities {
  // No name has a comma in it, so that two different declarations never have the same key.
  const said = names.flatMap((name) => name.split(',', maxNames)).map((name) => name.trim());
  const wanted = said.filter((name) => name !== '').slice(0, maxNames);
  if (wanted.length === 0) return undefined;
  const key = wanted.join(',');
  const found = known.get(key);
  if (found) return found;
  const capabilities = new Set(wanted);
  known.set(key, capabilities);
  if (known.size > remembered) known.delete(known.keys().next().value ?? '');
  return capabilities;
}

export function supports(capabilities: Capabilities, { kind, custom }: Operation): boolean {
  if (capabilities === undefined || kind === undefined) return true;
  return capabilities.has(operationNames[kind]) || (custom ? capabilities.has(`custom:${custom.name}`) : false);
}
