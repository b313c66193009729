import { type DeviceId, limits, PushfleetError, parseDeviceId } from '@pushfleet/protocol';
import type { Clock, Live } from '@pushfleet/runtime';
import { createLocalJWKSet, createRemoteJWKSet, decodeJwt, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { DeviceIssuer } from './issuers-file.ts';

/** Algorithms of public keys only: with a secret, whoever can verify a token can make one. */
const algorithms = [
  'ES256',
  'ES384',
  'ES512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'EdDSA',
  'Ed25519',
];
/** A key that nobody knows is looked for anew this often at most; all are fetched again after ten minutes. */
const remote = { cooldownDuration: 30_000, cacheMaxAge: 600_000, timeoutDuration: 5_000 } as const;

interface TrustedIssuer extends DeviceIssuer {
  findKey: JWTVerifyGetKey;
}

export type IdentityVerdict =
  | { kind: 'device'; device: DeviceId }
  /** In words, for the log: whoever shows a bad token is told that it is bad, and not why. */
  | { kind: 'refused'; why: string }
  /** The issuer's keys cannot be fetched. */
  | { kind: 'unknown'; why: string };

export interface IdentityTokensOptions {
  issuers: Live<readonly DeviceIssuer[]>;
  clock: Clock;
}

/** Finds out which device a token of a trusted issuer stands for. */
export class IdentityTokens implements Disposable {
  readonly #clock: Clock;
  readonly #replaced: Disposable;
  #issuers: ReadonlyMap<string, TrustedIssuer>;

  constructor({ issuers, clock }: IdentityTokensOptions) {
    this.#clock = clock;
    this.#issuers = trust(issuers.current);
    this.#replaced = issuers.onChange((next) => {
      this.#issuers = trust(next);
    });
  }

  /** Never rejects. */
  async verify(token: string): Promise<IdentityVerdict> {
    try {
      const { iss = '' } = decodeJwt(token);
      const issuer = this.#issuers.get(iss);
      if (!issuer) return { kind: 'refused', why: `no trusted issuer: "${iss.slice(0, 100)}"` };
      const { payload } = await jwtVerify(token, issuer.findKey, {
        ...{ issuer: issuer.issuer, audience: issuer.audience, algorithms, requiredClaims: ['exp'] },
        ...{ clockTolerance: limits.clockToleranceS, currentDate: new Date(this.#clock.wallMs()) },
      });
      return { kind: 'device', device: parseDeviceId(payload[issuer.deviceIdClaim], issuer.deviceIdClaim) };
    } catch (error) {
      return { kind: isFetchFailure(error) ? 'unknown' : 'refused', why: (error as Error).message };
    }
  }

  [Symbol.dispose](): void {
    this.#replaced[Symbol.dispose]();
  }
}

/** All else is said by the token itself, or by the lack of a key for it. */
function isFetchFailure(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return true;
  return error instanceof errors.JOSEError ? error.code === 'ERR_JOSE_GENERIC' : !(error instanceof PushfleetError);
}

function trust(issuers: readonly DeviceIssuer[]): ReadonlyMap<string, TrustedIssuer> {
  const trusted = issuers.map((issuer): [string, TrustedIssuer] => {
    const findKey =
      issuer.keys instanceof URL ? createRemoteJWKSet(issuer.keys, remote) : createLocalJWKSet(issuer.keys);
    return [issuer.issuer, { ...issuer, findKey }];
  });
  return new Map(trusted);
}
