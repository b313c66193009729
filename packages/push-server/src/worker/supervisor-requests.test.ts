import { type DeviceId, type GroupPath, parseDeviceId, parseGroupPath } from '@pushfleet/protocol';
import { silentLogger } from '@pushfleet/runtime';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { EvacuationPacer } from '../redirect/evacuation-pacer.ts';
import type { Ticket } from '../session/session.ts';
import type { DeviceListeners } from './device-listener.ts';
import { type SupervisedLinks, SupervisorRequests } from './supervisor-requests.ts';

const [here, below, away] = ['HQ', 'HQ/Floor 2', 'Branch'].map((path) => parseGroupPath(path)) as [
  GroupPath,
  GroupPath,
  GroupPath,
];

/** A worker with devices in groups, as far as the scope concerns it; counts how often all of them are looked at. */
function create(groups: GroupPath[]) {
  const clock = new ManualClock();
  const live = new Map<DeviceId, GroupPath>();
  const redirected: string[] = [];
  const state = { walks: 0 };
  const links: SupervisedLinks = {
    live: 0,
    capacity: 100,
    liveDevices: (test) => {
      state.walks += 1;
      return [...live].filter(([, group]) => test?.({ group } as Ticket, 13_295)).map(([device]) => device);
    },
    closeAll: () => {},
  };
  const pacer = new EvacuationPacer(
    {
      redirect: async (device, _reason, decide) => {
        const group = live.get(device);
        if (group === undefined || (await decide({ group } as Ticket)) === 'stay') return false;
        live.delete(device);
        redirected.push(device);
        return true;
      },
    },
    clock,
  );
  const requests = new SupervisorRequests({
    ...{ links, pacer, clock, groups, logger: silentLogger, tunnels: { close: () => {}, reopen: () => {} } },
    ...{ listeners: {} as DeviceListeners, findRedirectTarget: async () => undefined },
    ...{ reassert: () => {}, notifySupervisor: () => {} },
  });
  const open = (id: string, group: GroupPath) => {
    const device = parseDeviceId(id);
    live.set(device, group);
    requests.onOpened(device, group);
  };
  const rescope = (...to: GroupPath[]) => requests.handle({ kind: 'set-scope', groups: to, ratePerSecond: 10 });
  return { clock, open, rescope, redirected, state };
}

it('looks at no device while all that come are in scope', async () => {
  const { clock, open, redirected, state } = create([here]);
  for (let index = 0; index < 50; index += 1) open(`in-${index}`, index % 2 === 0 ? here : below);
  await clock.turn(60_000);
  expect({ redirected, walks: state.walks }).toEqual({ redirected: [], walks: 0 });
});

it('redirects the devices that a change of the scope leaves out, and those that come out of it later', async () => {
  const { clock, open, rescope, redirected, state } = create([here, away]);
  open('stays', here);
  open('leaves', away);
  rescope(here);
  await clock.turn(1_000);
  expect(redirected).toEqual(['leaves']);
  open('comes', away);
  open('comes-too', below);
  await clock.turn(1_000);
  expect({ redirected, walks: state.walks }).toEqual({ redirected: ['leaves', 'comes'], walks: 1 });
  open('comes-later', away);
  await clock.turn(1_000);
  expect(redirected).toEqual(['leaves', 'comes', 'comes-later']);
});

it('keeps whoever came out of scope before the scope had its group again', async () => {
  const { clock, open, rescope, redirected } = create([here]);
  open('early', away);
  rescope(here, away);
  await clock.turn(10_000);
  expect(redirected).toEqual([]);
});

it('looks again where the scope changes while devices are being redirected', async () => {
  const { clock, open, rescope, redirected } = create([here, away]);
  for (let index = 0; index < 20; index += 1) open(`away-${index}`, away);
  open('here', here);
  rescope(here);
  await clock.turn(500);
  rescope(away);
  await clock.turn(10_000);
  expect(redirected).toContain('here');
  expect(redirected.length).toBeLessThan(20);
});
