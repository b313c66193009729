import { expect, it, vi } from 'vitest';
import { TestBalancer } from '../balancer.fixture.ts';

it('carries a command to the worker that holds the link and answers with the result', async () => {
  await using test = await TestBalancer.start();
  await test.putFleet('HQ', 'dp-1', 'laptop');
  const worker = await test.startWorker('dp-1');
  const session = await worker.openSession('laptop');
  const answer = await test.push({ deviceId: 'laptop', operation: { forceSync: { reason: 'test' } } });
  expect(answer.status?.outcome).toBe('OUTCOME_SUCCEEDED');
  expect(answer.status?.output.toString()).toBe('done');
  expect(answer.nodeId).toBe('dp-1');
  expect(worker.received[0]).toMatchObject({ deviceId: 'laptop', epoch: session.epoch });
  await vi.waitFor(() => expect(worker.channels).toBe(1));
});
