// Connects all devices of a CSV file (deviceId,group,secret), as `pushfleet devices import` reads it, and answers every
// command with success, until Ctrl-C. Beside `npm start`:
//   (echo deviceId,group,secret; for i in $(seq -w 20); do echo "pc-$i,Demo,a-secret-of-pc-$i"; done) > devices.csv
//   npx pushfleet devices import -f devices.csv
//   node examples/device-fleet/connect.mjs devices.csv https://127.0.0.1:13000 .pushfleet/ca.crt
// Needs Node.js ≥ 22.16.
import { readFileSync } from 'node:fs';
import { createDevice } from '@pushfleet/device-sdk';

const [file, balancer, caFile] = process.argv.slice(2);
const [, ...rows] = readFileSync(file, 'utf8').trim().split('\n');
const ca = readFileSync(caFile, 'utf8');
const links = ['grpc', 'mqtt', 'mqtt3'];

const devices = rows.map((row, index) => {
  const [deviceId, , secret] = row.split(',');
  const device = createDevice({ deviceId, secret, link: links[index % links.length], ca, balancers: [balancer] });
  for (const operation of ['forceSync', 'runTask', 'custom']) device.handle(operation, () => undefined);
  device.handle('getStatistics', () => ({ uptimeSeconds: process.uptime() }));
  return device;
});
for (let from = 0; from < devices.length; from += 50) {
  const some = devices.slice(from, from + 50);
  for (const device of some) device.start();
  await Promise.all(some.map((device) => device.connected()));
}
console.log(`${devices.length} devices connected`);
process.on('SIGINT', () => Promise.all(devices.map((device) => device.stop())).then(() => process.exit()));
