import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { PushfleetError } from '@pushfleet/protocol';
import { visibleText } from '@pushfleet/runtime';
import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';

/** Somebody whose tokens say who a device is. */
export interface DeviceIssuer {
  /** The claim `iss` of its tokens. */
  issuer: string;
  /** The claim `aud` that its tokens must have. */
  audience: string;
  /** The claim that holds the device's id. */
  deviceIdClaim: string;
  /** Its public keys, or where they are fetched from. */
  keys: JSONWebKeySet | URL;
}

const text = z.string('must be a text').min(1, 'must not be empty');
const keyRule = 'must be the path of a file with a JSON Web Key Set, or an https URL of one';

const issuersFile = z.strictObject(
  {
    issuers: z
      .array(
        z.strictObject({
          issuer: text,
          audience: text,
          jwks: z.string(keyRule).min(1, keyRule),
          deviceIdClaim: text.default('sub'),
        }),
        'must be a list',
      )
      .min(1, 'must name an issuer at least')
      .max(32, 'must name 32 issuers at most'),
  },
  'must be an object with `issuers`',
);

const keySet = z.looseObject({
  keys: z.array(z.looseObject({ kty: z.enum(['EC', 'RSA', 'OKP'], 'must be EC, RSA or OKP, a public key') })).min(1),
});

/** The files that `readIssuers` reads. */
export function filesOfIssuers(file: string): string[] {
  try {
    const { issuers } = parse(file, issuersFile);
    return [file, ...issuers.flatMap(({ jwks }) => (isUrl(jwks) ? [] : [besides(file, jwks)]))];
  } catch {
    return [file];
  }
}

/** @throws PushfleetError INVALID_ARGUMENT that names the file, the field, and what would be right */
export function readIssuers(file: string): DeviceIssuer[] {
  const { issuers } = parse(file, issuersFile);
  const names = issuers.map(({ issuer }) => issuer);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw wrong(file, 'issuers', `the issuer "${visibleText(twice)}" is there twice`);
  return issuers.map(({ jwks, ...issuer }, index) => ({
    ...issuer,
    keys: readKeys(file, jwks, `issuers.${index}.jwks`),
  }));
}

function readKeys(file: string, jwks: string, field: string): DeviceIssuer['keys'] {
  if (!isUrl(jwks)) return parse(besides(file, jwks), keySet) as JSONWebKeySet;
  const url = URL.canParse(jwks) ? new URL(jwks) : undefined;
  const isLoopback = url?.hostname === '127.0.0.1' || url?.hostname === 'localhost' || url?.hostname === '[::1]';
  if (!url || (url.protocol !== 'https:' && !isLoopback)) throw wrong(file, field, keyRule);
  return url;
}

function isUrl(jwks: string): boolean {
  return /^https?:/i.test(jwks);
}

/** Paths are meant from the file in which they stand. */
function besides(file: string, path: string): string {
  return resolve(dirname(file), path);
}

function parse<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> {
  const { data, error } = schema.safeParse(readJson(file));
  if (!error) return data;
  const [issue] = error.issues;
  throw wrong(file, issue?.path.join('.') ?? '', issue?.message ?? '');
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw wrong(file, '', code ? `cannot be read (${code})` : 'is no JSON', cause);
  }
}

function wrong(file: string, field: string, why: string, cause?: unknown): PushfleetError {
  const place = field === '' ? '' : `${visibleText(field)}: `;
  return new PushfleetError('INVALID_ARGUMENT', `PUSHFLEET_DEVICE_ISSUERS_FILE: ${file}: ${place}${why}`, { cause });
}
