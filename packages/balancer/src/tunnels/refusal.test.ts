import type { common, DeviceId } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { refusalOf } from './refusal.ts';

describe('refusalOf', () => {
  it.each([
    ['OUTCOME_NOT_CONNECTED', '', 'NOT_CONNECTED', 'device "d" is not connected'],
    ['OUTCOME_REJECTED', 'not permitted', 'TUNNEL_REFUSED', 'not permitted'],
    ['OUTCOME_FAILED', 'ECONNREFUSED', 'TARGET_UNREACHABLE', 'ECONNREFUSED'],
    ['OUTCOME_EXPIRED', 'too late', 'TUNNEL_CLOSED', 'device "d" did not answer: too late'],
    ['OUTCOME_UNKNOWN', '', 'TUNNEL_CLOSED', 'device "d" did not answer'],
  ] as [common.Outcome, string, string, string][])('says what %s (%s) means', (outcome, reason, code, message) => {
    expect(refusalOf({ outcome, reason }, 'd' as DeviceId)).toMatchObject({ code, message });
  });

  it('is none where the device comes', () => {
    expect(refusalOf({ outcome: 'OUTCOME_SUCCEEDED', reason: '' }, 'd' as DeviceId)).toBeUndefined();
  });
});
