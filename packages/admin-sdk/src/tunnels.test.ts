import { once } from 'node:events';
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { type admin, PushfleetError, serverEnd, TunnelStream, toStatus } from '@pushfleet/protocol';
import { TunnelService } from '@pushfleet/protocol/admin';
import { describe, expect, it } from 'vitest';
import { createAdminClient } from './client.ts';
import { systemClock } from './clock.ts';

type Call = ServerDuplexStream<admin.OpenRequest, admin.OpenResponseInit>;

/** A balancer that does with each call, and its target, what the test says; and a client of it. */
async function setUp(onOpen: (call: Call, target: admin.TunnelTarget | null | undefined) => void) {
  const server = new Server();
  const open = (call: Call) => {
    call.once('data', ({ target }: admin.OpenRequest) => {
      call.pause();
      onOpen(call, target);
    });
  };
  server.addService(TunnelService.service, { Open: open });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  const client = createAdminClient({ address: `127.0.0.1:${port}`, token: 'a-token', plaintext: true });
  const close = async () => {
    client.close();
    server.forceShutdown();
  };
  return { client, [Symbol.asyncDispose]: close };
}

function echo(call: Call): void {
  call.write({ opened: { tunnelId: 't-1', nodeId: 'dp-1' } });
  const tunnel = new TunnelStream(serverEnd(call, systemClock), 'the client');
  tunnel.on('error', () => undefined).pipe(tunnel);
}

const target = { deviceId: 'laptop', target: '127.0.0.1:22' };

describe('openTunnel', () => {
  it('gives a stream that knows its id and its push server', async () => {
    let asked: unknown;
    await using test = await setUp((call, first) => {
      asked = first;
      echo(call);
    });
    const tunnel = await test.client.tunnels.open({ ...target, idleLimitMs: 5_000 });
    expect(asked).toEqual({ ...target, idleLimitMs: 5_000, timeLimitMs: 0 });
    expect([tunnel.tunnelId, tunnel.nodeId]).toEqual(['t-1', 'dp-1']);
    tunnel.end('there and back');
    expect((await tunnel.toArray()).join('')).toBe('there and back');
  });

  it('rejects with the code and the words of the balancer', async () => {
    const refusal = new PushfleetError('TUNNEL_REFUSED', 'the device does not permit it');
    await using test = await setUp((call) => call.emit('error', toStatus(refusal)));
    const failure = await test.client.tunnels.open(target).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PushfleetError);
    expect(failure).toMatchObject({ code: 'TUNNEL_REFUSED', message: 'the device does not permit it' });
  });

  it('is given up by its signal, with its reason', async () => {
    const left = Promise.withResolvers<void>();
    const controller = new AbortController();
    await using test = await setUp((call) => {
      call.once('cancelled', () => left.resolve());
      controller.abort(new Error('enough'));
    });
    await expect(test.client.tunnels.open(target, { signal: controller.signal })).rejects.toThrow('enough');
    await left.promise;
  });

  it('does not end a tunnel that is open when its signal fires, but when its client is closed', async () => {
    await using test = await setUp(echo);
    const controller = new AbortController();
    const tunnel = await test.client.tunnels.open(target, { signal: controller.signal });
    controller.abort();
    tunnel.write('still there');
    expect(String((await once(tunnel, 'data'))[0])).toBe('still there');
    const closed = once(tunnel, 'close');
    test.client.close();
    await closed;
  });
});
