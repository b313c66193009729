import type { AdminClient } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';
import { systemClock } from '@pushfleet/runtime';
import { describeStatus } from '../nodes/describe-status.ts';
import { CommandFailure } from '../output/failure.ts';
import { pollUntil } from './follow.ts';

/** Workers start in seconds, and it takes a few more to find that nobody gets through to them. */
const withinMs = 60_000;

/** Which processes its workers are: a push server that was restarted has others. */
export async function workersOf(client: AdminClient, nodeId: string): Promise<string> {
  return pidsOf(await findNode(client, nodeId));
}

/**
 * Waits until a push server that was restarted takes devices, and balancers get through to it.
 * @param before Its workers before the restart.
 * @throws CommandFailure that says what is wrong with it
 */
export async function awaitReady(client: AdminClient, nodeId: string, before: string): Promise<void> {
  const begunMs = systemClock.now();
  await pollUntil(async () => {
    const node = await findNode(client, nodeId);
    const isOther = pidsOf(node) !== before;
    if (isOther && node?.status === 'NODE_STATUS_READY') return true;
    const isBad = isOther && node !== undefined && hopeless.has(node.status);
    if (!isBad && systemClock.now() - begunMs < withinMs) return undefined;
    throw new CommandFailure(`${nodeId} does not work after its restart: ${describeStatus(node)}`);
  });
}

const hopeless: ReadonlySet<admin.NodeStatus> = new Set([
  'NODE_STATUS_UNREACHABLE',
  'NODE_STATUS_FAILED',
  'NODE_STATUS_DEAD',
]);

async function findNode(client: AdminClient, nodeId: string): Promise<admin.Node | undefined> {
  return (await client.nodes.list()).find((each) => each.nodeId === nodeId);
}

function pidsOf(node: admin.Node | undefined): string {
  return node?.workers.map(({ pid }) => pid).join() ?? '';
}
