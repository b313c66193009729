import { dirname, resolve } from 'node:path';
import type { AdminClient, NewDevice } from '@pushfleet/admin-sdk';
import { PushfleetError } from '@pushfleet/protocol';
import { CommandFailure } from '../output/failure.ts';
import { loadDeviceSecret } from '../state/secrets.ts';
import type { ParsedFleet } from './parse-fleet-file.ts';

interface Tally {
  created: number;
  updated: number;
}

interface Applied {
  groups: Tally;
  distributionPoints: Tally;
  devices: Tally;
}

/** Calls to the balancer that are under way at once. */
const inFlight = 32;

/**
 * Creates or replaces what the file names; what it does not name stays as it is.
 * @throws CommandFailure that names the place in the file which the balancer refused.
 */
export async function applyFleet(client: AdminClient, fleet: ParsedFleet, devices: FleetDevice[]): Promise<Applied> {
  const groups = new Set((await client.groups.list()).map(({ path }) => path));
  const points = new Set((await client.distributionPoints.list()).map((point) => point.distributionPointId));
  const putAll = putItems(fleet);
  return {
    // One after another, for a group creates those above it.
    groups: await putAll('groups', fleet.groups, 1, async (path) => {
      await client.groups.put(path);
      return groups.has(path);
    }),
    distributionPoints: await putAll('distributionPoints', fleet.distributionPoints, inFlight, async (point) => {
      await client.distributionPoints.put({
        distributionPointId: point.id,
        groups: point.groups,
        pushServer: withoutAbsent(point.pushServer),
      });
      return points.has(point.id);
    }),
    devices: await putAll('devices', devices, inFlight, async ({ id, ...device }) => {
      const existed = await hasDevice(client, id);
      await client.devices.put({ deviceId: id, ...device });
      return existed;
    }),
  };
}

async function hasDevice(client: AdminClient, id: string): Promise<boolean> {
  try {
    await client.devices.get(id);
    return true;
  } catch (error) {
    if (error instanceof PushfleetError && error.code === 'DEVICE_NOT_FOUND') return false;
    throw error;
  }
}

/** `put` answers whether the item was there before. */
function putItems(fleet: Pick<ParsedFleet, 'place'>) {
  return async <Item>(
    list: keyof Applied,
    items: readonly Item[],
    width: number,
    put: (item: Item) => Promise<boolean>,
  ): Promise<Tally> => {
    const tally: Tally = { created: 0, updated: 0 };
    const rest = items.entries();
    const work = async () => {
      // The lanes share one iterator, so that each item is taken once.
      for (const [index, item] of rest) {
        const existed = await put(item).catch((error: unknown) => refuse(fleet.place([list, index]), error));
        tally[existed ? 'updated' : 'created'] += 1;
      }
    };
    await Promise.all(Array.from({ length: Math.min(width, items.length) }, work));
    return tally;
  };
}

function refuse(place: string, error: unknown): never {
  const isOfItem = error instanceof PushfleetError && (error.field !== undefined || error.code.endsWith('_NOT_FOUND'));
  throw isOfItem ? new CommandFailure(`${place}: ${error.message}`, { cause: error }) : error;
}

type Absent<Fields> = { [Key in keyof Fields]: Exclude<Fields[Key], undefined> };

function withoutAbsent<Fields extends object>(fields: Fields): Partial<Absent<Fields>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<
    Absent<Fields>
  >;
}

/** `secret` absent: the device keeps the one that it has. */
type FleetDevice = Omit<NewDevice, 'deviceId'> & { id: string };

interface FleetSecretOptions {
  /** The fleet file, which relative paths in it are relative to. */
  file: string;
  /** Make secret files that are missing. */
  make: boolean;
}

/** @throws CommandFailure that names the place and the file, and not the secret. */
export function loadSecrets(fleet: ParsedFleet, { file, make }: FleetSecretOptions): FleetDevice[] {
  const load = (secretFile: string, index: number) => {
    try {
      return loadDeviceSecret(resolve(dirname(file), secretFile), { make, flag: '--make-secrets' });
    } catch (error) {
      if (!(error instanceof CommandFailure || error instanceof PushfleetError)) throw error;
      throw new CommandFailure(`${fleet.place(['devices', index, 'secretFile'])}: ${error.message}`, { cause: error });
    }
  };
  return fleet.devices.map(({ id, group, secret, secretFile, labels, linkKinds }, index) => {
    const loaded = secretFile === undefined ? secret : load(secretFile, index);
    return {
      id,
      group,
      ...(labels ? { labels } : {}),
      ...(linkKinds ? { linkKinds } : {}),
      ...(loaded === undefined ? {} : { secret: loaded }),
    };
  });
}
