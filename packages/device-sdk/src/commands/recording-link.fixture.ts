import type { device } from '@pushfleet/protocol';
import { Inbox } from '../inbox.fixture.ts';
import type { Link } from '../link.ts';

/** A link on which a test confirms what it likes. */
export class RecordingLink implements Link {
  congested = false;
  /** Ids of what was said, in order. */
  readonly reported: string[] = [];
  readonly results = new Inbox<device.CommandResult>();
  /** Ids of results that were reported as those of durable commands. */
  readonly durable: string[] = [];
  readonly #confirmations = new Map<string, () => void>();

  report(result: device.CommandResult, sent?: () => void, durable = false): void {
    this.reported.push(result.commandId);
    this.results.push(result);
    if (durable) this.durable.push(result.commandId);
    if (sent) this.#confirmations.set(result.commandId, sent);
  }

  confirm(id: string): void {
    this.#confirmations.get(id)?.();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
