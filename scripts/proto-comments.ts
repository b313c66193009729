// Finds the comments in proto/ by the full names of what they are about.
import type { ProtoFile } from './proto-image.ts';

// Field numbers of descriptor.proto, by which comments find what they belong to.
const inFile = { message: 4, enum: 5, service: 6 };
const inMember = 2;

/** Comments by full names: `pushfleet.admin.v1.PushRequest.ttl`; values of enums and methods go by that of their parent as well. */
export function commentsOf(file: ProtoFile): Map<string, string> {
  const byPath = new Map(
    file.sourceCodeInfo.location.map(({ path = [], leadingComments = '' }) => [path.join(), tidy(leadingComments)]),
  );
  const found = new Map<string, string>();
  const put = (name: string, ...path: number[]) => {
    const comment = byPath.get(path.join());
    if (comment) found.set(`${file.package}.${name}`, comment);
  };
  const putAll = (kind: number, parents: { name: string; members: { name: string }[] }[]) => {
    for (const [index, { name, members }] of parents.entries()) {
      put(name, kind, index);
      for (const [at, member] of members.entries()) put(`${name}.${member.name}`, kind, index, inMember, at);
    }
  };
  putAll(
    inFile.service,
    (file.service ?? []).map(({ name, method = [] }) => ({ name, members: method })),
  );
  putAll(
    inFile.message,
    (file.messageType ?? []).map(({ name, field = [] }) => ({ name, members: field })),
  );
  putAll(
    inFile.enum,
    (file.enumType ?? []).map(({ name, value }) => ({ name, members: value })),
  );
  return found;
}

/** Comments are wrapped for the source; lists of errors in them keep their lines. */
function tidy(comment: string): string {
  return comment.replaceAll(/^ /gm, '').trimEnd();
}

/** A module with the comments of the packages that the REST API shows, for the document that describes it. */
export function renderComments(files: readonly ProtoFile[]): string {
  const shown = files.filter(({ package: name }) => /^pushfleet\.(admin|common)\./.test(name));
  const comments = shown.flatMap((file) => [...commentsOf(file)]).sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = comments.map(([name, comment]) => `  ${JSON.stringify(name)}: ${JSON.stringify(comment)},`);
  const doc = '/** The comments in the proto files of the admin API, by the full names of what they are about. */';
  return `// Original files: proto\n\n${doc}\nexport const comments: Readonly<Record<string, string>> = {\n${rows.join('\n')}\n};\n`;
}
