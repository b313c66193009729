import type { PushfleetError } from '@pushfleet/protocol';
import { renderDuration } from './option-values.ts';

interface FlagOfField {
  /** How the user writes it: an option, or what an argument stands for. */
  flag: string;
  /** Its numbers are milliseconds, which the user writes as `30s` or `7d`. */
  isDuration?: true;
}

/**
 * The flag or argument that each field of the admin API is filled from, by the last part of the field's name, without its
 * unit. A balancer's refusal names the field; the user knows the flag.
 */
const flagOf: Readonly<Record<string, FlagOfField>> = {
  // Commands
  ttl: { flag: '--ttl', isDuration: true },
  deliver_within: { flag: '--deliver-within', isDuration: true },
  finish_within: { flag: '--finish-within', isDuration: true },
  priority: { flag: '--priority' },
  collapse_key: { flag: '--collapse-key' },
  idempotency_key: { flag: '--idempotency-key' },
  wait: { flag: '--wait' },
  reason: { flag: '--reason' },
  command_id: { flag: 'the id of the command' },
  // Operations
  task_id: { flag: '--task' },
  parameters: { flag: '--param' },
  application_id: { flag: '--application' },
  counters: { flag: '--counter' },
  interval: { flag: '--every', isDuration: true },
  name: { flag: 'the name of the operation' },
  payload: { flag: '--payload' },
  // Group pushes
  rate_per_second: { flag: '--rate' },
  jitter_window: { flag: '--jitter', isDuration: true },
  abort_failed_percent: { flag: '--abort-failed' },
  group_push_id: { flag: 'the id of the group push' },
  outcomes: { flag: '--outcome' },
  // Groups and devices
  path: { flag: 'the path of the group' },
  new_path: { flag: 'the new path' },
  group: { flag: '--group' },
  labels: { flag: '--label' },
  device_id: { flag: 'the id of the device' },
  device_ids: { flag: 'the id of a device' },
  secret: { flag: '--secret-file' },
  link_kinds: { flag: '--link' },
  // Distribution points and push servers
  distribution_point_id: { flag: 'the id of the distribution point' },
  groups: { flag: '--groups' },
  port: { flag: '--port' },
  address: { flag: '--address' },
  max_connections: { flag: '--max-connections' },
  weight: { flag: '--weight' },
  address_check: { flag: '--address-check' },
  node_id: { flag: 'the id of the push server' },
  deadline: { flag: '--deadline', isDuration: true },
  // Tunnels and events
  target: { flag: '--target' },
  idle_limit: { flag: '--idle-limit', isDuration: true },
  time_limit: { flag: '--time-limit', isDuration: true },
  kinds: { flag: '--kind' },
};

/** The error's message with flags for fields and `30s` for milliseconds: `--finish-within: must be --ttl (1m) to 31d`. */
export function withFlags({ field, message }: PushfleetError): string {
  const known = field === undefined ? undefined : findFlag(field);
  if (field === undefined || known === undefined || !message.startsWith(`${field}: `)) return message;
  const rule = message.slice(field.length).replaceAll(/\b[a-z]+(?:_[a-z]+)*\b/g, flagInRule);
  const shown = known.isDuration
    ? rule.replaceAll(/\b\d+\b/g, (ms) => (ms === '0' ? ms : renderDuration(Number(ms))))
    : rule;
  return known.flag + shown;
}

function findFlag(field: string): FlagOfField | undefined {
  const last = field
    .replace(/\[\d+\]$/, '')
    .split('.')
    .at(-1);
  const name = last?.replace(/_ms$/, '') ?? '';
  return Object.hasOwn(flagOf, name) ? flagOf[name] : undefined;
}

/** A rule may name further fields. A single word may be one of the language: "wait", "group". */
function flagInRule(word: string): string {
  return word.includes('_') ? (findFlag(word)?.flag ?? word) : word;
}
