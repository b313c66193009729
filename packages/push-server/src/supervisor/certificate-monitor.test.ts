import { fixed } from '@pushfleet/runtime';
import { expect, it } from 'vitest';
import { MadeAuthority } from '../../../../test/certificates/made-authority.ts';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { CertificateMonitor } from './certificate-monitor.ts';

const dayMs = 86_400_000;
const root = await MadeAuthority.create('Root');
const intermediate = await root.createIntermediate('Intermediate');
const names = ['push.example'];

function watch(authorities: CertificateMonitorOptions['authorities'] = fixed([root.certificate])) {
  const clock = new ManualClock({ wallMs: Date.now() });
  return { clock, own: new CertificateMonitor({ authorities, clock }) };
}
type CertificateMonitorOptions = ConstructorParameters<typeof CertificateMonitor>[0];

it('has no problem with a good certificate, and none where links have no TLS', async () => {
  const { own } = watch();
  const { chain } = await intermediate.issue({ names });
  expect(own.problem([chain], 'push.example')).toBeUndefined();
  expect(own.problem([], 'push.example')).toBeUndefined();
});

it('finds out when the certificate expires, and that it was replaced', async () => {
  const { clock, own } = watch();
  const [brief, long] = await Promise.all([root.issue({ names, endsInDays: 1 }), root.issue({ names })]);
  expect(own.problem([brief.cert], 'push.example')).toBeUndefined();
  clock.advance(dayMs + 1_000);
  expect(own.problem([brief.cert], 'push.example')).toMatchObject({ kind: 'certificate-expired', impairs: true });
  expect(own.problem([long.cert], 'push.example')).toBeUndefined();
});

it('finds out when the wall clock is set', async () => {
  const { clock, own } = watch();
  const { cert } = await root.issue({ names });
  expect(own.problem([cert], 'push.example')).toBeUndefined();
  clock.stepWall(-30 * dayMs);
  clock.advance(5_000);
  expect(own.problem([cert], 'push.example')?.kind).toBe('certificate-not-yet-valid');
});

it('follows the address for remote hosts', async () => {
  const { own } = watch();
  const { cert } = await root.issue({ names });
  expect(own.problem([cert], '10.0.0.7')?.kind).toBe('certificate-name-mismatch');
  expect(own.problem([cert], 'push.example')).toBeUndefined();
});

it('finds the one bad certificate among those of several workers', async () => {
  const { own } = watch();
  const [good, bad] = await Promise.all([root.issue({ names }), root.issue({ names, endsInDays: -0.5 })]);
  expect(own.problem([good.cert, bad.cert], 'push.example')?.kind).toBe('certificate-expired');
});

it('misses an intermediate only where it is known what devices trust', async () => {
  const { cert } = await intermediate.issue({ names });
  expect(watch().own.problem([cert], 'push.example')?.kind).toBe('certificate-incomplete');
  const unknown = new CertificateMonitor({
    authorities: fixed(undefined),
    clock: new ManualClock({ wallMs: Date.now() }),
  });
  expect(unknown.problem([cert], 'push.example')).toBeUndefined();
});
