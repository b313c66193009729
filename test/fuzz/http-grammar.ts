import type { Choices } from './choices.ts';
import { jsonDocument } from './json-grammar.ts';
import { mutate } from './mutate.ts';

const paths = [
  '/v1/assignment',
  '/healthz',
  '/readyz',
  '/',
  '/v1/',
  '//',
  '*',
  '/%00',
  '/%ff',
  '/../..',
  '/v1/assignment?x=%',
];
const headers = [
  'content-type: application/json',
  'transfer-encoding: chunked',
  'transfer-encoding: gzip, chunked',
  'content-length: 5',
  'content-length: -1',
  'content-length: 99999999999999999999',
  'connection: keep-alive, upgrade',
  'upgrade: h2c',
  'expect: 100-continue',
  'range: bytes=0-0,-1',
  'if-none-match: "',
  'host: ',
  'x: \u0001',
  `x-long: ${'y'.repeat(20_000)}`,
];

/** An HTTP/1.1 request, well-formed more often than not. */
export function httpRequest(choices: Choices): Buffer {
  const method = choices.oneIn(5)
    ? choices.pick(['HEAD', 'OPTIONS', 'CONNECT', 'TRACE', 'PRI', 'x'])
    : choices.pick(['GET', 'POST']);
  const body = choices.oneIn(2) ? Buffer.from(jsonDocument(choices)) : Buffer.alloc(0);
  const length = choices.oneIn(6) ? [] : [`content-length: ${body.length}`];
  const lines = [
    `${method} ${choices.pick(paths)} HTTP/1.${choices.oneIn(8) ? choices.below(10) : 1}`,
    ...(choices.oneIn(8) ? [] : ['host: localhost']),
    ...length,
    ...choices.some(choices.oneIn(2) ? 0 : 3, () => choices.pick(headers)),
  ];
  const request = Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]);
  return choices.oneIn(5) ? mutate(request, choices) : request;
}
