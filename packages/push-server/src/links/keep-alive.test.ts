import { describe, expect, it } from 'vitest';
import { grantKeepAlive, grantMqttKeepAlive } from './keep-alive.ts';

const bounds = { defaultMs: 60_000, maxMs: 1_200_000 };

describe('the keep-alive of a gRPC link', () => {
  it.each([
    ['the one that the device wishes', 300_000, 300_000],
    ['no longer one than there may be', 86_400_000, 1_200_000],
    ['no shorter one than five seconds', 1, 5_000],
    ['the default without a wish', 0, 60_000],
    ['the default for what is no time', Number.NaN, 60_000],
    ['the default for a negative one', -5_000, 60_000],
  ])('is %s', (_, wishedMs, granted) => {
    expect(grantKeepAlive(wishedMs, bounds)).toBe(granted);
  });

  it('is never longer than the maximum, by default neither', () => {
    expect(grantKeepAlive(0, { defaultMs: 60_000, maxMs: 20_000 })).toBe(20_000);
  });
});

describe('the keep-alive of an MQTT link', () => {
  it.each([
    [5, 60, undefined, 90_000],
    [5, 5, undefined, 7_500],
    [5, 1_200, undefined, 1_800_000],
    [5, 1_201, 1_200, 1_800_000],
    [5, 65_535, 1_200, 1_800_000],
    [5, 0, 1_200, 1_800_000],
    [5, 1, 5, 7_500],
    [4, 60, undefined, 90_000],
    [4, 1, undefined, 1_500],
    [4, 0, undefined, 1_800_000],
    [4, 65_535, undefined, 1_800_000],
  ] as const)('of MQTT %i with %i s', (version, wishedS, serverKeepAliveS, silenceLimitMs) => {
    expect(grantMqttKeepAlive(wishedS, version, bounds)).toEqual({ serverKeepAliveS, silenceLimitMs });
  });
});
