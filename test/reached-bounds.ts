/** Titles of tests, by their file; where a title says too little alone, it stands behind that of its `describe`. */
export type Tests = Readonly<Record<string, readonly string[]>>;

const runtime = (file: string) => `packages/runtime/src/${file}.test.ts`;
const registry = (file: string) => `packages/registry/src/${file}`;
const pushServer = (file: string) => `packages/push-server/src/${file}.test.ts`;
const balancer = (file: string) => `packages/balancer/src/${file}.test.ts`;
const protocol = (file: string) => `packages/protocol/src/${file}.test.ts`;
const cli = (file: string) => `packages/cli/src/${file}.test.ts`;

const grpcHost = runtime('net/grpc-host');
const mqttBounds = pushServer('links/mqtt/conformance/bounds');

/**
 * The tests that go to each bound of docs/architecture.md, and beyond, and see what the page says of it; by the first cell
 * of its row. Where a bound is large or set by operators, some go to a smaller one of the same mechanism.
 */
export const reachedBounds: Readonly<Record<string, Tests>> = {
  'a client that has not said who it is': {
    [pushServer('worker/device-listener')]: [
      'reads no first message that %s than a greeting',
      'ends a call by the deadline to greet, although its client neither reads nor closes it',
    ],
    [runtime('net/listener')]: ['cuts off a client that says nothing by its deadline'],
    [runtime('net/tls-listener')]: [
      'cuts off a client that says %s, when its time is over',
      'cuts off a client that does not go on with its handshake',
    ],
    'test/refusals.test.ts': ['refuses an oversized CONNECT of MQTT %i without reading it'],
    [mqttBounds]: ['leaves in the socket what a client sends before it is known'],
  },
  'connections on one port of one process whose clients have not shown who they are': {
    [runtime('net/listener')]: [
      'closes at once who comes when as many %s are there as may be',
      'lets a newcomer in for an unauthenticated one that has stayed too long, and not before',
    ],
    [runtime('net/unauthenticated-connections')]: [
      'give way once their handshakes have taken too long, the oldest of the address, and none of another',
    ],
  },
  'connections on one such port that wait for their handshakes, or have not said their hello': {
    [runtime('net/unauthenticated-connections')]: [
      'give way at once, the oldest first, while they wait for their handshakes',
      'give way to those of other addresses only where the whole port has no room',
    ],
    [runtime('net/admission')]: ['makes room for a newcomer by the oldest that waits, whatever it waits for'],
  },
  'handshakes on one port of one process that strangers reach': {
    [runtime('net/admission')]: [
      'lets in as many in a second as the loop has time for',
      'drops those that have waited for 5 s, without a handshake, and no others',
      'has a second of handshakes under way at most, until they are done, gone, or slow',
    ],
  },
  'assignments under way in one balancer': {
    [balancer('assignment/assignment-queue')]: [
      'begin at once while few are under way, then the newest goes first',
      'are not begun for clients that have gone',
      'that are too many, or have waited too long, are refused, the oldest first, each with a turn of its own',
    ],
  },
  'a ClientHello': {
    [runtime('net/client-hello')]: ['of a client that %s is that of a stranger'],
    [runtime('net/admission')]: [
      'cuts off a client that says no hello, and one that goes on talking before it is answered',
    ],
  },
  'connections on one port': {
    [runtime('net/listener')]: [
      'of %i files, a share of %d',
      'closes at once who comes when as many %s are there as may be',
    ],
  },
  'calls open on one HTTP/2 connection': {
    [balancer('balancer')]: [
      '%s: a connection may have so many calls, without and with a token: %j',
      'lets a connection of a member of the cluster have 4,096 calls',
    ],
    [pushServer('worker/device-listener')]: ['announces 8 calls at once, and closes a client that goes on beyond them'],
    [grpcHost]: [
      'and closes one that opens more and more, whatever was announced',
      'of a client that was known before, by what is announced then',
    ],
  },
  'headers of one call or request': {
    [grpcHost]: ['is not moved by > %s'],
    [balancer('net/http-host')]: ['answers %s'],
  },
  'a gRPC call': {
    [grpcHost]: [
      'of which the request does not come, and lets its client keep the status',
      'whose answer is not read',
      'of an unauthenticated client that does not read a stream',
      'that our side has ended, while what came before is not read',
    ],
  },
  'pings on an HTTP/2 connection on which nothing flows': {
    [grpcHost]: ['that pings too often', 'not if it pings now and then, or while data flows'],
  },
  'SETTINGS frames on one connection': {
    [grpcHost]: ['that sets too often'],
  },
  'calls given up or broken on one connection': {
    [grpcHost]: [
      'that gives up too many calls',
      'that makes us reset too many calls',
      'that is known, and gives up more than 20,000',
    ],
  },
  'lines of one text in the log of one process': {
    [runtime('log-cap')]: [
      'logs ten lines of one text a minute, and then how many were left out',
      'takes a thousand lines of one text below the level info',
    ],
  },
  "exceptions that a peer's bytes cause": {
    [runtime('barrier')]: [
      'ends what failed, counts it by place, and goes on',
      'logs ten faults a minute, and counts them all',
    ],
  },
  'an MQTT device that takes no commands: it has not subscribed, or has unsubscribed': {
    [mqttBounds]: ['does not outlive its subscription by more than a minute'],
    [pushServer('session/session')]: ['has a minute to attach again, or goes'],
  },
  'links of one device on one worker that take no commands': {
    [pushServer('links/link-table')]: [
      'are four of one device, the newest, and each only for a minute',
      'count against the capacity; a device takes the places that are its own',
    ],
  },
  'a frame from a device': {
    'test/refusals.test.ts': [
      'ends an MQTT link that sends an oversized packet, and says so',
      'ends a gRPC link that sends an oversized message',
    ],
    [pushServer('links/mqtt/wire/frame-reader')]: [
      'hands out a packet that is too large by its length, before its body comes',
    ],
  },
  'commands on the wire to one device, unconfirmed': {
    [pushServer('links/grpc/messages')]: ['lets it have 64 commands on the wire'],
    [pushServer('session/session')]: [
      'sends commands while its window is open, and the next one when one is confirmed',
    ],
    [pushServer('links/mqtt/conformance/sending')]: [
      'Receive Maximum %d, with results, withdrawals and new subscriptions',
    ],
  },
  'commands waiting for one link': {
    [pushServer('session/session')]: ['refuses what its bounded queue has no room for'],
    [pushServer('durable/durable-delivery')]: ['wait for room where the queue of the link is full'],
    [balancer('commands/direct/command-state')]: ['$what: $outcome'],
  },
  'an MQTT packet that has come in part': {
    [mqttBounds]: ['ends where a packet does not become whole, whatever the keep-alive'],
    [pushServer('links/mqtt/wire/frame-reader')]: [
      'holds no more than twice what has come of a packet, in whatever pieces it comes',
    ],
  },
  'bytes written to one device and not taken': {
    [mqttBounds]: [
      'is ended before it has piled up %s without end',
      'is ended before it has piled up commands without end',
    ],
    [pushServer('worker/device-listener')]: ['counts every message that a device does not read, pongs too'],
    'test/slow-device.test.ts': [
      'is cut off when too much waits for it; nothing is called delivered, and nobody else notices',
    ],
  },
  'what one device says unasked: pings, confirmations of nothing, progress, and results of commands that its link has not carried':
    {
      [pushServer('session/commands')]: [
        'is bounded: %s',
        'counts more where it cannot be read, and is large',
        'counts more where results are large, so that one device never fills what all share',
      ],
    },
  'how often an MQTT device unsubscribes from its commands, on one link': {
    [pushServer('session/session')]: ['ends where the device detaches again and again'],
  },
  'devices of which a worker remembers which of their tickets are void': {
    [pushServer('links/link-table')]: ['are remembered of 50,000 devices'],
  },
  'requests on one HTTP/1.1 connection': {
    [balancer('net/http-host')]: [
      'works on a hundred requests of a connection, however many a client pipelines, and closes it',
    ],
  },
  'durable results of one MQTT device whose PUBACK waits until they are kept': {
    [mqttBounds]: [
      'takes as many as its Receive Maximum, and ends at one more',
      'takes one more for each that is kept',
    ],
  },
  "a device's result": {
    [protocol('result-limits')]: [
      'goes on as it is',
      'ends its command as failed, and says why: %s',
      'has its texts cut, between two characters',
    ],
  },
  'one message to a balancer': {
    [pushServer('control/control-service')]: [
      'of %i bytes ends its command, and neither the channel nor other commands',
    ],
  },
  'the message of an error, and the name of a field in it, on any wire': {
    [protocol('status')]: ['take %s', 'take a message with %s, which grpc-js can write'],
    [grpcHost]: ['answers in words that every client can read, whoever made them'],
  },
  'what a device declares that it can do': {
    [protocol('capabilities')]: [
      'has 128 names at most: the rest is left out, %s',
      'is held for the last 256 different ones, however many there are',
    ],
    [pushServer('links/grpc/messages')]: ['is no way to keep a push server busy, with %s'],
  },
  'a message to the health service of the admin port': {
    [balancer('admin/server')]: ['is asked in a thousand bytes'],
  },
  'a message of a caller with a token': {
    [balancer('commands/push-stream')]: [
      'refuses a message that is too large with the limit, and accepts nothing of it',
    ],
  },
  'the body of an HTTP request; of one to the REST API with a token': {
    [balancer('net/http-host')]: ['answers %s'],
    [balancer('rest/rest-api')]: ['reads bodies up to the size of a message, and of those without a token none'],
  },
  'commands under way in one balancer': {
    [balancer('commands/direct/direct-commands')]: [
      'is refused while too many commands are under way, and may come back',
    ],
    [balancer('commands/engine')]: ['are refused one by one beyond what may be under way'],
  },
  'routes to devices that a balancer remembers': {
    [balancer('commands/router')]: ['keeps a bounded number of routes, those used last'],
  },
  'devices whose sessions one balancer looks up in one turn of its event loop': {
    [balancer('commands/router')]: [
      'refuses one more where 200,000 are looked up in one turn, and has room again in the next',
      'reads together what is asked in one turn, each device once, 500 at most',
    ],
  },
  'balancers that are listed in the registry': {
    [registry('conformance/balancers.fixture.ts')]: [
      'are bounded in number: those go whose time ends first',
      'are listed until their time ends, which each announcement puts off',
    ],
  },
  'questions of one balancer to others about direct commands': {
    [balancer('commands/peers/peer-commands')]: [
      'has 1,000 questions in flight at most, and room again once they are answered',
    ],
  },
  'devices of which a balancer remembers that they exist': {
    [balancer('commands/durable/known-devices')]: [
      'holds for a minute what the registry has said of 100,000 devices; the first one is forgotten',
      'refuses what more devices are asked about than may be',
    ],
  },
  "commands that wait for one worker's channel in a balancer": {
    [balancer('commands/workers/worker-channel')]: [
      'has no more than 20,000 waiting, and room again once they are written',
    ],
    [balancer('commands/engine')]: [
      'are refused beyond the 20,000 that may wait for their worker, and nothing of those is sent',
      'of a large payload do not make messages that are too large',
    ],
    [balancer('commands/direct/command-state')]: ['$what: $outcome'],
  },
  "reports that wait for one balancer's channel in a worker": {
    [pushServer('control/balancer-channels')]: [
      'keeps 50,000 reports for a balancer that does not read, and drops what comes then',
    ],
  },
  'results that came over another link, kept for balancers that come back': {
    [pushServer('control/recent-reports')]: [
      'is kept for as long as a balancer waits for it',
      'is bounded in number and bytes: the oldest goes',
      'has room for others beside a device that invents %s',
    ],
  },
  "direct commands that nobody waits for, and the last that ended without a listener or with an id of their caller's": {
    [balancer('commands/direct/command-memory')]: [
      'keeps what has ended for a minute',
      'lets the oldest go that nobody waits for when there are more than 10,000',
      'holds no more than 64 MiB of those that nobody waits for',
      'forgets the one that ended first of more than 10,000',
      'has room again for what has ended before its time',
    ],
  },
  'commands under way on one PushStream': {
    [balancer('commands/push-stream')]: [
      'takes no more while 4,096 commands are under way, sent %s, and goes on as they end',
    ],
  },
  'durable commands of one device that have not ended': {
    [registry('conformance/command-endings.fixture.ts')]: [
      'are refused where the queue is full, unless a less urgent one waits there',
      'are refused where the bytes of the queue are used up; one that collapses makes room',
    ],
    [balancer('commands/durable/durable-commands')]: ['is refused where the queue of its device is full'],
  },
  'durable commands on their way to one device, unconfirmed': {
    [registry('conformance/commands.fixture.ts')]: [
      'lets no more than the window be on their way, and says when there is room again',
    ],
    [pushServer('durable/durable-delivery')]: ['go out window by window until none is left'],
  },
  'durable commands handed to workers that have not said anything of them, in one balancer': {
    [balancer('commands/durable/dispatch')]: [
      'knows of 50,000 for which session they went out, and gives no other back',
    ],
  },
  'durable commands that one balancer waits to read from the registry': {
    [balancer('commands/durable/status-subscriptions')]: [
      'has at most 20,000 commands waiting to be read, and reads the others in their turn',
    ],
  },
  'durable commands that one balancer remembers to write them again': {
    [runtime('confirmed-writes')]: [
      'leaves out the oldest beyond its bounds',
      'leaves out what is too old though nothing came since',
    ],
  },
  'durable commands that one balancer gives back to the registry': {
    [balancer('commands/durable/dispatch')]: [
      'holds 20,000 commands that are to be given back; the sweep finds others',
    ],
  },
  'devices that a process remembers to have marked in Redis as having commands': {
    [registry('redis/commanded-devices.test.ts')]: [
      'remembers up to 100,000 devices as marked, and then marks them anew',
    ],
  },
  'devices whose durable commands a worker is taking from the registry': {
    [pushServer('durable/durable-delivery')]: ['are taken for many devices at once, but not for all'],
  },
  'status updates of durable commands in one worker, while the registry does not answer': {
    [pushServer('durable/status-update-queue')]: [
      '%s drops the oldest progress, then what is to be added',
      '%s has room for all others beside a device that invents results',
    ],
    [pushServer('durable/durable-delivery')]: ['gets through although the registry cannot take another one'],
  },
  'group pushes run by one balancer': {
    [balancer('group-push/job')]: ['begins no other one, and leaves those that there are to others'],
  },
  'devices of a group push between being found and being sent to': {
    [balancer('group-push/targets')]: [
      'holds less than two pages of a thousand, and reads no more until they are taken',
      'is bounded: %s',
    ],
  },
  'devices whose tickets a balancer made void, to be told to workers that were out of reach': {
    [balancer('commands/workers/ticket-voider')]: [
      'tells every worker, and those that were out of reach once they are reached, for five minutes',
      'remembers the newest where there are very many',
    ],
    [pushServer('links/link-table')]: ['are found when %s is asserted, by a worker that nobody has told'],
  },
  'devices for whose sessions a worker asked the registry without an answer, to be looked up once it answers': {
    [runtime('unanswered')]: ['leaves out those beyond 50,000'],
  },
  'evictions from other workers that got no answer, to be repeated': {
    [runtime('unanswered')]: ['leaves out those beyond 50,000'],
    [pushServer('control/evictor')]: ['gives an unreachable worker up after two minutes'],
  },
  'links that an import ends, because it brings other secrets': {
    [balancer('commands/workers/ticket-voider')]: ['paces those whose links end by it, and no others'],
  },
  'calls of one process that wait for a SQLite file which another process holds': {
    [registry('embedded/busy-queue.test.ts')]: [
      'refuses what has waited for too long, and takes up what came later',
      'refuses at once when too many wait',
    ],
  },
  'tunnels open on one balancer': {
    'test/tunnel.test.ts': ['are bounded in number, on the balancer and on the device'],
  },
  'tunnels open on one device': {
    'test/tunnel.test.ts': ['are bounded in number, on the balancer and on the device'],
  },
  'calls on one tunnel connection of a device': {
    'packages/device-sdk/src/tunnels/opener.test.ts': [
      'has no more than eight tunnels on a connection, and closes it after the last one',
    ],
  },
  'ends of tunnels that wait on one worker for a balancer': {
    [pushServer('tunnels/tunnels')]: [
      'has no more than 1,000 devices waiting, and room again for each that leaves',
      'lets go of a device for which no balancer comes',
    ],
  },
  'data of one tunnel in one process, each direction': {
    [protocol('tunnel/tunnel-stream')]: ['stops the %s while the %s does not read, and goes on when it does'],
  },
  'links on one worker': {
    [mqttBounds]: ['is refused by a worker that is full, with the address of another push server'],
    [pushServer('links/link-table')]: [
      'count against the capacity; a device takes the places that are its own',
      'takes at most 64 more than it has room for over from others',
    ],
    [pushServer('supervisor/capacity')]: [
      'has room for all links or says what is missing, and stays within both limits',
    ],
  },
  'commands that are traced, open in one worker; of one group push, in each batch and in all': {
    [pushServer('links/delivery-traces')]: ['the oldest of very many is not kept'],
    [balancer('group-push/group-push-trace')]: ['ten commands of each batch have spans, and a hundred in all'],
  },
  'spans that have ended and wait to be exported, in one process': {
    [runtime('tracing/otel-tracer')]: ['spans beyond the queue of the exporter are dropped'],
  },
  'events that wait for one watcher': {
    [balancer('events/events')]: ['sends away a watcher that does not read; its last token is good'],
  },
  'devices whose groups one balancer knows for watchers of events with a scope': {
    [balancer('events/scoped-watch')]: [
      'asks for no device twice in a second, for none that it does not want, and nothing where nobody has a scope',
      'remembers the groups of 10,000 devices, and asks for the others again',
    ],
  },
  'samples of the overview’s history in one balancer; devices in the heartbeat of a push server that it took for clones':
    {
      [balancer('overview/overview')]: [
        'are kept every ten seconds for an hour, with the rates of all balancers together',
      ],
      [pushServer('supervisor/sightings')]: ['keep the newest 20 devices'],
    },
  'sign-ins to the console that fail from one IPv4 address or IPv6 network of 64 bits; networks that a balancer remembers':
    {
      [runtime('sign-in/sign-in-lock')]: [
        'looks at ten that fail, and then at none for a time',
        'remembers a bounded number of keys, and first forgets those that tried longest ago',
      ],
    },
  'sign-ins of devices that fail, in one balancer or worker, by device and address, by address, by device; keys of each that it remembers; devices that it knows with their addresses':
    {
      [runtime('sign-in/device-sign-ins')]: [
        'are looked at a few times of ten thousand from one address, for one device or for many',
        'from many addresses lock a device for a minute at most',
      ],
      [runtime('sign-in/sign-in-lock')]: [
        'remembers a bounded number of keys, and first forgets those that tried longest ago',
      ],
      [pushServer('tickets/guarded-tickets')]: ['looks at a few of ten thousand tickets that no balancer signed'],
      [balancer('assignment/guessing')]: [
        'is looked at a few times of ten thousand, and no device that has signed in from there',
      ],
    },
  'handshakes of clients from whose addresses sign-ins are locked, on one port of a process': {
    [runtime('net/handshake-queue')]: ['begin with suspects last, and with twenty of them in a second'],
  },
  'sessions of the console, and codes of links to sign in': {
    [registry('conformance/token-grants.fixture.ts')]: [
      'are bounded in number: the oldest of a token end, and the oldest of all',
    ],
  },
  'ids, and records with sessions, that one call to list devices looks at, and for how long': {
    [registry('redis/device-finder.test.ts')]: [
      'looks at 200,000 ids in one search, and goes on in the next',
      'looks up 5,000 records in one search, and goes on in the next',
      'looks for 100 ms in one search, at one part of the index at least, and goes on in the next',
      'goes on in the middle of a part where its records and sessions take too long',
    ],
    [registry('embedded/fleet.test.ts')]: [
      'a search for devices goes on for 100 ms, through one part of them at least, and then in the next',
    ],
  },
  'changes of where a device was connected, kept with its session': {
    [registry('conformance/session-history.fixture.ts')]: ['has the last 20 changes, newest first'],
  },
  'enrollment tokens, and their registrations that have begun': {
    [registry('conformance/enrollment-tokens.fixture.ts')]: [
      'are bounded in number; those that have ended make room',
      'remember a bounded number of devices that are not settled',
    ],
  },
  'API tokens': { [registry('conformance/api-tokens.fixture.ts')]: ['are bounded in number'] },
  'audit events that wait for the registry, in one balancer': {
    [balancer('access/audit-log')]: ['keeps at most 10,000 that wait, and says how many are lost'],
  },
  'a row of an import file; a double quote that is not closed': {
    [cli('devices/import')]: [
      '%s is refused by its name and line: %j',
      'with a double quote that is %s is read no further than 64 KiB beyond it',
    ],
  },
  'a fleet file': {
    [cli('fleet-file/yaml-file')]: ['refuses %s by its place', 'refuses aliases that stand for millions of values'],
    [runtime('text/text-reader')]: [
      'reads a file of %i bytes where it may have as many, and not where it may have one less',
    ],
  },
  'a file of certificates or keys; of a secret': {
    [cli('state/pem-files')]: ['with %s are refused in words that name the variable and the file'],
    [cli('fleet-file/load-secrets')]: ['refuses a file with %s, without showing it'],
  },
  'sessions being closed in the registry by one worker': {
    [pushServer('links/session-closer')]: ['closes 64 sessions at a time, the others as those are done'],
  },
  'sessions that one worker asserts, where the registry may have lost them': {
    [pushServer('links/session-asserter')]: [
      'asserts 2,000 sessions a second at most, which a registry that has just come back can take',
    ],
  },
  'events of one worker that wait for a heartbeat': {
    [pushServer('links/session-reporter')]: ['drops the oldest of too many events, and says how many'],
  },
  'events kept in the registry': {
    [registry('conformance/events.fixture.ts')]: [
      'keeps about the last 100,000',
      'says "gone" where events after the cursor were lost or dropped, or it never was one',
    ],
  },
  'commands of one device that have ended, in the registry': {
    [registry('conformance/command-deadlines.fixture.ts')]: [
      'are forgotten, with their keys, when a thousand later ones of their device have ended',
    ],
  },
  'imports of devices at once on one balancer; errors that one of them lists': {
    [balancer('fleet/import-devices')]: [
      'is one of two at once: a third is told to come later',
      'lists the first 1,000 errors and counts the rest',
    ],
  },
  'push servers whose addresses one balancer is probing': {
    [balancer('reachability/reachability')]: [
      'has 16 under way at most, takes new ones first, and goes on when one has ended',
    ],
  },
};
