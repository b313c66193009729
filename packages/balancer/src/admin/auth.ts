import { createHash, timingSafeEqual } from 'node:crypto';
import { type Metadata, ResponderBuilder, ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';
import { limitMessages, PushfleetError, toStatus } from '@pushfleet/protocol';
import { parseAdminToken, processSettings, readCredentialFile } from '@pushfleet/runtime';

/** The first line of the file. @throws PushfleetError INVALID_ARGUMENT that names the setting and the file. */
export function readAdminToken(file: string): string {
  const { bytes } = readCredentialFile(processSettings.adminTokenFile.name, file, '`pushfleet init` makes one');
  return parseAdminToken(bytes, file);
}

/** The services that need no token are asked in few words. */
const openPaths = '/grpc.health.v1.Health/';
const openMessageBytes = 1_024;

/**
 * Lets calls through only with `authorization: Bearer <token>`; those of the health service need none.
 * @param onToken Called with each call that has it, before it goes on.
 */
export function requireToken(token: string, onToken: (call: object) => void): ServerInterceptor {
  const isExpected = matcher(token);
  return (method, call) => {
    if (method.path.startsWith(openPaths)) {
      limitMessages(call, openMessageBytes);
      return new ServerInterceptingCall(call);
    }
    const responder = new ResponderBuilder().withStart((next) =>
      next({
        onReceiveMetadata: (metadata, pass) => {
          const problem = findProblem(metadata, isExpected);
          if (problem !== undefined) return call.sendStatus(toStatus(new PushfleetError('BAD_TOKEN', problem)));
          onToken(call);
          pass(metadata);
        },
      }),
    );
    return new ServerInterceptingCall(call, responder.build());
  };
}

function findProblem(metadata: Metadata, isExpected: (token: string) => boolean): string | undefined {
  const value = metadata.get('authorization')[0]?.toString() ?? '';
  const [, shown] = /^Bearer +(\S+) *$/i.exec(value) ?? [];
  if (shown === undefined) return 'an API token is needed, in metadata `authorization: Bearer <token>`';
  return isExpected(shown) ? undefined : 'the API token in metadata `authorization` is not the right one';
}

/** Digests are of one length and tell nothing about where two tokens begin to differ. */
function matcher(token: string): (shown: string) => boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(token);
  return (shown) => timingSafeEqual(digest(shown), expected);
}
