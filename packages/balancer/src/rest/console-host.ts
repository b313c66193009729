import { createHash } from 'node:crypto';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { consoleBase, consoleFiles } from '@pushfleet/console';
import { PushfleetError } from '@pushfleet/protocol';
import type { FastifyInstance } from 'fastify';

const page = 'index.html';
/** Files whose names change with their content. */
const assets = `${join(consoleFiles, 'assets')}/`;
const assetsPath = `${consoleBase}assets/`;

/** The style sheets that React Aria puts into the page, as they are in its sources; all others are files of the console. */
export const reactAriaStyles = [
  '@layer {\n  [data-react-aria-pressable] {\n    touch-action: pan-x pan-y pinch-zoom;\n  }\n}',
  '@layer {\n  * {\n    overscroll-behavior: contain;\n  }\n}',
];

const styleHashes = reactAriaStyles.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);

const contentPolicy = [
  ...["default-src 'none'", "script-src 'self'", `style-src 'self' ${styleHashes.join(' ')}`, "img-src 'self' data:"],
  ...["connect-src 'self'", "font-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"],
].join('; ');

/** Nothing of the console runs in, or reaches, another site. */
const headers = {
  'content-security-policy': contentPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Serves the console's static files. Paths below it that are no file are pages of the console, and show its one document. */
export async function addConsole(app: FastifyInstance): Promise<void> {
  for (const path of ['/', consoleBase.slice(0, -1)]) {
    app.get(path, { schema: { hide: true } }, (_request, reply) => reply.redirect(consoleBase));
  }
  await app.register(addFiles, { prefix: consoleBase });
}

function addFiles(console: FastifyInstance, _options: object, done: () => void): void {
  console.addHook('onRequest', async (_request, reply) => void reply.headers(headers));
  console.setNotFoundHandler((request, reply) => {
    const isPage = (request.method === 'GET' || request.method === 'HEAD') && !request.url.startsWith(assetsPath);
    if (isPage) return reply.sendFile(page);
    throw new PushfleetError('NOT_FOUND', 'the console has no such file');
  });
  void console.register(fastifyStatic, {
    ...{ root: consoleFiles, preCompressed: true, cacheControl: false, index: page },
    setHeaders: (reply, file) => void reply.header('cache-control', cachingOf(file)),
  });
  done();
}

function cachingOf(file: string): string {
  return file.startsWith(assets) ? 'public, max-age=31536000, immutable' : 'no-store';
}
