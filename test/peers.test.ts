import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { credentials, type ServiceError } from '@grpc/grpc-js';
import type { AdminClient } from '@pushfleet/admin-sdk';
import { CommandCancelled } from '@pushfleet/device-sdk';
import { type admin, type balancer, type common, limits } from '@pushfleet/protocol';
import { PeerService } from '@pushfleet/protocol/balancer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MadeAuthority } from './certificates/made-authority.ts';
import { peerPort } from './cluster/control-port.ts';
import { eventually } from './cluster/eventually.ts';
import { TestCluster } from './cluster/test-cluster.ts';

const clusterServerName = 'pushfleet-cluster';

/** Devices end these when the test says so. */
const slow: common.OperationInit = { custom: { name: 'slow', payload: Buffer.alloc(limits.payloadBytes, 1) } };

/** Two balancers, a client of each, and a device. */
class TwoBalancers implements AsyncDisposable {
  readonly cluster: TestCluster;
  readonly one: AdminClient;
  readonly other: AdminClient;
  /** Ends the command that the device has been told last. */
  finish = () => {};

  static async start(registry: 'embedded' | 'redis'): Promise<TwoBalancers> {
    const cluster = await TestCluster.create({ balancers: 2, registry });
    const two = new TwoBalancers(cluster, cluster.adminOf(1, await cluster.token));
    const [laptop] = await cluster.devices.connect(1, 'laptop');
    laptop?.device.handle('custom', (_custom, { signal }) => {
      return new Promise<void>((resolve, reject) => {
        two.finish = resolve;
        signal.addEventListener('abort', () => reject(new CommandCancelled('told to')), { once: true });
      });
    });
    await eventually('the other balancer has a way to the device', async () => {
      const { status } = await two.other.commands.push({ deviceId: 'laptop-0', operation: { forceSync: {} } });
      return status?.outcome === 'OUTCOME_SUCCEEDED';
    });
    return two;
  }

  constructor(cluster: TestCluster, other: AdminClient) {
    this.cluster = cluster;
    this.one = cluster.admin;
    this.other = other;
  }

  push(client: AdminClient, commandId = ''): Promise<admin.PushResponse> {
    return client.commands.push({ deviceId: 'laptop-0', operation: slow, wait: 'WAIT_DELIVERED', commandId });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.other.close();
    await this.cluster[Symbol.asyncDispose]();
  }
}

