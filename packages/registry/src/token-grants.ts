/** A secret that stands for an API token, for some time. The secret itself is kept nowhere. */
export interface TokenGrant {
  /** SHA-256 of the secret, in hex. */
  hash: string;
  tokenName: string;
  /** By which whoever is shown the secret tells this token from another one of the same name. */
  tokenProof: string;
}

export interface KeptTokenGrant extends TokenGrant {
  /** How long it still lasts if nobody uses it, in milliseconds; never longer than `leftMs`. */
  idleLeftMs: number;
  /** How long it still lasts at most, in milliseconds. */
  leftMs: number;
}

/** How many grants there may be of a kind, and how many of them for one token. */
export const maxTokenGrants = { all: 1_000, ofToken: 100 } as const;

/** Grants of one kind. Their time is measured by the write clock. Every operation on one grant is atomic. */
export interface TokenGrants {
  /**
   * Keeps a new one. Of too many for its token the one that was put first ends, of too many in all the first of all.
   * @param idleMs How long it lasts after its last use.
   */
  put(grant: TokenGrant, idleMs: number, lifetimeMs: number): Promise<void>;
  /** Those of `hashes` that have not ended, in any order. */
  read(hashes: readonly string[]): Promise<KeptTokenGrant[]>;
  /** It lasts for another `idleMs` from now, and not beyond its lifetime. One that has ended stays so. */
  use(hash: string, idleMs: number): Promise<void>;
  /** Ends it. Answers it to one of those who end it; `undefined` to the others, and where it has ended before. */
  end(hash: string): Promise<TokenGrant | undefined>;
}
