import { randomBytes } from 'node:crypto';
import {
  type admin,
  findHidden,
  invalidArgument,
  PushfleetError,
  parseGroupPath,
  parsePeriod,
  type Role,
  roles,
  spellName,
  wireRoles,
} from '@pushfleet/protocol';
import { type ApiTokens, maxApiTokens } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import { unary } from '../errors.ts';
import { takePage } from '../net/paging.ts';
import type { SignInCodes } from './sign-in-codes.ts';
import { type Caller, hashToken, rootName, type TokenDirectory } from './token-directory.ts';

export interface TokenServiceOptions {
  tokens: ApiTokens;
  directory: Pick<TokenDirectory, 'refresh'>;
  signInCodes: Pick<SignInCodes, 'create'>;
  /** The HTTP port on which this balancer listens. */
  restPort(): number;
  /** Whose call it is. */
  callerOf(call: object): Caller;
  clock: Clock;
  logger: Logger;
}

const lifetime = { leastMs: 60_000, mostMs: 10 * 365 * 86_400_000, absent: 'a token that does not expire' };
const nameChars = 64;
const secretBytes = 32;
/** By which people, and tools that look for secrets in files, know what it is. */
const secretPrefix = 'pushfleet_';

/** The handlers of TokenService. */
export function tokenHandlers(options: TokenServiceOptions): admin.TokenServiceHandlers {
  const { tokens, directory, signInCodes, callerOf, logger } = options;
  return {
    CreateToken: unary(logger, async (request: admin.CreateTokenRequest, call) => {
      const created = await createToken(options, request, callerOf(call));
      await directory.refresh();
      return created;
    }),
    ListTokens: unary(logger, async (request: admin.ListTokensRequest) => {
      const { page, nextPageToken } = takePage('tokens', await tokens.list(), ({ name }) => name, request);
      return { apiTokens: page.map(viewToken), nextPageToken };
    }),
    RevokeToken: unary(logger, async (request: admin.RevokeTokenRequest) => {
      const name = parseName(request.name);
      if (!(await tokens.revoke(name))) throw tokenNotFound(name);
      await directory.refresh();
      return {};
    }),
    GetOwnToken: unary(logger, async (_request: admin.GetOwnTokenRequest, call) => ({
      apiToken: viewToken(callerOf(call)),
    })),
    CreateSignInCode: unary(logger, async (_request: admin.CreateSignInCodeRequest, call) => ({
      ...(await signInCodes.create(callerOf(call))),
      restPort: options.restPort(),
    })),
  };
}

async function createToken(
  { tokens, clock }: TokenServiceOptions,
  request: admin.CreateTokenRequest,
  caller: Caller,
): Promise<admin.CreateTokenResponseInit> {
  const secret = `${secretPrefix}${randomBytes(secretBytes).toString('base64url')}`;
  const createdAtMs = clock.wallMs();
  const lifetimeMs = request.lifetimeMs === 0 ? 0 : parsePeriod(request.lifetimeMs, 'lifetime', lifetime);
  const token = {
    name: parseName(request.name),
    role: parseWireRole(request.role),
    ...(request.scope === '' ? {} : { scope: parseGroupPath(request.scope, 'scope') }),
    createdBy: caller.name,
    createdAtMs,
    ...(lifetimeMs === 0 ? {} : { expiresAtMs: createdAtMs + lifetimeMs }),
  };
  const result = await tokens.create({ ...token, hash: hashToken(secret) });
  if (result === 'name-taken') throw nameTaken(token.name);
  if (result === 'full') throw full();
  return { apiToken: viewToken(token), secret };
}

function parseName(given: string): string {
  const name = spellName(given);
  const rule = `1 to ${nameChars} characters, without a blank at an end, and not "${rootName}"`;
  const chars = [...name].length;
  if (chars < 1 || chars > nameChars || name.trim() !== name || name === rootName) throw invalidArgument('name', rule);
  const hidden = findHidden(name);
  if (hidden) throw invalidArgument('name', `${rule}; nobody sees the ${hidden}`);
  return name;
}

/** A value that the proto file does not have arrives as its number. */
function parseWireRole(wire: admin.Role): Role {
  const role = roles.find((one) => wireRoles[one] === wire);
  if (!role) throw invalidArgument('role', `one of ${Object.values(wireRoles).join(', ')}`);
  return role;
}

export function viewToken({ role, scope, name, createdBy, createdAtMs, expiresAtMs }: Caller): admin.ApiTokenInit {
  return {
    name,
    role: wireRoles[role],
    scope: scope ?? '',
    createdBy,
    createdAtMs,
    ...(expiresAtMs ? { expiresAtMs } : {}),
  };
}

function tokenNotFound(name: string): PushfleetError {
  return new PushfleetError('API_TOKEN_NOT_FOUND', `there is no API token "${name}"`, { field: 'name' });
}

function nameTaken(name: string): PushfleetError {
  return new PushfleetError('ALREADY_EXISTS', `name: there is an API token "${name}"; revoke it first`, {
    field: 'name',
  });
}

function full(): PushfleetError {
  return new PushfleetError('OVERLOADED', `there are ${maxApiTokens} API tokens; revoke those that nobody needs`);
}
