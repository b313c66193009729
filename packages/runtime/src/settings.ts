import { BlockList, isIP } from 'node:net';
import { PushfleetError, parseReachableHost } from '@pushfleet/protocol';
import { z } from 'zod';
import { logLevels } from './logger.ts';
import { visibleText } from './text/visible-text.ts';

/** An environment variable: its meaning and the values that it takes. */
export interface Setting<Value> {
  name: `PUSHFLEET_${string}`;
  /** For docs/configuration.md and help texts. */
  description: string;
  schema: z.ZodType<Value, string | undefined>;
  /** Removes from a wrong value what must not be shown; by default the credentials of a URL. */
  mask?: (text: string) => string;
  /** Name of another setting, a number as well: a smaller value than that contradicts it. */
  atLeast?: `PUSHFLEET_${string}`;
  /** The value of an unset variable, as it would be written; absent: see the description. */
  fallback?: string;
}

export type Settings = Record<string, Setting<unknown>>;
export type SettingValues<Of extends Settings> = {
  [Key in keyof Of]: Of[Key] extends Setting<infer Value> ? Value : never;
};
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads settings from the environment. An empty variable counts as unset.
 * @throws PushfleetError INVALID_ARGUMENT that names every wrong variable, what it holds and what would be right.
 */
export function readSettings<Of extends Settings>(settings: Of, environment: Environment): SettingValues<Of> {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [key, setting] of Object.entries(settings)) {
    const text = environment[setting.name] || setting.fallback;
    const parsed = setting.schema.safeParse(text);
    if (parsed.success) values[key] = parsed.data;
    else problems.push(`${setting.name}: must be ${parsed.error.issues[0]?.message}${describeValue(setting, text)}`);
  }
  problems.push(...Object.entries(settings).flatMap(([key, setting]) => contradiction(settings, values, key, setting)));
  if (problems.length > 0) throw new PushfleetError('INVALID_ARGUMENT', problems.join('\n'));
  return values as SettingValues<Of>;
}

/**
 * A process that listens on all addresses needs the one by which others reach it.
 * @param bind The setting of the local address, and its value.
 * @param address The setting of the address that is announced in its place, and its value.
 * @throws PushfleetError INVALID_ARGUMENT
 */
export function assertAnnounced(
  [bind, local]: [Pick<Setting<string>, 'name'>, string],
  [address, announced]: [Pick<Setting<string>, 'name'>, string | undefined],
): void {
  if (announced !== undefined) return;
  try {
    parseReachableHost(local, bind.name);
  } catch (cause) {
    const rule = `must be set, to the address by which balancers reach this host: ${bind.name} is "${local}"`;
    throw new PushfleetError('INVALID_ARGUMENT', `${address.name}: ${rule}`, { cause });
  }
}

/** Says what is wrong with a value beside that of another setting; where either is wrong by itself, that is all there is to say. */
function contradiction(
  settings: Settings,
  values: Record<string, unknown>,
  key: string,
  { name, atLeast }: Setting<unknown>,
): string[] {
  const other = Object.keys(settings).find((each) => settings[each]?.name === atLeast);
  const [value, least] = [values[key], other && values[other]];
  if (typeof value !== 'number' || typeof least !== 'number' || value >= least) return [];
  return [`${name}: must be at least ${least}, as ${atLeast} is; it is ${value}. Raise it, or lower ${atLeast}`];
}

/** The value for an error message: secrets masked, control characters written out. */
function describeValue({ mask = maskCredentials }: Setting<unknown>, text: string | undefined): string {
  return text ? `; it is "${visibleText(mask(text))}"` : '';
}

/** Masks user and password of a URL, and what may belong to them where it is not well formed. */
function maskCredentials(text: string): string {
  return text.replace(/\/\/.*@/s, '//***@');
}

function integer(min: number, max: number, rule: string) {
  return z
    .string(rule)
    .regex(/^\d+$/, rule)
    .transform(Number)
    .refine((value) => value >= min && value <= max, rule);
}

/** Schemas of the values that variables take. The messages complete the sentence "must be …". */
const networksRule = 'IP addresses, or networks as in 10.1.0.0/16, with commas between them';

function addNetwork(list: BlockList, entry: string): boolean {
  const [address = '', bits, ...rest] = entry.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  const family = version === 6 ? 'ipv6' : 'ipv4';
  if (bits === undefined) {
    list.addAddress(address, family);
    return true;
  }
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > (version === 6 ? 128 : 32)) return false;
  list.addSubnet(address, Number(bits), family);
  return true;
}

export const settingKinds = {
  port: () => integer(0, 65_535, 'a port, 0 to 65535'),
  count: (min: number, max: number) => integer(min, max, `a whole number from ${min} to ${max}`),
  durationMs: (min: number, max: number) => integer(min, max, `a number of milliseconds from ${min} to ${max}`),
  host: () => z.string('a host name or IP address').regex(/^[A-Za-z0-9.:_-]+$/, 'a host name or IP address'),
  /** A name or address by which others reach this machine. */
  reachableHost: () =>
    z.string('a host name or IP address').superRefine((text, context) => {
      try {
        parseReachableHost(text, '');
      } catch (error) {
        const message = (error as Error).message.replace(/^: must be /, '');
        context.addIssue({ code: 'custom', message });
      }
    }),
  path: () => {
    const rule =
      'the path of a file or directory, without blanks around it and line breaks such as those of a file with Windows line ends';
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    return z.string(rule).regex(/^(?!\s)[^\x00-\x1f\x7f]+(?<!\s)$/, rule);
  },
  /** `explain` completes the sentence "must be …" for what is wrong; `undefined`: nothing is. */
  explained: (explain: (text: string) => string | undefined) =>
    z.string().superRefine((text, context) => {
      const message = explain(text);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    }),
  /** Addresses and networks, to be asked whether one address is among them. */
  networks: () =>
    z.string().transform((text, context): BlockList => {
      const list = new BlockList();
      for (const entry of text.split(',')) {
        if (addNetwork(list, entry.trim())) continue;
        context.addIssue({ code: 'custom', message: networksRule });
        return z.NEVER;
      }
      return list;
    }),
  text: (rule: string, pattern: RegExp) => z.string(rule).regex(pattern, rule),
  flag: () => z.enum(['on', 'off'], '"on" or "off"').transform((value) => value === 'on'),
  choice: <Word extends string>(...words: [Word, ...Word[]]) =>
    z.enum(words, `one of ${words.map((word) => `"${word}"`).join(', ')}`),
  logLevel: () => z.enum(logLevels, `one of ${logLevels.join(', ')}`),
} as const;
