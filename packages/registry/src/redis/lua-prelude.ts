import {
  attemptWeight,
  deletedReason,
  firstEndedRank,
  keptPayloadBytes,
  lapseReason,
  maxEnded,
  outcomesByRank,
  supersededReason,
  unconfirmedMs,
} from '../command-state.ts';
import { endedPageBytes } from '../commands.ts';
import { keptEvents } from '../events.ts';
import { leaseMemoryMs } from '../leases.ts';
import { longestWriteGapMs } from '../registry.ts';
import { rememberedMoves } from '../session-moves.ts';
import { deletionMemoryMs, rememberedTakeovers, sessionMemoryMs, takeoverMs } from '../sessions.ts';
import { slotLimits } from '../slots.ts';

/** The weights by which one sorted set orders commands: by stage, then by priority, then by sequence number. */
export const orderSpan = { stage: 1e15, priority: 1e14 } as const;

/** The stages of `Stage`, as stored: their order is that of the sorted set. */
const stages = { TAKEN: 0, IN_FLIGHT: 1, QUEUED: 2, ENDED: 3 } as const;

/** All that scripts share with TypeScript: said there, and a local of this name in front of every script. */
export const luaConstants: Readonly<Record<string, number | string>> = {
  ...Object.fromEntries(outcomesByRank.map((outcome, rank) => [outcome, rank])),
  FIRST_ENDED_RANK: firstEndedRank,
  ...Object.fromEntries(Object.entries(stages).map(([name, place]) => [`STAGE_${name}`, place])),
  STAGE_SPAN: orderSpan.stage,
  PRIORITY_SPAN: orderSpan.priority,
  UNCONFIRMED_MS: unconfirmedMs,
  MAX_ENDED: maxEnded,
  ATTEMPT_WEIGHT_LIMIT: attemptWeight.limit,
  KEPT_PAYLOAD_BYTES: keptPayloadBytes,
  ENDED_PAGE_BYTES: endedPageBytes,
  REASON_EXPIRED: lapseReason.queued,
  REASON_NO_RESULT: lapseReason.taken,
  REASON_DELETED_QUEUED: deletedReason.queued,
  REASON_DELETED_TAKEN: deletedReason.taken,
  REASON_COLLAPSED: supersededReason.collapsed,
  REASON_DISPLACED: supersededReason.displaced,
  SESSION_MEMORY_MS: sessionMemoryMs,
  TAKEOVER_MS: takeoverMs,
  REMEMBERED_TAKEOVERS: rememberedTakeovers,
  REMEMBERED_MOVES: rememberedMoves,
  DELETION_MEMORY_MS: deletionMemoryMs,
  LEASE_MEMORY_MS: leaseMemoryMs,
  LONGEST_WRITE_GAP_MS: longestWriteGapMs,
  KEPT_EVENTS: keptEvents,
  SLOT_TOLERANCE_MS: slotLimits.toleranceMs,
  SLOT_TOLERANCE_PERCENT: slotLimits.tolerancePercent,
  SLOT_PACE_PERCENT: slotLimits.pacePercent,
  SLOT_OVERLOADED_MS: slotLimits.overloadedMs,
  LONGEST_SLOT_MS: slotLimits.longestMs,
  SLOT_AT_ONCE_MS: slotLimits.atOnceMs,
};

/**
 * The fields of a command's state as it is stored, one after the other: numbers of 8 bytes (`d`) or of 1 (`B`); behind
 * them stands the push server. Times are milliseconds since the Unix epoch, 0: not yet; see `CommandState`.
 */
const stateFields = {
  stage: 'B',
  outcome: 'B',
  /** Priority and sequence number. */
  rank: 'd',
  bytes: 'd',
  accepted: 'd',
  deliver_by: 'd',
  finish_by: 'd',
  /** How long the command is kept once it has ended, in milliseconds. */
  keep_ms: 'd',
  at: 'd',
  epoch: 'd',
  routed: 'd',
  delivered: 'd',
  running: 'd',
  unconfirmed: 'B',
  maybe_sent: 'B',
  cancel: 'B',
} as const;

type StateField = keyof typeof stateFields;
const fieldNames = Object.keys(stateFields) as StateField[];
const fieldBytes = { B: 1, d: 8 } as const;

/** The bytes at which each field begins, and the push server. */
const offsets = new Map<StateField | 'node', number>();
let stateBytes = 0;
for (const name of fieldNames) {
  offsets.set(name, stateBytes);
  stateBytes += fieldBytes[stateFields[name]];
}
offsets.set('node', stateBytes);

/** A number of a command's state as `pack_state` has packed it. */
export function readStateField(packed: Buffer, name: StateField): number {
  const offset = offsets.get(name) as number;
  return stateFields[name] === 'B' ? packed.readUInt8(offset) : packed.readDoubleLE(offset);
}

export function readStateNode(packed: Buffer): string {
  return packed.toString('utf8', stateBytes);
}

/** Stands in front of every script: the constants, `unpack_state` and `pack_state`. */
export const luaPrelude = [...Object.entries(luaConstants).map(renderConstant), renderStateCodec()].join('\n');

function renderConstant([name, value]: [string, number | string]): string {
  return `local ${name} = ${typeof value === 'number' ? value.toFixed(0) : `'${value.replaceAll("'", "\\'")}'`}`;
}

function renderStateCodec(): string {
  const format = `'<${Object.values(stateFields).join('')}'`;
  return `local function unpack_state(packed)
  local ${fieldNames.join(', ')} = struct.unpack(${format}, packed)
  return { ${fieldNames.map((name) => `${name} = ${name}`).join(', ')}, node = string.sub(packed, ${stateBytes + 1}) }
end
local function pack_state(state)
  return struct.pack(${format}, ${fieldNames.map((name) => `state.${name}`).join(', ')}) .. state.node
end`;
}
