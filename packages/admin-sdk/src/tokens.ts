import { type Role, wireRoles } from '@pushfleet/protocol';
import type { admin, TokenService } from '@pushfleet/protocol/admin';
import type { CallOptions } from './call.ts';
import type { AdminChannel } from './channel.ts';
import { allItems, pageSize, promised, ServiceCalls } from './service-calls.ts';

export interface NewToken {
  /** 1 to 64 characters; no other token may have it. */
  name: string;
  /** Rights of its holder: `viewer` sees, `operator` pushes too, `admin` changes settings too. */
  role: Role;
  /** Path of a group: the token is good for what is at or below it. Absent: for the whole fleet. */
  scope?: string;
  /** Time until it expires, in milliseconds: 1 minute to 10 years. Absent: it does not. */
  lifetimeMs?: number;
}

/** A token that was made. The secret is told this once. */
export interface CreatedToken {
  apiToken: admin.ApiToken;
  secret: string;
}

/** API tokens: who may do what. All but `own` and `createSignInCode` need the role `admin`. Every method rejects with a PushfleetError. */
export class Tokens {
  readonly #calls: ServiceCalls<InstanceType<typeof TokenService>>;

  constructor(channel: AdminChannel) {
    this.#calls = new ServiceCalls(channel, channel.apiTokens);
  }

  /** Rejects with ALREADY_EXISTS where there is one of that name. Every balancer takes the token within two seconds. */
  async create({ name, role, scope = '', lifetimeMs = 0 }: NewToken, options: CallOptions = {}): Promise<CreatedToken> {
    const request = { name, role: wireRoles[role], scope, lifetimeMs };
    const { apiToken, secret } = await this.#calls.unary('createToken', request, options);
    return { apiToken: promised(apiToken), secret };
  }

  /** All tokens, also those that have expired; in the order of their names. */
  list(options: CallOptions = {}): Promise<admin.ApiToken[]> {
    return allItems(
      (pageToken) => this.#calls.unary('listTokens', { pageSize, pageToken }, options),
      (page) => page.apiTokens,
    );
  }

  /** No balancer takes the token two seconds later. Rejects with API_TOKEN_NOT_FOUND. */
  async revoke(name: string, options: CallOptions = {}): Promise<void> {
    await this.#calls.unary('revokeToken', { name }, options);
  }

  /** The token that this client shows. */
  async own(options: CallOptions = {}): Promise<admin.ApiToken> {
    const { apiToken } = await this.#calls.unary('getOwnToken', {}, options);
    return promised(apiToken);
  }

  /** A code that signs a browser in to the console with this client's token: once, within five minutes, at any balancer. */
  createSignInCode(options: CallOptions = {}): Promise<admin.CreateSignInCodeResponse> {
    return this.#calls.unary('createSignInCode', {}, options);
  }
}
