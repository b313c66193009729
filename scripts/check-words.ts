// Finds words that this project has retired, because the field has a term for the same thing, and says which one to use.
// A word is retired as a part of names (`notesOfDevice`, `note_queue`, `NoteQueue`, `note-queue.ts`), or in prose as well,
// where no ordinary sentence needs it. Finds doc comments, too, that cannot be read alone because they do not begin with
// their subject.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

interface RetiredWord {
  /** Parts of a name in lower case, as they follow one another; any of the alternatives. */
  parts: readonly string[];
  use: string;
  /** In comments, texts and pages as well. */
  prose?: true;
  /** Only as a whole name, spelt so: the word is good as a part of others. */
  exactly?: RegExp;
}

const retiredWords: readonly RetiredWord[] = [
  { parts: ['desk', 'desks'], prose: true, use: 'DurableCommands, DurableDelivery, or what it is' },
  { parts: ['courier', 'couriers'], prose: true, use: 'WorkerChannels, sender' },
  { parts: ['parcel', 'parcels'], prose: true, use: 'OutboundItem' },
  { parts: ['outgoing'], use: 'ChannelBatch, outbound' },
  { parts: ['mover', 'movers'], prose: true, use: 'RedirectSender' },
  { parts: ['note', 'notes', 'noted', 'noting'], use: 'StatusUpdate (queue, writer), record' },
  {
    parts: ['follow', 'follows', 'follower', 'followers', 'followed', 'following', 'unfollow'],
    use: 'subscription, StatusSubscriptions, listener, watch',
  },
  { parts: ['watches'], use: 'subscriptions', exactly: /^Watches$/ },
  { parts: ['tenure', 'tenures'], prose: true, use: 'Lease' },
  { parts: ['term'], use: 'LeaderTerm', exactly: /^Term$/ },
  { parts: ['duty', 'duties'], prose: true, use: 'LeaderTask' },
  { parts: ['ledger', 'ledgers'], prose: true, use: 'CheckpointWriter' },
  { parts: ['supply'], use: 'PendingTargets' },
  { parts: ['roll', 'rolls'], use: 'DevicePager' },
  { parts: ['lot', 'lots'], use: 'Batch' },
  { parts: ['dispenser', 'dispensers'], prose: true, use: 'Batch, scheduler' },
  { parts: ['pace'], use: 'Pacer', exactly: /^Pace$/ },
  { parts: ['under way', 'underway'], use: 'InFlight' },
  { parts: ['teller', 'tellers'], prose: true, use: 'SessionReporter' },
  { parts: ['news'], prose: true, use: 'SessionDelta, report' },
  { parts: ['departure', 'departures'], prose: true, use: 'EvacuationPacer' },
  { parts: ['door', 'doors', 'frontdoor'], prose: true, use: 'Listener' },
  { parts: ['face', 'faces'], use: 'GrpcService' },
  { parts: ['speech', 'speeches'], prose: true, use: 'Protocol' },
  { parts: ['center', 'centre'], use: "the module's name" },
  { parts: ['elsewhere', 'destination', 'destinations'], use: 'RedirectTarget' },
  { parts: ['handover', 'handovers', 'hand over'], use: 'RoutedCommand, RedirectReservation' },
  { parts: ['poke', 'pokes', 'poked', 'poking'], prose: true, use: 'Wakeup' },
  { parts: ['ladder', 'ladders', 'rung', 'rungs'], prose: true, use: 'outcome rank' },
  { parts: ['read on'], use: 'resumableStream' },
  { parts: ['told'], use: 'redirected, notified, reported' },
];

/** Names that libraries and protocols gave. */
const foreignNames = new Set(['DestinationStream', 'OutgoingMessage', 'OutgoingHttpHeaders', 'OutgoingHttpHeader']);

const partsToWord = new Map(retiredWords.flatMap((word) => word.parts.map((part) => [part, word] as const)));
const proseWords = retiredWords.filter(({ prose }) => prose);
const prosePattern = new RegExp(String.raw`\b(${proseWords.flatMap(({ parts }) => parts).join('|')})\b`, 'gi');

interface Found {
  line: number;
  text: string;
  use: string;
}

/** A stretch of a file in one language: names of a program, or sentences. */
interface Stretch {
  kind: 'names' | 'prose';
  text: string;
  line: number;
}

function splitName(name: string): string[] {
  return (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? []).map((part) => part.toLowerCase());
}

function retiredIn(name: string): RetiredWord | undefined {
  if (foreignNames.has(name)) return undefined;
  const parts = splitName(name);
  const candidates = parts.flatMap((part, index) => [part, `${part} ${parts[index + 1] ?? ''}`]);
  return candidates
    .map((candidate) => partsToWord.get(candidate))
    .find((word) => word && (word.exactly?.test(name) ?? true));
}

