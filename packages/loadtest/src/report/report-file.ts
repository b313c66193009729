import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';

/** A report cannot be kept where the user wants it; the message says where and why. */
export class ReportFileError extends Error {
  override name = 'ReportFileError';
}

const reasons: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOENT: 'there is no such directory',
  ENOTDIR: 'a part of the path is no directory',
  EISDIR: 'it is a directory',
  ENOSPC: 'no space left',
  EDQUOT: 'no space left',
  EFBIG: 'the file would be too large',
  ENAMETOOLONG: 'the name is too long',
};

/**
 * A place for a report, tried before the run: a test of half an hour must not end with a path that cannot be written. What
 * stands there already stays until the new report is whole.
 */
export class ReportFile {
  readonly path: string;
  /** Only what is a file is replaced: a pipe or a device is written to. */
  readonly isFile: boolean;

  private constructor(path: string, isFile: boolean) {
    this.path = path;
    this.isFile = isFile;
  }

  /** @throws ReportFileError if nothing can be written there. */
  static async open(path: string): Promise<ReportFile> {
    const absolute = resolve(path);
    return ReportFile.#attempt(absolute, async () => {
      const isFile = (await stat(absolute).catch(nothingThere))?.isFile() ?? true;
      // What is not there yet is not made: a run that cannot begin leaves no empty report.
      if (isFile) await ReportFile.#beside(absolute, async () => undefined);
      else await (await open(absolute, 'a')).close();
      return new ReportFile(absolute, isFile);
    });
  }

  /** Writes the whole report, or leaves what was there. @throws ReportFileError */
  async write(text: string): Promise<void> {
    await ReportFile.#attempt(this.path, async () => {
      if (this.isFile) return ReportFile.#beside(this.path, (file) => file.writeFile(text), true);
      await using file = await open(this.path, 'a');
      await file.writeFile(text);
    });
  }

  static async #beside(path: string, write: (file: FileHandle) => Promise<void>, keep = false): Promise<void> {
    const temporary = `${path}.${process.pid}.tmp`;
    try {
      {
        await using file = await open(temporary, 'w');
        await write(file);
        if (keep) await file.sync();
      }
      if (keep) await rename(temporary, path);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  static async #attempt<Value>(path: string, run: () => Promise<Value>): Promise<Value> {
    try {
      return await run();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const reason = reasons[code ?? ''] ?? message;
      throw new ReportFileError(`Cannot write a report to ${path}: ${reason}`, { cause: error });
    }
  }
}

function nothingThere(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
