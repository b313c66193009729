import { join } from 'node:path';

/** Directory of the console's static files: `index.html`, and `assets/` whose names change with their content. */
export const consoleFiles = join(import.meta.dirname, 'static');

/** Path under which they must be served; every path below it that is no file shows `index.html`. */
export const consoleBase = '/console/';
