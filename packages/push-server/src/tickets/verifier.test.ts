import { KeyObject, sign } from 'node:crypto';
import { type NodeId, parseNodeId } from '@pushfleet/protocol';
import type { TicketKey, TicketKeys } from '@pushfleet/registry';
import type { Refusal } from '@pushfleet/runtime';

import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { TicketVerifier } from './verifier.ts';

/** Published keys in memory, and how often they were asked for. */
class PublishedKeys implements TicketKeys {
  keys: TicketKey[] = [];
  asked = 0;

  async publish(key: TicketKey): Promise<void> {
    this.keys.push(key);
  }

  async list(): Promise<TicketKey[]> {
    this.asked += 1;
    return this.keys;
  }
}

interface Claims {
  kid?: string;
  nodes?: readonly string[];
  issuer?: string;
  expires?: number;
  gen?: unknown;
}

describe('the ticket verifier', () => {
  const node: NodeId = parseNodeId('dp-1');
  let published: PublishedKeys;
  let verifier: TicketVerifier;
  let clock: ManualClock;
  let privateKey: CryptoKey;
  let uncertified: Set<string>;
  let refused: Refusal[];

  beforeEach(async () => {
    const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    privateKey = pair.privateKey;
    published = new PublishedKeys();
    await published.publish({ kid: 'k1', jwk: { ...(await exportJWK(pair.publicKey)) } });
    clock = new ManualClock();
    uncertified = new Set();
    refused = [];
    const refusal: Refusal = { reason: 'uncertified-key', member: undefined, detail: '' };
    verifier = new TicketVerifier(published, node, clock, {
      judge: (kid) => (uncertified.has(kid) ? refusal : undefined),
      onRefused: (one) => void refused.push(one),
    });
    await verifier.refresh();
  });

  function issue({ kid = 'k1', nodes = ['dp-1', 'dp-2'], issuer = 'pushfleet', expires = 60, gen }: Claims = {}) {
    return new SignJWT({ grp: 'HQ/Floor 2', ...(gen === undefined ? {} : { gen }) })
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .setIssuer(issuer)
      .setSubject('d1')
      .setAudience([...nodes])
      .setExpirationTime(clock.wallMs() / 1_000 + expires)
      .sign(privateKey);
  }

  it('takes no ticket that is signed with a key which no balancer has certified, and none any more once that is so', async () => {
    expect((await verifier.verify(await issue())).kind).toBe('good');
    uncertified.add('k1');
    await verifier.refresh();
    expect(await verifier.verify(await issue())).toEqual({ kind: 'bad', reason: 'ticketInvalid' });
    expect(refused).toHaveLength(1);
  });

  it('reads device, group and push servers off a good ticket, without asking anyone', async () => {
    const verdict = await verifier.verify(await issue({ gen: 17 }));
    const ticket = { device: 'd1', group: 'HQ/Floor 2', nodes: ['dp-1', 'dp-2'], generation: 17 };
    expect(verdict).toEqual({ kind: 'good', ticket });
    expect(published.asked).toBe(1);
  });

  it.each([
    ['that has expired', { expires: -60 }, 'ticketExpired'],
    ['for other push servers', { nodes: ['dp-2'] }, 'ticketForAnotherNode'],
    ['of another issuer', { issuer: 'somebody' }, 'ticketInvalid'],
    ['whose generation is no number', { gen: '17' }, 'ticketInvalid'],
    ['whose generation is less than none', { gen: -1 }, 'ticketInvalid'],
    ['whose generation is no whole number', { gen: 1.5 }, 'ticketInvalid'],
    ['signed with a key that nobody published', { kid: 'k9' }, 'ticketInvalid'],
  ] as const)('refuses one %s', async (_, claims, reason) => {
    expect(await verifier.verify(await issue(claims))).toEqual({ kind: 'bad', reason });
  });

  it.each([
    ['has no key id', { header: { kid: undefined } }],
    ['is not signed', { header: { alg: 'none' } }],
    ['claims to be signed with a shared secret', { header: { alg: 'HS256' } }],
    ['demands what is not known here', { header: { crit: ['x'], x: 1 } }],
    ['is not good yet', { claims: { nbf: 61 } }],
    ['does not say when it becomes good', { claims: { nbf: 'soon' } }],
    ['does not say when it was issued', { claims: { iat: 'now' } }],
    ['never expires', { claims: { exp: undefined } }],
    ['has no issuer', { claims: { iss: undefined } }],
    ['has no device', { claims: { sub: undefined } }],
    ['has no group', { claims: { grp: undefined } }],
  ])('refuses one that %s, though its signature is right', async (_, change) => {
    expect(await verifier.verify(signed(change))).toEqual({ kind: 'bad', reason: 'ticketInvalid' });
  });

  it.each([undefined, [], 'dp-2', { 0: 'dp-1' }])('refuses one for %j as for another push server', async (aud) => {
    const verdict = await verifier.verify(signed({ claims: { aud } }));
    expect(verdict).toEqual({ kind: 'bad', reason: 'ticketForAnotherNode' });
  });

  it('takes one for this push server alone, and from the second on in which it becomes good', async () => {
    expect(await verifier.verify(signed({ claims: { aud: 'dp-1', nbf: 60, iat: 0 } }))).toMatchObject({ kind: 'good' });
  });

  /** A token signed by hand; times are in seconds from now. */
  function signed({ header = {}, claims = {} }: { header?: object; claims?: Record<string, unknown> }): string {
    const nowS = Math.floor(clock.wallMs() / 1_000);
    const times = Object.entries(claims).filter(([, value]) => typeof value === 'number');
    const body = { iss: 'pushfleet', sub: 'd1', grp: 'HQ', aud: ['dp-1'], exp: nowS + 60, ...claims };
    for (const [name, value] of times) Object.assign(body, { [name]: nowS + (value as number) });
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const input = `${encode({ alg: 'EdDSA', kid: 'k1', ...header })}.${encode(body)}`;
    return `${input}.${sign(undefined, Buffer.from(input), KeyObject.from(privateKey)).toString('base64url')}`;
  }

  it('takes one that names no generation for the first', async () => {
    expect(await verifier.verify(await issue())).toMatchObject({ kind: 'good', ticket: { generation: 0 } });
  });

  it('says the same of a ticket that comes again, and of one that differs from it by its signature what it is worth', async () => {
    const token = await issue({ gen: 17 });
    const verdict = await verifier.verify(token);
    expect(verdict).toMatchObject({ kind: 'good' });
    expect(await verifier.verify(token)).toEqual(verdict);
    const forged = `${token.slice(0, token.lastIndexOf('.') + 1)}${'A'.repeat(86)}`;
    for (const _ of [1, 2]) expect(await verifier.verify(forged)).toEqual({ kind: 'bad', reason: 'ticketInvalid' });
  });

  it('takes a ticket that it has taken before no longer than until it expires', async () => {
    const token = await issue();
    expect(await verifier.verify(token)).toMatchObject({ kind: 'good' });
    clock.advance(60_000 + 60_000);
    expect(await verifier.verify(token)).toEqual({ kind: 'bad', reason: 'ticketExpired' });
  });

  it('does not take a ticket again whose key is published no longer, nor where another key has its name', async () => {
    const token = await issue();
    expect(await verifier.verify(token)).toMatchObject({ kind: 'good' });
    published.keys = [];
    await verifier.refresh();
    expect(await verifier.verify(token)).toEqual({ kind: 'bad', reason: 'ticketInvalid' });
    const other = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    published.keys = [{ kid: 'k1', jwk: { ...(await exportJWK(other.publicKey)) } }];
    await verifier.refresh();
    expect(await verifier.verify(token)).toEqual({ kind: 'bad', reason: 'ticketInvalid' });
  });

  it.each(['', 'a.b.c', 'x'.repeat(10_000)])('refuses what is no ticket', async (token) => {
    expect(await verifier.verify(token)).toEqual({ kind: 'bad', reason: 'ticketInvalid' });
  });

  it('refuses a ticket that was changed after it was signed', async () => {
    const [header, payload, signature] = (await issue()).split('.');
    const claims = JSON.parse(Buffer.from(payload as string, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'd2' })).toString('base64url');
    expect(await verifier.verify([header, forged, signature].join('.'))).toMatchObject({ reason: 'ticketInvalid' });
  });

  it('fetches the keys again when it meets an unknown one, but not for every such ticket', async () => {
    clock.advance(2_000);
    await verifier.verify(await issue({ kid: 'new' }));
    await verifier.verify(await issue({ kid: 'new' }));
    expect(published.asked).toBe(2);
    clock.advance(2_000);
    await published.publish({ ...(published.keys[0] as TicketKey), kid: 'new' });
    expect(await verifier.verify(await issue({ kid: 'new' }))).toMatchObject({ kind: 'good' });
  });

  it.each([
    ['late', 59_000],
    ['early', -59_000],
  ])('takes tickets and tunnel tokens of a balancer whose clock is a minute %s', async (_, aheadMs) => {
    const [ticket, token] = [await issue({ expires: 1 }), await issueTunnelToken({ expires: 1 })];
    clock.stepWall(aheadMs);
    expect(await verifier.verify(ticket)).toMatchObject({ kind: 'good' });
    expect(await verifier.verifyTunnel(token)).toMatchObject({ device: 'd1' });
  });

  it.each([3_600_000, -3_600_000])('fetches the keys again though its clock was set by %i ms', async (byMs) => {
    clock.stepWall(byMs);
    clock.advance(2_000);
    await published.publish({ ...(published.keys[0] as TicketKey), kid: 'new' });
    expect(await verifier.verify(await issue({ kid: 'new' }))).toMatchObject({ kind: 'good' });
  });

  function issueTunnelToken(change: { audience?: string; typ?: string; expires?: number; kid?: string } = {}) {
    const { audience = 'pushfleet:tunnel', typ = 'pushfleet-tunnel+jwt', expires = 30, kid = 'k1' } = change;
    return new SignJWT({})
      .setProtectedHeader({ alg: 'EdDSA', kid, typ })
      .setIssuer('pushfleet')
      .setSubject('d1')
      .setAudience(audience)
      .setJti('t-1')
      .setExpirationTime(clock.wallMs() / 1_000 + expires)
      .sign(privateKey);
  }

  it('reads device and tunnel off a good tunnel token', async () => {
    const pass = await verifier.verifyTunnel(await issueTunnelToken());
    expect(pass).toEqual({ device: 'd1', tunnel: 't-1' });
  });

  it.each([
    ['that has expired', { expires: -60 }],
    ['for another audience', { audience: 'dp-1' }],
    ['of another type', { typ: 'JWT' }],
    ['signed with a key that nobody published', { kid: 'k9' }],
  ] as const)('refuses a tunnel token %s', async (_, change) => {
    expect(await verifier.verifyTunnel(await issueTunnelToken(change))).toBeUndefined();
  });

  it('takes no ticket for a tunnel token, and no tunnel token for a ticket', async () => {
    expect(await verifier.verifyTunnel(await issue({ nodes: ['pushfleet:tunnel'] }))).toBeUndefined();
    expect(await verifier.verify(await issueTunnelToken())).toMatchObject({ kind: 'bad' });
    expect(await verifier.verifyTunnel('rubbish')).toBeUndefined();
  });
});
