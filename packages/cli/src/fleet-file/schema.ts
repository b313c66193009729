import {
  type DeviceLinkKind,
  PushfleetError,
  parseDeviceId,
  parseGroupPath,
  parseLabels,
  parseNodeId,
  parseReachableHost,
} from '@pushfleet/protocol';
import { z } from 'zod';

/** Reads a text as the rest of pushfleet does, and says what is wrong with it in the same words. */
function checkedBy(parse: (value: unknown, field: string) => string) {
  return z.string('must be a text').transform((value, context) => {
    try {
      return parse(value, '');
    } catch (error) {
      if (!(error instanceof PushfleetError)) throw error;
      context.addIssue({ code: 'custom', message: error.message.replace(/^: /, '') });
      return z.NEVER;
    }
  });
}

const labels = z
  .record(z.string(), z.string('must be a text'), 'must be an object of texts')
  .superRefine((value, context) => {
    try {
      parseLabels(value, '');
    } catch (error) {
      if (!(error instanceof PushfleetError)) throw error;
      context.addIssue({ code: 'custom', message: error.message.replace(/^[ :]+/, '') });
    }
  });
const linkKind = z.enum(['grpc', 'mqtt'] satisfies DeviceLinkKind[], 'must be "grpc" or "mqtt"');

const flag = z.boolean('must be true or false');
const portRule = 'must be a port, 1 to 65535';
const port = z.int(portRule).min(1, portRule).max(65_535, portRule);
const connectionsRule = 'must be a whole number from 1 to 10000000';
const connections = z.int(connectionsRule).min(1, connectionsRule).max(10_000_000, connectionsRule);
const weightRule = 'must be a whole number from 1 to 1000';
const weight = z.int(weightRule).min(1, weightRule).max(1_000, weightRule);
const file = z.string('must be the path of a file').min(1, 'must be the path of a file');

const pushServer = z.strictObject(
  {
    enabled: flag.default(true),
    address: checkedBy(parseReachableHost),
    port: port.optional(),
    maxConnections: connections.optional(),
    weight: weight.optional(),
  },
  'must be an object with at least `address`',
);

const distributionPoint = z.strictObject({
  id: checkedBy(parseNodeId),
  groups: z.array(checkedBy(parseGroupPath), 'must be a list of groups').min(1, 'must name a group at least'),
  pushServer,
});

const device = z
  .strictObject({
    id: checkedBy(parseDeviceId),
    group: checkedBy(parseGroupPath),
    secret: z.string('must be a text').optional(),
    secretFile: file.optional(),
    labels: labels.optional(),
    linkKinds: z.array(linkKind, 'must be a list of "grpc" and "mqtt"').optional(),
  })
  .refine(({ secret, secretFile }) => secret === undefined || secretFile === undefined, {
    error: 'must have `secret` or `secretFile`, not both',
  });

/** What a fleet file may hold. */
export const fleetSchema = z.strictObject(
  {
    groups: z.array(checkedBy(parseGroupPath), 'must be a list of groups').default([]),
    distributionPoints: unique(z.array(distributionPoint, 'must be a list of distribution points')).default([]),
    devices: unique(z.array(device, 'must be a list of devices')).default([]),
  },
  'must be an object with `groups`, `distributionPoints` and `devices`',
);
export type FleetFile = z.infer<typeof fleetSchema>;

function unique<Item extends { id: string }>(list: z.ZodType<Item[]>) {
  return list.superRefine((items, context) => {
    const first = new Map<string, number>();
    for (const [index, { id }] of items.entries()) {
      const earlier = first.get(id);
      if (earlier === undefined) first.set(id, index);
      else context.addIssue({ code: 'custom', path: [index, 'id'], message: `is the id of [${earlier}] already` });
    }
  });
}
