import { describe, expect, it } from 'vitest';
import { adminFiles, FleetService, loadReflectedPackages } from './admin.ts';
import { encodeFiles, sharedFiles } from './descriptors.ts';
import type * as admin from './gen/admin.ts';

describe('services', () => {
  it('carry maps as objects', () => {
    const { requestSerialize, requestDeserialize } = FleetService.service.PutDevice;
    const device = {
      deviceId: 'd',
      group: 'HQ',
      labels: { os: 'linux', site: 'HQ/2' },
      linkKinds: ['LINK_KIND_MQTT' as const],
    };
    const received: admin.PutDeviceRequest = requestDeserialize(requestSerialize({ device }));
    expect(received).toEqual({ device: { ...device, session: null, etag: '' }, secret: '', updateMask: null });
    expect(requestDeserialize(requestSerialize({ device: {} })).device?.labels).toEqual({});
  });

  it('are reflected as the compiler has described them', () => {
    const publicFiles = encodeFiles([...sharedFiles, ...adminFiles]);
    expect(Object.values(loadReflectedPackages())).toMatchObject([{ fileDescriptorProtos: publicFiles }]);
    const { service } = FleetService;
    // The name that protobuf compilers give the entries of `map<string, string> labels`.
    expect(publicFiles.some((file) => file.includes('LabelsEntry'))).toBe(true);
    expect(service.ImportDevices.requestStream).toBe(true);
  });
});
