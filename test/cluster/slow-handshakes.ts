// Preloaded (`--import`) into the processes of a test: each TLS handshake of an MQTT client costs a worker so many milliseconds of CPU
// more, from the moment at which its hello is read, whether or not it is still there. Each one leaves a byte in a file.
import { openSync, writeSync } from 'node:fs';
import tls, { type TlsOptions } from 'node:tls';

const { PUSHFLEET_TEST_HANDSHAKE_MS: costMs, PUSHFLEET_TEST_HANDSHAKES: file } = process.env;

if (costMs !== undefined && file !== undefined && process.argv[1]?.includes('/worker/')) {
  const count = openSync(file, 'a');
  const create = tls.createServer;
  tls.createServer = ((options: TlsOptions, ...rest: []) => {
    const { ALPNCallback } = options;
    const slowed: TlsOptions = {
      ...options,
      ALPNCallback: (offer) => {
        if (offer.protocols.includes('mqtt')) {
          writeSync(count, '.');
          burn(Number(costMs));
        }
        return ALPNCallback?.(offer);
      },
    };
    return create(slowed, ...rest);
  }) as typeof tls.createServer;
}

/** CPU, not time: on a busy machine it takes longer. */
function burn(ms: number): void {
  const before = process.cpuUsage();
  for (;;) {
    const { user, system } = process.cpuUsage(before);
    if (user + system >= ms * 1_000) return;
  }
}
