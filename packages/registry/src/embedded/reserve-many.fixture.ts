import { deviceId, nodeRecord, reservation } from '../conformance/samples.fixture.ts';
import { patientLimits } from '../conformance/store.fixture.ts';
import { openEmbeddedRegistry } from './registry.ts';

// A process of its own: announces four push servers and reserves places for `count` devices.
const [file = '', name = '', count = '0'] = process.argv.slice(2);
await using registry = await openEmbeddedRegistry(file, patientLimits);
const ids = ['a', 'b', 'c', 'd'];
for (const id of ids) await registry.nodes.register(nodeRecord({ id, capacity: 10_000 }));
for (let index = 0; index < Number(count); index += 1) {
  await registry.assignments.reserve(reservation(deviceId(`${name}-${index}`), [ids]));
}
