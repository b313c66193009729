// Writes docs/reference/*.md from the comments in proto/: every call, message, field and enum value.
import type { Field, Message, ProtoFile } from './proto-image.ts';

/** Which packages go on which page. */
const pages = [
  { file: 'admin-v1.md', title: 'Reference: the admin API', packages: ['pushfleet.admin.v1'] },
  { file: 'device-v1.md', title: 'Reference: what devices speak', packages: ['pushfleet.device.v1'] },
  { file: 'common-v1.md', title: 'Reference: what both share', packages: ['pushfleet.common.v1'] },
];

/** @returns The pages by their file names in docs/reference/. */
export function renderReference(files: readonly ProtoFile[]): Map<string, string> {
  return new Map(
    pages.map(({ file, title, packages }) => {
      const members = files.filter((one) => packages.includes(one.package)).sort((a, b) => (a.name < b.name ? -1 : 1));
      return [file, `${[`# ${title}`, intro(packages), ...members.flatMap(renderFile)].join('\n\n')}\n`];
    }),
  );
}

function intro(packages: string[]): string {
  return `Made from the comments in [proto/](../../proto) by \`npm run generate\`. Package \`${packages.join('`, `')}\`.`;
}

// Field numbers of descriptor.proto, by which comments find what they belong to.
const inFile = { message: 4, enum: 5, service: 6 };
const inMember = { field: 2, value: 2, method: 2 };

function renderFile(file: ProtoFile): string[] {
  const comments = new Map(
    file.sourceCodeInfo.location.map(({ path = [], leadingComments = '' }) => [path.join(), tidy(leadingComments)]),
  );
  const say = (...path: number[]) => comments.get(path.join()) ?? '';
  return [
    ...(file.service ?? []).flatMap(({ name, method = [] }, index) => [
      `## ${name}`,
      ...paragraphs(say(inFile.service, index)),
      ...method.flatMap((one, at) => [
        `### ${name}.${one.name}`,
        `\`${one.name}(${stream(one.clientStreaming)}${short(one.inputType)}) → ${stream(one.serverStreaming)}${short(one.outputType)}\``,
        ...paragraphs(say(inFile.service, index, inMember.method, at)),
      ]),
    ]),
    ...(file.messageType ?? []).flatMap((message, index) => [
      `### ${message.name}`,
      ...paragraphs(say(inFile.message, index)),
      ...table(message, (at) => say(inFile.message, index, inMember.field, at)),
    ]),
    ...(file.enumType ?? []).flatMap((one, index) => [
      `### ${one.name}`,
      ...paragraphs(say(inFile.enum, index)),
      rows(
        ['value', ''],
        one.value.map(({ name }, at) => [`\`${name}\``, say(inFile.enum, index, inMember.value, at)]),
      ),
    ]),
  ];
}

function table(message: Message, say: (at: number) => string): string[] {
  const fields = message.field ?? [];
  if (fields.length === 0) return ['No fields.'];
  return [
    rows(
      ['field', 'type', ''],
      fields.map((field, at) => [
        `\`${field.name}\``,
        typeOf(message, field),
        [oneOf(message, field), say(at)].join(''),
      ]),
    ),
  ];
}

function oneOf({ oneofDecl }: Message, { oneofIndex }: Field): string {
  return oneofIndex === undefined ? '' : `(one of \`${oneofDecl?.[oneofIndex]?.name}\`) `;
}

function typeOf({ nestedType = [] }: Message, field: Field): string {
  const entry = nestedType.find(({ name, options }) => options?.mapEntry && field.typeName?.endsWith(`.${name}`));
  if (entry) return `map of ${entry.field.map((one) => scalar(one)).join(' to ')}`;
  const repeated = field.label === 'LABEL_REPEATED' ? 'repeated ' : '';
  return `${repeated}${scalar(field)}`;
}

function scalar({ type, typeName }: Field): string {
  return typeName ? short(typeName) : type.replace('TYPE_', '').toLowerCase();
}

function short(typeName: string): string {
  return typeName.split('.').at(-1) ?? typeName;
}

function stream(streaming: boolean | undefined): string {
  return streaming ? 'stream ' : '';
}

/** Comments are wrapped for the source; lists of errors in them keep their lines. */
function tidy(comment: string): string {
  return comment.replaceAll(/^ /gm, '').trimEnd();
}

function paragraphs(comment: string): string[] {
  return comment
    .split('\n\n')
    .filter(Boolean)
    .map((text) => (/^[A-Z_]{5,} {2,}/m.test(text) ? fenced(text) : text));
}

function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}

function rows(head: string[], body: string[][]): string {
  const line = (cells: string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('\n', ' ').replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...body.map(line)].join('\n');
}
