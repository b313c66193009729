import type { PushfleetError } from '@pushfleet/protocol';
import { renderDuration } from './option-values.ts';

/**
 * The flag that each field of the admin API is filled from, by the last part of the field's name; for arguments, what they
 * stand for. A balancer's refusal names the field, and the user knows the flag.
 */
const flagOf: Readonly<Record<string, string>> = {
  // Commands
  ttl: '--ttl',
  deliver_within: '--deliver-within',
  finish_within: '--finish-within',
  priority: '--priority',
  collapse_key: '--collapse-key',
  idempotency_key: '--idempotency-key',
  wait: '--wait',
  reason: '--reason',
  command_id: 'the id of the command',
  // Operations
  task_id: '--task',
  parameters: '--param',
  application_id: '--application',
  counters: '--counter',
  interval: '--every',
  name: 'the name of the operation',
  payload: '--payload',
  // Group pushes
  commands_per_second: '--rate',
  devices_per_second: '--rate',
  jitter_window: '--jitter',
  abort_failed_percent: '--abort-failed',
  group_push_id: 'the id of the group push',
  outcomes: '--outcome',
  // Groups and devices
  path: 'the path of the group',
  new_path: 'the new path',
  group: '--group',
  labels: '--label',
  device_id: 'the id of the device',
  device_ids: 'the id of a device',
  secret: '--secret-file',
  link_kinds: '--link',
  // Distribution points and push servers
  distribution_point_id: 'the id of the distribution point',
  groups: '--groups',
  port: '--port',
  address: '--address',
  max_connections: '--max-connections',
  weight: '--weight',
  address_check: '--address-check',
  node_id: 'the id of the push server',
  deadline: '--deadline',
  // Tunnels and events
  target: '--target',
  idle_limit: '--idle-limit',
  time_limit: '--time-limit',
  kinds: '--kind',
};

/** The commands for calls of the API that a message advises. */
const commandOf: Readonly<Record<string, string>> = {
  'PutGroup creates it': '`pushfleet groups put` creates it',
  'ListNodes lists them': '`pushfleet nodes` lists them',
  'GetRebalance tells when one has': '`pushfleet rebalance status` tells when one has',
};
const advice = new RegExp(`(?<=; )(?:${Object.keys(commandOf).join('|')})$`);

/** A message that advises a call of the API, with the command for it in its place. */
export function inCommands(message: string): string {
  return message.replace(advice, (call) => commandOf[call] ?? call);
}

/** The error's message as its user writes things: `--finish-within: must be 10s to 1h`, where the field is `finish_within`. */
export function withFlags({ field, message: given }: PushfleetError): string {
  const message = inCommands(given);
  const flag = field === undefined ? undefined : findFlag(field);
  if (field === undefined || flag === undefined || !message.startsWith(`${field}: `)) return message;
  return `${flag}${inFlags(message.slice(field.length))}`;
}

function findFlag(field: string): string | undefined {
  const name =
    field
      .replace(/\[\d+\]$/, '')
      .split('.')
      .at(-1) ?? '';
  return Object.hasOwn(flagOf, name) ? flagOf[name] : undefined;
}

/** A rule may name further fields, and has periods in seconds: `0.5s`, `2592000s`. */
function inFlags(rule: string): string {
  return rule
    .replaceAll(/\b(?:ttl|[a-z]+(?:_[a-z]+)+)\b/g, (name) => findFlag(name) ?? name)
    .replaceAll(/\b(\d+(?:\.\d+)?)s\b/g, (_, seconds: string) => renderDuration(Math.round(Number(seconds) * 1_000)));
}
