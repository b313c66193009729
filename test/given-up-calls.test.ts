import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectMute } from './cluster/mute-device.ts';
import { TestCluster } from './cluster/test-cluster.ts';

const operation = { forceSync: {} };
const givenUp = 1_500;

describe('an Administration Server that gives up many calls on its one connection', () => {
  let cluster: TestCluster;
  const mutes: Disposable[] = [];

  beforeAll(async () => {
    cluster = await TestCluster.create();
    await cluster.devices.connect(1);
    for (let index = 0; index < 8; index += 1) mutes.push(await connectMute(cluster, `mute-${index}`, 'mqtt'));
  });

  afterAll(async () => {
    for (const mute of mutes) mute[Symbol.dispose]();
    await cluster[Symbol.asyncDispose]();
  });

  /** Pushes that go on beside; their outcomes, once `ended`. */
  async function pushBeside(ended: Promise<unknown>): Promise<(string | undefined)[]> {
    const [healthy] = cluster.devices.all;
    const outcomes: (string | undefined)[] = [];
    let isOver = false;
    void ended.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      const answer = await cluster.admin.commands
        .push({ deviceId: healthy?.id ?? '', operation })
        .catch((error) => error);
      outcomes.push(answer.status?.outcome ?? String(answer));
    }
    return outcomes;
  }

  const pushToMute = (index: number, more: object, signal?: AbortSignal) =>
    cluster.admin.commands
      .push({ deviceId: `mute-${index % 8}`, operation, wait: 'WAIT_FINISHED', ...more }, signal ? { signal } : {})
      .then(({ status }) => status?.outcome ?? 'nothing')
      .catch((error: Error) => error.message);

  it('by cancelling them all at once, goes on with its other pushes', async () => {
    const controller = new AbortController();
    const pushes = Promise.all(
      Array.from({ length: givenUp }, (_, index) => pushToMute(index, { finishWithinMs: 60_000 }, controller.signal)),
    );
    const beside = pushBeside(pushes);
    await cluster.admin.commands.push({ deviceId: cluster.devices.all[0]?.id ?? '', operation });
    controller.abort(new Error('given up'));
    expect(new Set(await pushes)).toEqual(new Set(['given up']));
    expect(new Set(await beside)).toEqual(new Set(['OUTCOME_SUCCEEDED']));
  });

  it('one after the other, goes on with its other pushes', async () => {
    const pushes = (async () => {
      const answers: string[] = [];
      for (let index = 0; index < givenUp; index += 1) {
        const controller = new AbortController();
        const push = pushToMute(index, { finishWithinMs: 60_000 }, controller.signal);
        setImmediate(() => controller.abort(new Error('given up')));
        answers.push(await push);
      }
      return answers;
    })();
    const beside = pushBeside(pushes);
    expect(new Set(await pushes)).toEqual(new Set(['given up']));
    expect(new Set(await beside)).toEqual(new Set(['OUTCOME_SUCCEEDED']));
  });
});
