import {
  type DeviceLinkKind,
  limits,
  parseDeviceId,
  parseGroupPath,
  parseLabels,
  parseNodeId,
  parseReachableHost,
} from '@pushfleet/protocol';
import { z } from 'zod';
import { addressChecks } from '../distribution-points/render.ts';
import { parsedBy } from '../options/parsed-by.ts';
import { findSecretFault } from '../state/secrets.ts';

export const textRule = 'must be a text';

function checkedBy(parse: (value: unknown, field: string) => string) {
  return z.string(textRule).transform(parsedBy(parse));
}

const checkLabels = parsedBy(parseLabels);
const labels = z
  .record(z.string(), z.string(textRule), 'must be an object of texts')
  .superRefine((value, context) => void checkLabels(value, context));
const linkKind = z.enum(['grpc', 'mqtt'] satisfies DeviceLinkKind[], 'must be "grpc" or "mqtt"');

/** An environment variable is always a text. */
function wholeNumber(max: number, rule: string) {
  const read = (value: unknown) => (typeof value === 'string' && /^[1-9]\d{0,8}$/.test(value) ? Number(value) : value);
  return z.preprocess(read, z.int(rule).min(1, rule).max(max, rule));
}

const truths = new Map<unknown, boolean>([
  ['true', true],
  ['false', false],
]);
const flag = z.preprocess((value) => truths.get(value) ?? value, z.boolean('must be true or false'));
const port = wholeNumber(65_535, 'must be a port, 1 to 65535');
const connections = wholeNumber(
  limits.maxConnectionsMax,
  `must be a whole number from 1 to ${limits.maxConnectionsMax}`,
);
const addressCheckWords = Object.keys(addressChecks) as [keyof typeof addressChecks];
const addressCheck = z
  .enum(addressCheckWords, `must be one of ${addressCheckWords.map((word) => `"${word}"`).join(', ')}`)
  .transform((word) => addressChecks[word]);
const weight = wholeNumber(limits.weightMax, `must be a whole number from 1 to ${limits.weightMax}`);
const file = z.string('must be the path of a file').min(1, 'must be the path of a file');

const pushServer = z.strictObject(
  {
    enabled: flag.default(true),
    address: checkedBy(parseReachableHost),
    port: port.optional(),
    maxConnections: connections.optional(),
    weight: weight.optional(),
    addressCheck: addressCheck.optional(),
  },
  'must be an object with at least `address`',
);

const distributionPoint = z.strictObject({
  id: checkedBy(parseNodeId),
  groups: z.array(checkedBy(parseGroupPath), 'must be a list of groups').min(1, 'must name a group at least'),
  pushServer,
});

const secretRule = `must be a text of ${limits.secretMinBytes} to ${limits.secretMaxBytes} bytes; without it the device keeps the one that it has`;

/** The line end of a block (`|`) or of a variable from a file is no part of it. */
const secret = z
  .string(secretRule)
  .transform((value) => value.replace(/[\r\n]+$/, ''))
  .superRefine((value, context) => {
    const bytes = Buffer.byteLength(value);
    const fault = findSecretFault(value);
    if (bytes < limits.secretMinBytes || bytes > limits.secretMaxBytes) context.addIssue(secretRule);
    else if (fault) context.addIssue(`the secret has ${fault}`);
  });

const device = z
  .strictObject({
    id: checkedBy(parseDeviceId),
    group: checkedBy(parseGroupPath),
    secret: secret.optional(),
    secretFile: file.optional(),
    labels: section(labels),
    linkKinds: section(z.array(linkKind, 'must be a list of "grpc" and "mqtt"')),
  })
  .refine(({ secret, secretFile }) => secret === undefined || secretFile === undefined, {
    error: 'must have `secret` or `secretFile`, not both',
  });

/** The form of a fleet file: all of it is checked before any of it is applied. */
export const fleetSchema = z.strictObject(
  {
    groups: sectionOf(z.array(checkedBy(parseGroupPath), 'must be a list of groups')),
    distributionPoints: sectionOf(unique(z.array(distributionPoint, 'must be a list of distribution points'))),
    devices: sectionOf(unique(z.array(device, 'must be a list of devices'))),
  },
  'must be an object with `groups`, `distributionPoints` and `devices`',
);
export type FleetFile = z.infer<typeof fleetSchema>;

/** One that has only comments in it is as if it were not there. */
function section<Content>(content: z.ZodType<Content>) {
  return content.nullish().transform((value) => value ?? undefined);
}

function sectionOf<Item>(list: z.ZodType<Item[]>) {
  return list.nullish().transform((value) => value ?? []);
}

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
