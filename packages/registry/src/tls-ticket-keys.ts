/** Keys as a member of the cluster has sealed them; only those that have the same secret can open them. */
export interface SealedTicketKeys {
  /** Raised by each replacement. */
  revision: number;
  sealed: string;
}

/** The keys that TLS session tickets are sealed with, so that a session resumes on every worker of every push server. */
export interface TlsTicketKeys {
  /** The keys of those that have this secret. @param secretId Names the secret, and tells nothing of it. */
  read(secretId: string): Promise<SealedTicketKeys | undefined>;
  /**
   * Atomic. Writes the keys with the next revision, for `lifetimeMs`, if `revision` is still the current one; 0: there are none.
   * `false`: another process was first.
   */
  replace(secretId: string, revision: number, sealed: string, lifetimeMs: number): Promise<boolean>;
}
