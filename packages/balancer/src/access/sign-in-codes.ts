import type { TokenGrants } from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';
import { type Caller, hashToken, type TokenDirectory } from './token-directory.ts';
import { callerOfGrant, createGrant, isGrantSecret } from './token-grant.ts';

export interface SignInCodesOptions {
  grants: Pick<TokenGrants, 'put' | 'end'>;
  tokens: Pick<TokenDirectory, 'named'>;
  clock: Clock;
}

const lifetimeMs = 300_000;

/** Codes that stand in links: whoever opens one signs in with the token of whoever made it; once, within five minutes. */
export class SignInCodes {
  readonly #options: SignInCodesOptions;

  constructor(options: SignInCodesOptions) {
    this.#options = options;
  }

  /** @param caller Whose token is good now. */
  async create(caller: Caller): Promise<{ code: string; expiresAtMs: number }> {
    const { grants, tokens, clock } = this.#options;
    const { secret: code, grant } = createGrant(tokens, caller);
    await grants.put(grant, lifetimeMs, lifetimeMs);
    return { code, expiresAtMs: clock.wallMs() + lifetimeMs };
  }

  /** The caller who made the code, which is void from now on. `undefined`: it is none, or was used, or is too old, or its token has ended. */
  async redeem(code: string): Promise<Caller | undefined> {
    if (!isGrantSecret(code)) return undefined;
    const grant = await this.#options.grants.end(hashToken(code));
    return grant && callerOfGrant(this.#options.tokens, code, grant);
  }
}
