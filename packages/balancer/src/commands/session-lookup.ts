import type { DeviceId } from '@pushfleet/protocol';
import type { SessionRef, Sessions } from '@pushfleet/registry';

const batchDevices = 500;

interface Question {
  device: DeviceId;
  resolve(session: SessionRef | undefined): void;
  reject(error: unknown): void;
}

/** Looks sessions up in batches: what is asked in one turn of the event loop goes to the registry together. */
export class SessionLookup {
  readonly #sessions: Pick<Sessions, 'findMany'>;
  #questions: Question[] = [];

  constructor(sessions: Pick<Sessions, 'findMany'>) {
    this.#sessions = sessions;
  }

  /** @throws PushfleetError REGISTRY_UNAVAILABLE */
  find(device: DeviceId): Promise<SessionRef | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#questions.length === 0) setImmediate(() => this.#ask());
      this.#questions.push({ device, resolve, reject });
    });
  }

  #ask(): void {
    const questions = this.#questions;
    this.#questions = [];
    for (let from = 0; from < questions.length; from += batchDevices) {
      void this.#askTogether(questions.slice(from, from + batchDevices));
    }
  }

  async #askTogether(questions: Question[]): Promise<void> {
    try {
      const found = await this.#sessions.findMany([...new Set(questions.map(({ device }) => device))]);
      for (const { device, resolve } of questions) resolve(found.get(device));
    } catch (error) {
      for (const { reject } of questions) reject(error);
    }
  }
}
