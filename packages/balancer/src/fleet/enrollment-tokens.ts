import { type admin, invalidArgument, PushfleetError, parseGroupPath, parsePeriod } from '@pushfleet/protocol';
import {
  type EnrollmentTokenRecord,
  type KeptEnrollmentToken,
  maxEnrollmentTokens,
  type Registry,
} from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';
import { isWithinScope } from '../access/scope.ts';
import type { Caller } from '../access/token-directory.ts';
import { createEnrollmentToken, digestEnrollmentToken } from '../assignment/enrollment/enrollment-token.ts';
import { takePage } from '../net/paging.ts';
import { assertGroup } from './groups.ts';

const mostDevices = 100_000;
const dayMs = 86_400_000;
const lifetime = { leastMs: 60_000, mostMs: 365 * dayMs, fallbackMs: dayMs };

/** The tokens with which new devices register themselves, as administrators see them. */
export class EnrollmentTokenAdministration {
  readonly #registry: Pick<Registry, 'enrollmentTokens' | 'fleet'>;
  readonly #clock: Pick<Clock, 'wallMs'>;

  constructor(registry: Pick<Registry, 'enrollmentTokens' | 'fleet'>, clock: Pick<Clock, 'wallMs'>) {
    this.#registry = registry;
    this.#clock = clock;
  }

  async create(
    request: admin.CreateEnrollmentTokenRequest,
    caller: Caller,
  ): Promise<admin.CreateEnrollmentTokenResponseInit> {
    const group = parseGroupPath(request.group);
    const { count } = request;
    if (count < 1 || count > mostDevices) throw invalidArgument('count', `1 to ${mostDevices}`);
    const createdAtMs = this.#clock.wallMs();
    const expiresAtMs = createdAtMs + parsePeriod(request.lifetimeMs, 'lifetime', lifetime);
    await assertGroup(this.#registry.fleet, group, 'group');
    const secret = createEnrollmentToken();
    const token: EnrollmentTokenRecord = {
      ...{ ...digestEnrollmentToken(secret), group, count },
      ...{ createdBy: caller.name, createdAtMs, expiresAtMs },
    };
    const made = await this.#registry.enrollmentTokens.create(token, createdAtMs);
    if (made === 'full') throw full();
    return { enrollmentToken: view({ ...token, left: count }), secret };
  }

  async list(request: admin.ListEnrollmentTokensRequest): Promise<admin.ListEnrollmentTokensResponseInit> {
    const all = await this.#registry.enrollmentTokens.list();
    const scope = request.group === '' ? undefined : parseGroupPath(request.group);
    const tokens = scope === undefined ? all : all.filter(({ group }) => isWithinScope({ scope }, group));
    const { page, nextPageToken } = takePage('enrollment-tokens', tokens, ({ id }) => id, request);
    return { enrollmentTokens: page.map(view), nextPageToken };
  }

  async revoke(request: admin.RevokeEnrollmentTokenRequest): Promise<admin.RevokeEnrollmentTokenResponseInit> {
    const id = parseId(request.enrollmentTokenId);
    if (await this.#registry.enrollmentTokens.revoke(id, this.#clock.wallMs())) return {};
    throw new PushfleetError('ENROLLMENT_TOKEN_NOT_FOUND', `there is no enrollment token "${id}"`, {
      field: 'enrollment_token_id',
    });
  }
}

function parseId(id: string): string {
  if (/^[0-9a-f]{16}$/.test(id)) return id;
  throw invalidArgument('enrollment_token_id', 'the id of an enrollment token, 16 hexadecimal digits');
}

function view(token: KeptEnrollmentToken): admin.EnrollmentTokenInit {
  const { id, group, count, left, createdBy, createdAtMs, expiresAtMs, revokedAtMs } = token;
  return {
    ...{ enrollmentTokenId: id, group, count, left, createdBy, createdAtMs, expiresAtMs },
    ...(revokedAtMs === undefined ? {} : { revokedAtMs }),
  };
}

function full(): PushfleetError {
  const message = `there are ${maxEnrollmentTokens} enrollment tokens that are good; revoke those that nobody needs`;
  return new PushfleetError('OVERLOADED', message);
}
