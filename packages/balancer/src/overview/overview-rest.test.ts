import { expect, it, onTestFinished, vi } from 'vitest';
import { adminToken, TestBalancer } from '../balancer.fixture.ts';

it('is served over HTTP as the console reads it', async () => {
  const test = await TestBalancer.start();
  onTestFinished(() => test[Symbol.asyncDispose]());
  await test.putFleet('HQ', 'dp-1', 'd-1');
  const worker = await test.startWorker('dp-1');
  const { fleet, nodes } = test.registry;
  await fleet.putDistributionPoint({
    ...{ id: 'dp-2' as never, groups: ['HQ' as never] },
    pushServer: { enabled: true, port: 1, address: 'dp-2', maxConnections: 9, weight: 100 },
  });
  const workers = worker.record().workers.map((one) => ({ ...one, live: 25 }));
  const problem = { kind: 'port-in-use', detail: 'port 13295 is taken', impairs: false } as const;
  const beat = (succeeded: number) =>
    nodes.heartbeat(worker.record({ workers, problem, commandsEnded: { OUTCOME_SUCCEEDED: succeeded } }), {
      ...{ arrived: [], left: [], events: [] },
    });
  const headers = { authorization: `Bearer ${adminToken}` };
  const get = async (path: string) =>
    (await fetch(`http://127.0.0.1:${test.balancer.ports.rest}${path}`, { headers })).json();
  let ended = 0;
  await vi.waitFor(
    async () => {
      ended += 50;
      await beat(ended);
      const overview = (await get('/v1/overview')) as { commandsPerSecond: Record<string, number> };
      expect(overview).toMatchObject({
        sampleTime: expect.stringMatching(/^\d{4}-.*Z$/),
        ...{ links: 25, capacity: 100, spread: 1 },
        nodes: [
          {
            ...{ nodeId: 'dp-1', distributionPointId: 'dp-1', status: 'NODE_STATUS_READY', live: 25, capacity: 100 },
            conditions: ['NODE_CONDITION_PROBLEM'],
          },
          { nodeId: 'dp-2', live: 0, capacity: 0, conditions: ['NODE_CONDITION_LOST'] },
        ],
        alarms: expect.arrayContaining([
          {
            ...{ kind: 'ALARM_PORT_IN_USE', subject: 'dp-1', detail: problem.detail },
            startTime: expect.stringMatching(/^\d{4}-.*Z$/),
          },
        ]),
      });
      expect(overview.commandsPerSecond.OUTCOME_SUCCEEDED).toBeGreaterThan(0);
    },
    { timeout: 20_000, interval: 500 },
  );
  // One for each ten seconds that this took.
  const { interval, samples } = (await get('/v1/overview/history')) as { interval: string; samples: object[] };
  expect(interval).toBe('10s');
  expect(samples.at(-1)).toMatchObject({
    ...{ sampleTime: expect.any(String), links: expect.any(Number), spread: 1, commandsPerSecond: {} },
  });
  const stream = await fetch(`http://127.0.0.1:${test.balancer.ports.rest}/v1/overview/watch`, { headers });
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  const { value = '' } = (await reader?.read()) ?? {};
  expect(JSON.parse(value.replace(/^data: /, ''))).toMatchObject({ links: 25, nodes: [{}, {}] });
  await reader?.cancel();
});
