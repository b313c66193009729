import type { DeviceId, GroupPath, NodeId, TunnelId } from '@pushfleet/protocol';
import { PushfleetError } from '@pushfleet/protocol';
import type { TicketKey, TicketKeys } from '@pushfleet/registry';
import { silentLogger } from '@pushfleet/runtime';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JWK, jwtVerify } from 'jose';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { TicketSigner } from './ticket.ts';

const claims = {
  device: 'laptop' as DeviceId,
  group: 'HQ/Floor 2' as GroupPath,
  nodes: ['dp-1', 'dp-2'] as NodeId[],
  generation: 17,
};

/** A registry in memory, and a clock that a test turns. */
function world() {
  const published: { key: TicketKey; lifetimeMs: number }[] = [];
  const state = { down: false };
  const clock = new ManualClock({ wallMs: Math.floor(Date.now() / 1_000) * 1_000 });
  const keys: TicketKeys = {
    publish: async (key, lifetimeMs) => {
      if (state.down) throw new PushfleetError('REGISTRY_UNAVAILABLE', 'down');
      published.push({ key, lifetimeMs });
    },
    list: async () => published.map(({ key }) => key),
  };
  return {
    state,
    clock,
    published,
    options: { keys, certify: () => undefined, lifetimeMs: 600_000, clock, logger: silentLogger },
  };
}

it('names device, group and push servers, and verifies with the published key alone', async () => {
  const { published, options } = world();
  const signer = new TicketSigner(options);
  await signer.start();
  const { token, expiresAtMs } = await signer.sign(claims);
  const set = createLocalJWKSet({ keys: published.map(({ key }) => key.jwk as JWK) });
  const verified = await jwtVerify(token, set, { issuer: 'pushfleet', audience: 'dp-2', algorithms: ['EdDSA'] });
  expect(verified.payload).toMatchObject({ sub: 'laptop', grp: 'HQ/Floor 2', aud: ['dp-1', 'dp-2'], gen: 17 });
  expect(verified.protectedHeader.kid).toBe(published[0]?.key.kid);
  expect(verified.payload.exp).toBe(expiresAtMs / 1_000);
});

it('publishes no private part of its key', async () => {
  const { published, options } = world();
  await new TicketSigner(options).start();
  expect(published[0]?.key.jwk).toMatchObject({ kty: 'OKP', crv: 'Ed25519', kid: published[0]?.key.kid });
  expect(published[0]?.key.jwk).not.toHaveProperty('d');
});

it('keeps the key published for longer than any ticket is good', async () => {
  const { clock, published, options } = world();
  const signer = new TicketSigner(options);
  await signer.start();
  const { token } = await signer.sign(claims);
  expect((decodeJwt(token).exp ?? 0) * 1_000).toBeLessThan(clock.wallMs() + (published[0]?.lifetimeMs ?? 0));
  clock.advance(5_000);
  await expect.poll(() => published.length).toBe(2);
});

it('signs nothing that nobody could verify', async () => {
  const { state, clock, published, options } = world();
  state.down = true;
  const signer = new TicketSigner(options);
  await signer.start();
  await expect(signer.sign(claims)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
  state.down = false;
  const { token } = await signer.sign(claims);
  expect(published.map(({ key }) => key.kid)).toContain(decodeProtectedHeader(token).kid);
  state.down = true;
  clock.advance(121_000);
  await expect(signer.sign(claims)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
});

it.each([3_600_000, -3_600_000, 31_536_000_000])('goes on signing when its clock is set by %i ms', async (byMs) => {
  const { state, clock, published, options } = world();
  const signer = new TicketSigner(options);
  await signer.start();
  state.down = true;
  clock.stepWall(byMs);
  const { token, expiresAtMs, lifetimeMs } = await signer.sign(claims);
  expect(lifetimeMs).toBe(600_000);
  expect(expiresAtMs).toBe(clock.wallMs() + 600_000);
  expect(decodeProtectedHeader(token).kid).toBe(published[0]?.key.kid);
});

it('lets a device come for one tunnel within 30 seconds, and for nothing else', async () => {
  const { published, options } = world();
  const signer = new TicketSigner(options);
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
