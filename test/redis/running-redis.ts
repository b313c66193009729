/** A server that was started for tests. */
export interface RunningRedis {
  readonly url: string;
  /** Kills it; connections break. Idempotent. */
  stop(): Promise<void>;
  /** Kills it if it runs, and starts it again at the same URL, with no data. */
  restart(): Promise<void>;
}
