/** A public key that tickets are verified with, as a JSON Web Key (OKP, Ed25519) with its `kid`. */
export interface TicketKey {
  kid: string;
  jwk: Readonly<Record<string, unknown>>;
}

/** The public halves of the keys that balancers sign tickets with. Each balancer has its own key. */
export interface TicketKeys {
  /** Publishes the key, or keeps it published, for `lifetimeMs` from now. */
  publish(key: TicketKey, lifetimeMs: number): Promise<void>;
  /** Those whose lifetime has not ended. */
  list(): Promise<TicketKey[]>;
}
