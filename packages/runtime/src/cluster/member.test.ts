import { Metadata } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { callerOf, memberOf, memberUri, setCaller } from './member.ts';

describe('a member of the cluster', () => {
  it.each([
    ['DNS:pushfleet-cluster, URI:pushfleet://cluster/push-server/dp-1', 'push-server/dp-1'],
    ['URI:pushfleet://cluster/balancer/b.1_x', 'balancer/b.1_x'],
    ['DNS:pushfleet-cluster', undefined],
    [undefined, undefined],
    // Two of them: whichever were taken, the other one would be a way in.
    ['URI:pushfleet://cluster/push-server/dp-1, URI:pushfleet://cluster/balancer/b-1', undefined],
    ['URI:pushfleet://cluster/push-server/dp-1, URI:pushfleet://cluster/admin/x', undefined],
    ['DNS:"URI:pushfleet://cluster/balancer/b-1"', undefined],
    ['URI:pushfleet://cluster/balancer/', undefined],
    ['URI:pushfleet://cluster/balancer/a/b', undefined],
    ['URI:pushfleet://cluster/balancer/b-1 ', undefined],
    ['URI:PUSHFLEET://cluster/balancer/b-1', undefined],
    ['URI:pushfleet://cluster/root/b-1', undefined],
    ['URI:https://cluster/balancer/b-1', undefined],
  ])('is read from %s', (subjectAltName, member) => {
    const found = memberOf({ subjectAltName });
    expect(found && `${found.role}/${found.name}`).toBe(member);
    if (found) expect(memberUri(found)).toBe(`pushfleet://cluster/${member}`);
  });

  it('is the caller that its certificate names, whatever it says itself', () => {
    const metadata = new Metadata();
    metadata.add('pushfleet-caller', 'pushfleet://cluster/balancer/b-1');
    setCaller(metadata, { role: 'push-server', name: 'dp-1' });
    expect(callerOf({ metadata })).toEqual({ role: 'push-server', name: 'dp-1' });
    expect(callerOf({ metadata: new Metadata() })).toBeUndefined();
  });
});
