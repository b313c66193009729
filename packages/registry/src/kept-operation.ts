import type { common } from '@pushfleet/protocol';

/** Larger payloads of custom operations are dropped when their commands end; lua/commands.lua says the same. */
export const keptPayloadBytes = 4_096;

/** What is kept of the operation once its command has ended; `undefined`: all of it. */
export function keptOperation({ custom }: common.Operation): common.Operation | undefined {
  if (!custom || custom.payload.length <= keptPayloadBytes) return undefined;
  return { kind: 'custom', custom: { ...custom, payload: Buffer.alloc(0) } };
}
