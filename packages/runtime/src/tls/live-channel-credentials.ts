import { type ChannelCredentials, experimental, type VerifyOptions } from '@grpc/grpc-js';
import type { Live } from '../live.ts';
import type { ClusterCredentials } from './credentials.ts';

/**
 * Credentials of a gRPC client that shows a certificate: each connection that it begins has the current ones. Those that are open stay.
 */
export function liveChannelCredentials(
  cluster: Live<ClusterCredentials>,
  verify: VerifyOptions = {},
): ChannelCredentials {
  const authorities = providerOf(cluster, ({ ca }) => ({ caCertificate: ca }));
  const identity = providerOf(cluster, ({ cert, key }) => ({ certificate: cert, privateKey: key }));
  const provider: experimental.CertificateProvider = {
    addCaCertificateListener: authorities.add,
    removeCaCertificateListener: authorities.remove,
    addIdentityCertificateListener: identity.add,
    removeIdentityCertificateListener: identity.remove,
  };
  return experimental.createCertificateProviderChannelCredentials(provider, provider, verify);
}

type Listener<Update> = (update: Update | null) => void;

/** Part of the credentials, as grpc-js wants to be told of it: at once, and with each change. */
function providerOf<Update>(cluster: Live<ClusterCredentials>, part: (credentials: ClusterCredentials) => Update) {
  const listeners = new Map<Listener<Update>, Disposable>();
  return {
    add: (listener: Listener<Update>) => {
      listeners.get(listener)?.[Symbol.dispose]();
      listeners.set(
        listener,
        cluster.onChange((credentials) => listener(part(credentials))),
      );
      listener(part(cluster.current));
    },
    remove: (listener: Listener<Update>) => {
      listeners.get(listener)?.[Symbol.dispose]();
      listeners.delete(listener);
    },
  };
}
