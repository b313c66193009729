import { reportFailure } from './output/failure.ts';
import { endWithReader } from './output/print.ts';
import { createProgram } from './program.ts';
import { exitSoon, stopOnRequest } from './stop.ts';

endWithReader();
try {
  await createProgram({ environment: process.env, stop: stopOnRequest }).parseAsync();
} catch (error) {
  reportFailure(error);
}
exitSoon();