describe.each(['embedded', 'redis'] as const)('direct commands on the %s registry', (registry) => {
  let two: TwoBalancers;
  beforeAll(async () => {
    two = await TwoBalancers.start(registry);
  });
  afterAll(() => two[Symbol.asyncDispose]());

  describe.each([
    ['made by the balancer', ''],
    ['chosen by the caller', `chosen-${registry}`],
  ])('with an id %s', (_what, id) => {
    it('are found, and watched to the end, through another balancer', async () => {
      const pushed = await two.push(two.one, id && `${id}-1`);
      const { other } = two;
      expect(await other.commands.get(pushed)).toEqual(await two.one.commands.get(pushed));
      const outcomes: string[] = [];
      for await (const { status } of other.commands.watch(pushed)) {
        outcomes.push(status?.outcome ?? '');
        two.finish();
      }
      expect(outcomes).toContain('OUTCOME_DELIVERED');
      expect(outcomes.at(-1)).toBe('OUTCOME_SUCCEEDED');
      expect((await other.commands.get(pushed)).status?.outcome).toBe('OUTCOME_SUCCEEDED');
    });

    it('are cancelled through another balancer', async () => {
      const pushed = await two.push(two.other, id && `${id}-2`);
      const { status } = await two.one.commands.cancel({ ...pushed, reason: 'not needed' });
      expect(status?.cancelRequested).toBe(true);
      await eventually('the device gives it up', async () => {
        const { status } = await two.one.commands.get(pushed);
        return status?.outcome === 'OUTCOME_CANCELLED';
      });
    });
  });

  it('are of their device alone, and of nobody where nobody has them', async () => {
    const { commandId } = await two.push(two.one);
    const notFound = { code: 'COMMAND_NOT_FOUND' };
    await expect(two.other.commands.get({ deviceId: 'other', commandId })).rejects.toMatchObject(notFound);
    const nothing = { deviceId: 'laptop-0', commandId: 'nothing' };
    await expect(two.other.commands.get(nothing)).rejects.toMatchObject(notFound);
    await expect(two.other.commands.cancel(nothing)).rejects.toMatchObject(notFound);
    await expect(two.other.commands.watch(nothing).next()).rejects.toMatchObject(notFound);
    two.finish();
  });

  it('are told of to balancers with a certificate of the cluster, and to nobody else', async () => {
    const { stateDir } = two.cluster;
    const read = (file: string) => readFile(join(stateDir, file));
    const [ca, key, cert] = await Promise.all(['cluster-ca.crt', 'cluster.key', 'cluster.crt'].map(read));
    const foreign = await (await MadeAuthority.create('another cluster')).issue({ names: [clusterServerName] });
    const { commandId } = await two.push(two.one);
    const ask = (secure = credentials.createSsl(ca as Buffer)) => {
      const options = { 'grpc.ssl_target_name_override': clusterServerName };
      const client = new PeerService(`127.0.0.1:${peerPort(two.cluster)}`, secure, options);
      return new Promise<balancer.GetCommandResponse>((resolve, reject) => {
        client.getCommand({ deviceId: 'laptop-0', commandId }, (error: ServiceError | null, answer) => {
          client.close();
          if (error) reject(error);
          else resolve(answer as balancer.GetCommandResponse);
        });
      });
    };
    const own = credentials.createSsl(ca as Buffer, key, cert);
    expect((await ask(own)).command?.commandId).toBe(commandId);
    const others = [
      credentials.createSsl(ca as Buffer, Buffer.from(foreign.key), Buffer.from(foreign.cert)),
      credentials.createSsl(ca as Buffer, await read('server.key'), await read('server.crt')),
      credentials.createSsl(ca as Buffer),
    ];
    for (const other of others) await expect(ask(other)).rejects.toMatchObject({ code: 14 });
    two.finish();
  });

  it('are unknown while their balancer stands still, and known again when it goes on', async () => {
    const pushed = await two.push(two.one);
    const frozen = two.cluster.balancers[0]?.pid as number;
    process.kill(frozen, 'SIGSTOP');
    try {
      for (const method of ['get', 'cancel'] as const) {
        const asked = two.other.commands[method](pushed);
        await expect(asked).rejects.toMatchObject({ code: 'BALANCER_UNAVAILABLE' });
      }
      const { status } = await two.other.commands.push({ deviceId: 'laptop-0', operation: { forceSync: {} } });
      expect(status?.outcome).toBe('OUTCOME_SUCCEEDED');
    } finally {
      process.kill(frozen, 'SIGCONT');
    }
    await eventually('it answers again', () => two.other.commands.get(pushed).then(() => true));
    two.finish();
  });

  it('are unknown when their balancer was killed, and gone when that is certain', async () => {
    const pushed = await two.push(two.one);
    const watched = two.other.commands.watch(pushed);
    await watched.next();
    await two.cluster.balancers[0]?.kill();
    const asked = two.other.commands.get(pushed);
    await expect(asked).rejects.toMatchObject({ code: 'BALANCER_UNAVAILABLE' });
    await expect(asked).rejects.toThrow(`balancer "${pushed.commandId.split('-')[0]}"`);
    const chosen = two.other.commands.get({ deviceId: 'laptop-0', commandId: 'chosen-by-the-caller' });
    await expect(chosen).rejects.toMatchObject({ code: 'BALANCER_UNAVAILABLE' });
    // Once it is listed no more; the watch has asked again and again until then.
    await expect(watched.next()).rejects.toMatchObject({ code: 'COMMAND_NOT_FOUND' });
    await expect(two.other.commands.get(pushed)).rejects.toThrow('is gone: it has ended, or said nothing for 15 s');
  });
});

it('direct commands are gone at once when their balancer was stopped', async () => {
  await using two = await TwoBalancers.start('embedded');
  const pushed = await two.push(two.other);
  two.finish();
  await two.cluster.balancers[1]?.stop();
  const asked = two.one.commands.get(pushed);
  await expect(asked).rejects.toMatchObject({ code: 'COMMAND_NOT_FOUND' });
  await expect(asked).rejects.toThrow('is gone: it has ended, or said nothing for 15 s');
});
