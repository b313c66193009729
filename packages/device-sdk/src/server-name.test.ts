import { expect, it } from 'vitest';
import { serverNameOf } from './tls.ts';

it('names hosts, and hosts only, to TLS', () => {
  expect(serverNameOf('push.example')).toEqual({ servername: 'push.example' });
  expect(serverNameOf('10.0.0.1')).toEqual({});
});
