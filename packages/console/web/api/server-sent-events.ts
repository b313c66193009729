export interface ServerSentEvent {
  /** Id of the newest event with one; a stream that is asked for anew goes on after it. Empty: none has come. */
  lastEventId: string;
  /** `message` where the event has no name. */
  name: string;
  /** Empty: the event only tells the id. */
  data: string;
}

/** Parses server-sent events as they come: text may be cut anywhere. Lines end with `\n`, as the balancer writes them. */
export class ServerSentEvents {
  #rest = '';
  #lastEventId = '';

  /** @returns The events that `text` completes. */
  take(text: string): ServerSentEvent[] {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    return blocks.flatMap((block) => this.#parse(block) ?? []);
  }

  /** `undefined`: there are only comments in it. */
  #parse(block: string): ServerSentEvent | undefined {
    const fields = block.split('\n').flatMap((line) => {
      const [, name, value = ''] = /^(\w+): ?(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, value] as const];
    });
    if (fields.length === 0) return undefined;
    const valuesOf = (wanted: string) => fields.filter(([name]) => name === wanted).map(([, value]) => value);
    this.#lastEventId = valuesOf('id').at(-1) ?? this.#lastEventId;
    return {
      lastEventId: this.#lastEventId,
      name: valuesOf('event').at(-1) ?? 'message',
      data: valuesOf('data').join('\n'),
    };
  }
}
