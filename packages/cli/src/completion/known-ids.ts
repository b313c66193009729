import type { AdminClient } from '@pushfleet/admin-sdk';
import { systemClock, timeoutSignal } from '@pushfleet/runtime';
import { Argument, Command } from 'commander';
import { openClient } from '../connection/open-client.ts';
import { print } from '../output/print.ts';
import type { CommandContext } from '../stop.ts';
import { type IdKind, idKinds } from './value-kinds.ts';

/** Whoever pressed Tab waits for it. */
const withinMs = 1_000;
const mostOffered = 100;

/** For the scripts of `pushfleet completion`; prints ids that begin with what was typed, and never an error. */
export function knownIdsCommand({ environment }: CommandContext): Command {
  return new Command('known-ids')
    .addArgument(new Argument('<kind>').choices(idKinds))
    .argument('[start]', 'what the ids begin with', '')
    .action(async (kind: IdKind, start: string) => {
      try {
        using client = openClient(environment);
        const found = await findIds(client, kind, start, timeoutSignal(systemClock, withinMs));
        if (found.length > 0) print(found.join('\n'));
      } catch {
        // No cluster, no token, no time: nothing to offer.
      }
    });
}

async function findIds(client: AdminClient, kind: IdKind, start: string, signal: AbortSignal): Promise<string[]> {
  const found: string[] = [];
  for await (const id of idsOf(client, kind, start, signal)) {
    // A line break would make two of one.
    if (id.startsWith(start) && !/[\n\t]/.test(id)) found.push(id);
    if (found.length === mostOffered) break;
  }
  return found;
}

async function* idsOf(client: AdminClient, kind: IdKind, start: string, signal: AbortSignal): AsyncGenerator<string> {
  switch (kind) {
    case 'devices':
      yield* deviceIds(client, start, signal);
      return;
    case 'groups':
      for (const { path } of await client.groups.list({ signal })) yield path;
      return;
    case 'nodes':
      for (const { nodeId } of await client.nodes.list({ signal })) yield nodeId;
      return;
    case 'distribution-points':
      for (const { distributionPointId } of await client.distributionPoints.list({ signal })) yield distributionPointId;
      return;
    case 'group-pushes':
      for (const { groupPushId } of await client.groupPushes.list({ signal })) yield groupPushId;
      return;
    case 'tokens':
      for (const { name } of await client.tokens.list({ signal })) yield name;
      return;
    case 'enrollment-tokens':
      for (const { enrollmentTokenId } of await client.devices.listEnrollmentTokens('', { signal }))
        yield enrollmentTokenId;
      return;
    default:
      kind satisfies never;
  }
}

/** Among 100,000 devices the balancer finds those that begin with it. */
async function* deviceIds(client: AdminClient, start: string, signal: AbortSignal): AsyncGenerator<string> {
  const filter = start === '' ? { pageSize: mostOffered } : { search: start };
  for await (const { deviceId } of client.devices.list(filter, { signal })) yield deviceId;
}
