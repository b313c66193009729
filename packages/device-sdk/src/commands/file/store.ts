import { constants, type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Ending } from '../ending.ts';
import type { CommandStore, StoredCommand } from '../log.ts';
import { type Bounds, beginLine, endLine, keepWithin, readLines, toLine } from './lines.ts';

export interface FileCommandStoreOptions {
  /** Commands that are kept beside those that run. Default 1,000. */
  commands?: number;
  /** Bytes of their outputs, which are forgotten first. Default 1 MiB. */
  outputBytes?: number;
}

interface Waiting {
  line: string;
  isBegin: boolean;
  written: PromiseWithResolvers<void>;
}

/** The file is written anew when this much has been added since. */
const addedBytes = 1_048_576;
/** Opens for appending: writes go to the end, also after the end was cut off. */
const appending = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND;

/**
 * Remembers commands in a file, one line of JSON for each beginning and each end; of one device, and of one process at a
 * time. A beginning is on the disk (fdatasync) before the command is run; beginnings that come together share that. The file is
 * written anew now and then, so that it stays within about 2 MiB beside the outputs. A last line that was torn by a crash is
 * left out. Makes missing directories; the file is the owner's alone (0600).
 */
export function fileCommandStore(path: string, options: FileCommandStoreOptions = {}): FileCommandStore {
  return new FileCommandStore(path, { commands: 1_000, outputBytes: 1_048_576, ...options });
}

export class FileCommandStore implements CommandStore, AsyncDisposable {
  readonly #path: string;
  readonly #bounds: Bounds;
  #file: FileHandle | undefined;
  #bytes = 0;
  #compactAtBytes = 0;
  /** Commands that this process has begun: they are kept whatever the bounds. */
  readonly #running = new Set<string>();
  /** At most two of each command that runs. */
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  constructor(path: string, bounds: Bounds) {
    this.#path = path;
    this.#bounds = bounds;
  }

  /** Rejects where the file cannot be read or written, or is damaged before its end. */
  async load(): Promise<StoredCommand[]> {
    await mkdir(dirname(this.#path), { recursive: true });
    this.#file ??= await open(this.#path, appending, 0o600);
    return this.#compact();
  }

  begin(id: string): Promise<void> {
    this.#running.add(id);
    return this.#append(beginLine(id), true);
  }

  end(id: string, ending: Ending): Promise<void> {
    this.#running.delete(id);
    return this.#append(endLine(id, ending), false);
  }

  /** Writes what waits, then closes the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
    await this.#file?.close();
    this.#file = undefined;
  }

  #append(line: string, isBegin: boolean): Promise<void> {
    const written = Promise.withResolvers<void>();
    this.#waiting.push({ line, isBegin, written });
    this.#writing ??= this.#drain();
    return written.promise;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#write(batch);
        for (const { written } of batch) written.resolve();
      } catch (error) {
        for (const { written } of batch) written.reject(error);
      }
      // Where it cannot be written anew it goes on as it is; the next load tries again.
      if (this.#bytes > this.#compactAtBytes) await this.#compact().catch(() => this.#postpone());
    }
    this.#writing = undefined;
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    const file = this.#file;
    if (file === undefined) throw new Error(`${this.#path} is not open`);
    const bytes = Buffer.from(batch.map(({ line }) => line).join(''));
    try {
      await file.appendFile(bytes);
      if (batch.some(({ isBegin }) => isBegin)) await file.datasync();
      this.#bytes += bytes.length;
    } catch (error) {
      // Half a line in the middle of the file would be damage.
      await file.truncate(this.#bytes).catch(() => this.#giveUp(file));
      throw error;
    }
  }

  /** Nothing is begun any more that could not be remembered. */
  async #giveUp(file: FileHandle): Promise<void> {
    this.#file = undefined;
    await file.close();
  }

  async #compact(): Promise<StoredCommand[]> {
    const old = this.#file as FileHandle;
    const text = await readAll(old);
    const kept = keepWithin(this.#bounds, this.#parse(text), this.#running);
    const lines = Buffer.from(kept.map(toLine).join(''));
    const fresh = await open(`${this.#path}.new`, appending | constants.O_TRUNC, 0o600);
    try {
      await fresh.writeFile(lines);
      await fresh.sync();
      await rename(`${this.#path}.new`, this.#path);
    } catch (error) {
      await fresh.close();
      throw error;
    }
    this.#file = fresh;
    this.#bytes = lines.length;
    this.#postpone();
    await old.close();
    await syncDirectory(dirname(this.#path));
    return kept;
  }

  #parse(text: string): StoredCommand[] {
    try {
      return readLines(text);
    } catch (error) {
      throw new Error(`${this.#path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #postpone(): void {
    this.#compactAtBytes = this.#bytes + addedBytes;
  }
}

/** From the beginning, wherever the file is read or written otherwise. */
async function readAll(file: FileHandle): Promise<string> {
  const { size } = await file.stat();
  const bytes = Buffer.alloc(size);
  let read = 0;
  while (read < size) {
    const { bytesRead } = await file.read(bytes, read, size - read, read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return bytes.toString('utf8', 0, read);
}

/** So that the new name survives the machine too. Not every system lets a directory be synced, nor needs it. */
async function syncDirectory(path: string): Promise<void> {
  try {
    await using directory = await open(path, 'r');
    await directory.sync();
  } catch {}
}
