import type { DeviceId } from '@pushfleet/protocol';
import type { SessionRef, Sessions } from '@pushfleet/registry';
import { TurnBatch } from '@pushfleet/runtime';
import { overloaded } from '../../errors.ts';

/** More than one balancer has commands in flight. */
const capacity = 200_000;
const batchDevices = 500;

interface Question {
  device: DeviceId;
  resolve(session: SessionRef | undefined): void;
  reject(error: unknown): void;
}

/** Looks sessions up in batches: those that are asked for in one turn of the event loop are read together. */
export class SessionLookup {
  readonly #sessions: Pick<Sessions, 'findMany'>;
  readonly #questions = new TurnBatch<Question>({
    ...{ capacity, batchItems: batchDevices },
    write: (questions) => {
      void this.#read(questions);
      return true;
    },
  });

  constructor(sessions: Pick<Sessions, 'findMany'>) {
    this.#sessions = sessions;
  }

  /** @throws PushfleetError REGISTRY_UNAVAILABLE, OVERLOADED */
  find(device: DeviceId): Promise<SessionRef | undefined> {
    return new Promise((resolve, reject) => {
      if (!this.#questions.add({ device, resolve, reject })) reject(overloaded('too many devices are being looked up'));
    });
  }

  async #read(questions: Question[]): Promise<void> {
    try {
      const found = await this.#sessions.findMany([...new Set(questions.map(({ device }) => device))]);
      for (const { device, resolve } of questions) resolve(found.get(device));
    } catch (error) {
      for (const { reject } of questions) reject(error);
    }
  }
}
