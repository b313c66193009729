import type { admin } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import type { JudgedNode } from '../node-directory.ts';
import { type DeviceWishes, parseDeviceWishes } from './parse.ts';
import { sessionCondition } from './session-condition.ts';

const wishes = { connected: undefined, nodeId: undefined, link: undefined };
const node = (nodeId: string, liveness: JudgedNode['liveness'], ...boots: string[]) =>
  ({ nodeId, liveness, workers: boots.map((bootId) => ({ bootId })) }) as unknown as JudgedNode;
const nodes = [node('dp-1', 'alive', 'a', 'b'), node('dp-2', 'suspect', 'c'), node('dp-3', 'dead', 'd')];

describe('the condition of a list of devices', () => {
  it.each<[string, Partial<DeviceWishes>, unknown]>([
    ['nothing is wished', {}, undefined],
    ['they are to be connected', { connected: true }, { kind: 'held', by: ['a', 'b', 'c'] }],
    ['they are to be away', { connected: false }, { kind: 'not-held', by: ['a', 'b', 'c'] }],
    ['a push server is named', { nodeId: 'dp-1' as never }, { kind: 'held', by: ['a', 'b'] }],
    ['the push server is dead', { nodeId: 'dp-3' as never }, { kind: 'held', by: [] }],
    ['there is none of this id', { nodeId: 'dp-9' as never, connected: true }, { kind: 'held', by: [] }],
    ['a kind of link is named', { link: 'mqtt' }, { kind: 'held', by: ['a', 'b', 'c'], link: 'mqtt' }],
  ])('where %s', (_case, change, condition) => {
    expect(sessionCondition({ ...wishes, ...change }, nodes)).toEqual(condition);
  });

  const request = { search: '', nodeId: '', linkKind: 'LINK_KIND_UNSPECIFIED' } as admin.ListDevicesRequest;
  it.each<[string, Partial<admin.ListDevicesRequest>]>([
    ['search', { search: 'x'.repeat(129) }],
    ['search', { search: 'ü'.repeat(65) }],
    ['node_id', { nodeId: '-' }],
    ['link_kind', { linkKind: 3 as never }],
    ['connected', { connected: false, nodeId: 'dp-1' }],
    ['connected', { connected: false, linkKind: 'LINK_KIND_MQTT' }],
  ])('is refused by the name of the field: %s', (field, change) => {
    expect(() => parseDeviceWishes({ ...request, ...change })).toThrow(expect.objectContaining({ field }));
  });
});