function findIn({ kind, text, line }: Stretch): Found[] {
  const pattern = kind === 'names' ? /[A-Za-z_$][\w$]*(?:-[A-Za-z_]\w*)*/g : prosePattern;
  return [...text.matchAll(pattern)].flatMap(({ 0: name, index }) => {
    const word = kind === 'names' ? retiredIn(name) : partsToWord.get(name.toLowerCase());
    const at = line + text.slice(0, index).split('\n').length - 1;
    return word ? [{ line: at, text: name, use: word.use }] : [];
  });
}

/** Comments, texts in quotes and what begins a regular expression, per language; all else is names. */
const tokens: Record<string, RegExp> = {
  slashes:
    /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<regex>(?<=[=(,:[!&|?{};]\s*|return )\/(?![*/])(?:\\.|\[(?:\\.|[^\]\n\\])*\]|[^/\n\\[])+\/[a-z]*)|(?<text>'(?:\\.|[^'\n\\])*'|"(?:\\.|[^"\n\\])*"|`(?:\\[\s\S]|[^`\\])*`)/g,
  dashes: /(?<comment>--[^\n]*)|(?<text>'[^'\n]*'|"[^"\n]*")/g,
  hashes: /(?<comment>(?<=^|\s)#[^\n]*)|(?<text>'[^'\n]*'|"[^"\n]*")/gm,
  page: /(?<comment>[^`]+)|(?<text>`[^`\n]*`)|(?<fence>```[\s\S]*?```)/g,
};

function languageOf(file: string): RegExp | undefined {
  if (/\.(ts|mjs|js|proto|go|java)$/.test(file)) return tokens.slashes;
  if (/\.(lua|sql)$/.test(file)) return tokens.dashes;
  if (/\.(py|sh|ya?ml)$/.test(file)) return tokens.hashes;
  return file.endsWith('.md') ? tokens.page : undefined;
}

/** "Of a device's …", "What was sent", "As above": the reader must look elsewhere for the noun. */
const subjectless = /\/\*\*\s+(?:\* )?(Of|What|As|Where) /g;

function findOpenings(text: string): Found[] {
  return [...text.matchAll(subjectless)].map(({ 1: word = '', index }) => {
    return { line: text.slice(0, index).split('\n').length, text: `/** ${word}`, use: 'the subject, first' };
  });
}

/** A text without blanks is a name: a field, a key, a path. */
function kindOfText(text: string): Stretch['kind'] {
  return /\s/.test(text) ? 'prose' : 'names';
}

function stretchesOf(text: string, language: RegExp): Stretch[] {
  const found: Stretch[] = [];
  let [end, line] = [0, 1];
  const add = (kind: Stretch['kind'], to: number) => {
    const part = text.slice(end, to);
    found.push({ kind, text: part, line });
    [end, line] = [to, line + part.split('\n').length - 1];
  };
  for (const { 0: token, index, groups = {} } of text.matchAll(language)) {
    add('names', index);
    if (groups.text?.startsWith('`')) addTemplate(token, found, line);
    else found.push({ kind: groups.comment || groups.fence ? 'prose' : kindOfText(token), text: token, line });
    [end, line] = [end + token.length, line + token.split('\n').length - 1];
  }
  add('names', text.length);
  return found;
}

/** Adds the parts of a template: those in `${…}` are names, the rest is a text. */
function addTemplate(token: string, found: Stretch[], start: number): void {
  let line = start;
  for (const part of token.split(/(\$\{[^}]*\})/)) {
    found.push({ kind: part.startsWith('${') ? 'names' : kindOfText(part), text: part, line });
    line += part.split('\n').length - 1;
  }
}

function problemsOf(file: string): string[] {
  const language = languageOf(file);
  if (!language) return [];
  const path: Stretch = { kind: 'names', text: file, line: 1 };
  const content = readFileSync(resolve(root, file), 'utf8');
  const found = [path, ...stretchesOf(content, language)].flatMap(findIn);
  if (language === tokens.slashes) found.push(...findOpenings(content));
  return found.map(({ line, text, use }) => `${file}:${line}: '${text}' is retired; use: ${use}`);
}

/** The test of this script is full of them. */
const exempt = 'test/retired-words.test.ts';

/** All files of the project that have words of its own; generated code has those of the proto files. */
function filesIn(places: readonly string[]): string[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...places], {
    cwd: root,
    encoding: 'utf8',
  });
  return listed
    .split('\n')
    .filter((file) => file !== '' && file !== exempt && !file.includes('/src/gen/') && existsSync(join(root, file)));
}

// `node scripts/check-words.ts packages/balancer` checks a part; a path from the root of the disk is a file of any place.
const places = process.argv.slice(2);
const root = join(import.meta.dirname, '..');
const files = places[0]?.startsWith('/')
  ? places
  : filesIn(places.length > 0 ? places : ['packages', 'proto*', 'docs', 'test', 'benchmarks', 'examples']);
const problems = files.flatMap(problemsOf);
for (const problem of problems) console.error(problem);
if (problems.length > 0) {
  console.error(`\n${problems.length} times a retired word`);
  process.exitCode = 1;
}
