import { parseBootId, parseNodeId } from '@pushfleet/protocol';
import type { ListedNode } from '@pushfleet/registry';
import { silentLogger } from '@pushfleet/runtime';
import { expect, it } from 'vitest';
import { RevokedNodes } from './revoked-nodes.ts';

it.each<[what: string, serial: string | undefined, isRetired: boolean]>([
  ['has the certificate that was revoked', '0A', true],
  ['was enrolled anew', '0B', false],
  ['does not say which certificate it has', undefined, true],
])('a push server of a name that was revoked, and that %s', async (_what, memberSerial, isRetired) => {
  const retired: unknown[][] = [];
  const known = (name: string, serial: string | undefined) =>
    ({ nodeId: parseNodeId(name), bootId: parseBootId(`${name}-boot`), memberSerial: serial }) as ListedNode;
  const task = new RevokedNodes({
    revocations: {
      isRevoked: ({ serialNumber }) => serialNumber === '0A',
      hasRevoked: (member) => member === 'pushfleet://cluster/push-server/dp-1',
    },
    registry: { nodes: { retire: async (...life) => retired.push(life) > 0 } },
    nodes: () => [known('dp-1', memberSerial), known('dp-10', undefined), known('dp-2', '0C')],
    logger: silentLogger,
  });
  await task.tick();
  expect(retired).toEqual(isRetired ? [['dp-1', 'dp-1-boot']] : []);
});
