import type { admin } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { parseTunnelRequest } from './request.ts';

const asked = { deviceId: 'laptop', target: '127.0.0.1:22', idleLimitMs: 0, timeLimitMs: 0 };

function parse(change: Partial<admin.TunnelTarget> = {}) {
  return parseTunnelRequest({ target: { ...asked, ...change } } as admin.OpenRequest);
}

describe('parseTunnelRequest', () => {
  it('fills in the limits', () => {
    expect(parse()).toEqual({
      ...{ device: 'laptop', target: '127.0.0.1:22' },
      ...{ idleLimitMs: 300_000, timeLimitMs: 28_800_000 },
    });
  });

  it.each([
    [{ deviceId: '' }, 'target.device_id'],
    [{ target: '22' }, 'target.target'],
    [{ idleLimitMs: 999 }, 'target.idle_limit'],
    [{ idleLimitMs: -1_000 }, 'target.idle_limit'],
    [{ timeLimitMs: Number.NaN }, 'target.time_limit'],
    [{ idleLimitMs: 86_400_001 }, 'target.idle_limit'],
    [{ timeLimitMs: 604_800_001 }, 'target.time_limit'],
  ])('refuses %j and names the field', (change, field) => {
    expect(() => parse(change)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', field }));
  });

  it('wants the target first', () => {
    expect(() => parseTunnelRequest({ frame: { data: Buffer.from('x') } } as admin.OpenRequest)).toThrow(
      /target: must be/,
    );
  });
});
