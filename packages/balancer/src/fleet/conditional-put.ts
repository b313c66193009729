import { invalidArgument, PushfleetError } from '@pushfleet/protocol';

/** A lost race is run again where the caller has named no etag; nobody wins as often against one caller. */
const mostAttempts = 20;

/** A Put that names an etag or a field mask depends on what there is now. */
export interface ConditionalPut<Stored, Result> {
  /** Empty: any. */
  etag: string;
  read(): Promise<Stored>;
  etagOf(stored: Stored): string;
  /** `undefined`: somebody else has changed it since it was read. */
  replace(stored: Stored): Promise<Result | undefined>;
}

/** @throws PushfleetError ETAG_MISMATCH: nothing was changed. */
export async function putConditionally<Stored, Result>(put: ConditionalPut<Stored, Result>): Promise<Result> {
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const stored = await put.read();
    if (put.etag !== '' && put.etagOf(stored) !== put.etag) break;
    const replaced = await put.replace(stored);
    if (replaced !== undefined) return replaced;
  }
  throw new PushfleetError('ETAG_MISMATCH', 'etag: somebody else has changed it since; read it again', {
    field: 'etag',
  });
}

/**
 * The fields that a mask names, by their names in the proto files. `undefined`: all, as an absent mask says.
 * @throws PushfleetError INVALID_ARGUMENT that names update_mask.
 */
export function parseMask(
  mask: { paths: readonly string[] } | null,
  known: readonly string[],
): readonly string[] | undefined {
  const paths = mask?.paths ?? [];
  if (!paths.every((path) => path === '*' || known.includes(path))) {
    throw invalidArgument('update_mask', `of ${known.join(', ')}, or *`);
  }
  return paths.length === 0 || paths.includes('*') ? undefined : paths;
}

/** `stored` with those fields of `asked`, or fields of its fields. Without `paths`: `asked`. */
export function mergeMasked<Message extends object>(
  stored: Message,
  asked: Message,
  paths: readonly string[] | undefined,
): Message {
  if (!paths) return asked;
  const merged = { ...stored } as Record<string, unknown>;
  const given = asked as Record<string, unknown>;
  for (const path of paths) {
    const [name = '', inner] = path.split('.').map(camelCase);
    merged[name] = inner ? { ...asObject(merged[name]), [inner]: asObject(given[name])[inner] } : given[name];
  }
  return merged as Message;
}

function asObject(value: unknown): Record<string, unknown> {
  return (value ?? {}) as Record<string, unknown>;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
