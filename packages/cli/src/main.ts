import { reportFailure } from './output/failure.ts';
import { createProgram } from './program.ts';
import { stopOnRequest } from './stop.ts';

try {
  await createProgram({ environment: process.env, stop: stopOnRequest }).parseAsync();
} catch (error) {
  reportFailure(error);
}
