import { reportFailure } from './output/failure.ts';
import { endWithReader } from './output/print.ts';
import { createProgram } from './program.ts';
import { type EarlySignals, exitSoon, StopRequest } from './stop.ts';

/** Runs the command that the arguments of this process name. */
export async function main(early: EarlySignals): Promise<void> {
  endWithReader();
  const request = new StopRequest(early);
  try {
    const running = createProgram({ environment: process.env, stop: (options) => request.take(options) }).parseAsync();
    // The command has begun by now; one that is to end in its own way has said so.
    request.leave();
    await running;
  } catch (error) {
    reportFailure(error);
  }
  exitSoon();
}
