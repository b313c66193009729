import { once } from 'node:events';
import { createSecureContext } from 'node:tls';
import type { TunnelStream } from '@pushfleet/protocol';
import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '../clock.ts';
import { CommandRejected } from '../commands/command.ts';
import { createNetwork } from '../connect/create-network.ts';
import { FarEnd } from './far-end.fixture.ts';
import { TunnelOpener } from './opener.ts';
import { AllowList } from './target.ts';

const allowed = new AllowList(['127.0.0.1:*']);
const context = { signal: new AbortController().signal };

const { connectForTunnels, openTarget } = createNetwork(true, createSecureContext(), true);

async function setUp(maxOpen = 64) {
  const far = await FarEnd.open();
  const opener = new TunnelOpener({
    ...{ allowed, maxOpen, connect: connectForTunnels, openTarget, clock: systemClock },
    server: () => far.server,
  });
  const open = (target = far.target, token = 'good') => opener.open({ tunnelId: 't', target, token }, context);
  return { far, opener, open, [Symbol.asyncDispose]: () => far[Symbol.asyncDispose]() };
}

describe('TunnelOpener', () => {
  it('joins the target with the push server, and forgets the tunnel when it has ended', async () => {
    await using test = await setUp();
    const { far, opener, open } = test;
    await open();
    const [tunnel] = far.tunnels as [TunnelStream];
    tunnel.end('there and back');
    expect(String((await once(tunnel, 'data'))[0])).toBe('there and back');
    await vi.waitFor(() => expect(opener.size).toBe(0));
  });

  it('declines targets that are not permitted, and more tunnels than it may have', async () => {
    await using test = await setUp(1);
    const { open } = test;
    await expect(open('10.0.0.1:22')).rejects.toThrow('the device does not permit tunnels to 10.0.0.1:22');
    await open();
    const declined = await open().catch((error: unknown) => error);
    expect(declined).toBeInstanceOf(CommandRejected);
  });

  it('fails with what the system says where the target is closed', async () => {
    await using test = await setUp();
    const { far, open } = test;
    await expect(open('127.0.0.1:1')).rejects.toThrow(/^cannot connect to 127\.0\.0\.1:1: .*ECONNREFUSED/);
    expect(far.tunnels).toHaveLength(0);
  });

  it('fails where the push server does not take the token, and lets the target go', async () => {
    await using test = await setUp();
    const { opener, open } = test;
    await expect(open(undefined, 'bad')).rejects.toThrow('the push server does not take the tunnel: no good');
    expect(opener.size).toBe(0);
  });

  it('has no more than eight tunnels on a connection, and closes it after the last one', async () => {
    await using test = await setUp();
    const { far, opener, open } = test;
    await Promise.all(Array.from({ length: 20 }, () => open()));
    expect(far.peers.size).toBe(3);
    for (const tunnel of far.tunnels) tunnel.resume();
    opener.close('the device was stopped');
    await vi.waitFor(() => expect(far.tunnels.every(({ destroyed }) => destroyed)).toBe(true));
    expect(far.tunnels.every(({ errored }) => errored?.message === 'the device was stopped')).toBe(true);
    await vi.waitFor(() => expect(opener.connections).toBe(0));
  });
});
