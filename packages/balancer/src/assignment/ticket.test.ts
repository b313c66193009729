import type { DeviceId, GroupPath, NodeId, TunnelId } from '@pushfleet/protocol';
import { PushfleetError } from '@pushfleet/protocol';
import type { TicketKey, TicketKeys } from '@pushfleet/registry';
import { type Clock, silentLogger } from '@pushfleet/runtime';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JWK, jwtVerify } from 'jose';
import { expect, it } from 'vitest';
import { TicketSigner } from './ticket.ts';

const claims = {
  device: 'laptop' as DeviceId,
  group: 'HQ/Floor 2' as GroupPath,
  nodes: ['dp-1', 'dp-2'] as NodeId[],
};

/** What a registry keeps, and a clock that a test turns. */
function world(nowMs: number) {
  const published: { key: TicketKey; lifetimeMs: number }[] = [];
  const state = { nowMs, down: false, tick: () => {} };
  const keys: TicketKeys = {
    publish: async (key, lifetimeMs) => {
      if (state.down) throw new PushfleetError('REGISTRY_UNAVAILABLE', 'down');
      published.push({ key, lifetimeMs });
    },
    list: async () => published.map(({ key }) => key),
  };
  const clock: Clock = {
    now: () => state.nowMs,
    after: () => ({ [Symbol.dispose]: () => {} }),
    every: (_periodMs, run) => {
      state.tick = run;
      return { [Symbol.dispose]: () => {} };
    },
  };
  return { state, published, options: { keys, lifetimeMs: 600_000, clock, logger: silentLogger } };
}

it('names device, group and push servers, and verifies with the published key alone', async () => {
  const { published, options } = world(Date.now());
  const signer = await TicketSigner.create(options);
  await signer.start();
  const { token, expiresAtMs } = await signer.sign(claims);
  const set = createLocalJWKSet({ keys: published.map(({ key }) => key.jwk as JWK) });
  const verified = await jwtVerify(token, set, { issuer: 'pushfleet', audience: 'dp-2', algorithms: ['EdDSA'] });
  expect(verified.payload).toMatchObject({ sub: 'laptop', grp: 'HQ/Floor 2', aud: ['dp-1', 'dp-2'] });
  expect(verified.protectedHeader.kid).toBe(published[0]?.key.kid);
  expect(verified.payload.exp).toBe(expiresAtMs / 1_000);
});

it('publishes no private part of its key', async () => {
  const { published, options } = world(0);
  await (await TicketSigner.create(options)).start();
  expect(published[0]?.key.jwk).toMatchObject({ kty: 'OKP', crv: 'Ed25519', kid: published[0]?.key.kid });
  expect(published[0]?.key.jwk).not.toHaveProperty('d');
});

it('keeps the key published for longer than any ticket is good', async () => {
  const { state, published, options } = world(1_000_000);
  const signer = await TicketSigner.create(options);
  await signer.start();
  const { token } = await signer.sign(claims);
  expect((decodeJwt(token).exp ?? 0) * 1_000).toBeLessThan(1_000_000 + (published[0]?.lifetimeMs ?? 0));
  state.tick();
  await expect.poll(() => published.length).toBe(2);
});

it('signs nothing that nobody could verify', async () => {
  const { state, published, options } = world(1_000_000);
  state.down = true;
  const signer = await TicketSigner.create(options);
  await signer.start();
  await expect(signer.sign(claims)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
  state.down = false;
  const { token } = await signer.sign(claims);
  expect(published.map(({ key }) => key.kid)).toContain(decodeProtectedHeader(token).kid);
  state.down = true;
  state.nowMs += 120_000;
  await expect(signer.sign(claims)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
});

it('lets a device come for one tunnel within 30 seconds, and for nothing else', async () => {
  const { published, options } = world(Date.now());
  const signer = await TicketSigner.create(options);
  const token = await signer.signTunnelToken('laptop' as DeviceId, 't-1' as TunnelId);
  const set = createLocalJWKSet({ keys: published.map(({ key }) => key.jwk as JWK) });
  const { payload, protectedHeader } = await jwtVerify(token, set, {
    issuer: 'pushfleet',
    typ: 'pushfleet-tunnel+jwt',
  });
  expect(payload).toMatchObject({ sub: 'laptop', jti: 't-1', aud: 'pushfleet:tunnel' });
  expect((payload.exp as number) - (payload.iat as number)).toBe(30);
  expect(protectedHeader.kid).toBe(published[0]?.key.kid);
});
