import { PeerService } from '@pushfleet/protocol/balancer';
import { NodeControlService } from '@pushfleet/protocol/node';
import { describe, expect, it } from 'vitest';
import { clusterAccess, judgeCall } from './cluster-access.ts';
import type { Member } from './member.ts';

const balancer: Member = { role: 'balancer', name: 'b-1' };
const pushServer: Member = { role: 'push-server', name: 'dp-1' };
const control = '/pushfleet.node.v1.NodeControlService';
const peer = '/pushfleet.balancer.v1.PeerService';

describe('the access of members of the cluster', () => {
  it('has a row for each method of their ports, and no other', () => {
    const paths = [NodeControlService.service, PeerService.service].flatMap((service) =>
      Object.values(service).map(({ path }) => path),
    );
    expect(Object.keys(clusterAccess).sort()).toEqual(paths.sort());
  });

  it.each<[method: string, balancers: boolean, pushServers: boolean]>([
    [`${control}/Channel`, true, false],
    [`${control}/Tunnel`, true, false],
    [`${control}/Evict`, true, true],
    [`${peer}/GetStatus`, true, false],
    [`${peer}/GetCommand`, true, false],
    [`${peer}/CancelCommand`, true, false],
    [`${peer}/WatchCommand`, true, false],
    [`${control}/NewMethod`, false, false],
    ['constructor', false, false],
  ])('%s: balancers %s, push servers %s', (path, balancers, pushServers) => {
    const isAllowed = (caller: Member | undefined) => judgeCall(path, caller) === undefined;
    expect([isAllowed(balancer), isAllowed(pushServer), isAllowed(undefined)]).toEqual([balancers, pushServers, false]);
  });

  it('says who was refused what', () => {
    expect(judgeCall(`${control}/Channel`, pushServer)).toEqual({
      reason: 'not-permitted',
      member: pushServer,
      detail: 'push server dp-1 called NodeControlService/Channel, which is for a balancer',
    });
  });
});
