import { once } from 'node:events';
import tls, { type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closed } from './cluster/closed.ts';
import { eventually } from './cluster/eventually.ts';
import { TestCluster } from './cluster/test-cluster.ts';

type Version = 'TLSv1.2' | 'TLSv1.3';

describe('a foreign client resumes its session', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await TestCluster.create({ pushServers: 2, environment: { PUSHFLEET_MAX_WORKERS: '1' } });
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  async function connect(
    maxVersion: Version,
    port: number,
    session?: Buffer,
  ): Promise<{ isReused: boolean; session: Buffer | undefined }> {
    const options = { host: '127.0.0.1', port, servername: 'localhost', ca: cluster.ca, maxVersion };
    const socket: TLSSocket = tls.connect({ ...options, ...(session ? { session } : {}), ALPNProtocols: ['mqtt'] });
    const given: Buffer[] = [];
    socket.on('session', (one) => given.push(one)).on('error', () => socket.destroy());
    await once(socket, 'secureConnect');
    const isReused = socket.isSessionReused();
    // A CONNECT that is refused: what comes before the answer has come by then.
    socket.end(Buffer.from('100c00044d515454050200000000', 'hex'));
    // Not by `once`, which takes a reset for a failure: it is an end as good as any.
    await closed(socket.resume());
    return { isReused, session: given.at(-1) ?? session };
  }

  it.each<Version>(['TLSv1.2', 'TLSv1.3'])(
    'over %s, on another push server, and on the worker after one that was killed',
    async (version) => {
      const [one, other] = cluster.devicePorts as [number, number];
      const first = await connect(version, one);
      expect(first).toEqual({ isReused: false, session: expect.any(Buffer) });
      expect((await connect(version, one, first.session)).isReused).toBe(true);
      expect((await connect(version, other, first.session)).isReused).toBe(true);

      const workers = async () => (await cluster.nodes()).flatMap((node) => node.workers.map(({ pid }) => pid));
      const before = await workers();
      process.kill(before[0] as number, 'SIGKILL');
      await eventually('another worker is there', async () => {
        const now = await workers();
        return now.length === 2 && !now.includes(before[0] as number);
      });
      await eventually('it listens', async () => {
        const resumed = await connect(version, one, first.session).catch(() => undefined);
        return resumed?.isReused === true;
      });
    },
  );
});
