import { Metadata, type ServiceError } from '@grpc/grpc-js';
import { type admin, fromStatus } from '@pushfleet/protocol';
import { CommandService } from '@pushfleet/protocol/admin';
import { createGrpcClient } from '../network/grpc-client.ts';
import { Host, SimulatedProcess } from '../world/process.ts';
import { ports, type Surroundings } from './surroundings.ts';

type Client = InstanceType<typeof CommandService>;
type Reply = (
  error: ServiceError | null,
  answer: { groupPush?: admin.GroupPush | null | undefined } | undefined,
) => void;

/** A command to a group, and what was asked for since. */
export interface GroupPushStory {
  readonly name: string;
  readonly ttlMs: number;
  readonly askedAtMs: number;
  /** Devices that are in the group from then on, so far as they are not deleted. */
  readonly devices: readonly string[];
  id?: string;
  /** When it was told to be cancelled. */
  cancelledAtMs?: number;
  /** Everything that was asked for has been answered. */
  isSettled: boolean;
}

const everyMs = 45_000;
const answerWithinMs = 10_000;
const againMs = 2_000;
/** A group of so many devices, or fewer, may be reached at one a second; a larger one as many times as fast. */
const smallGroup = 20;

/** An operator who pushes to the whole group, pauses, resumes and cancels, through random balancers, and insists on it. */
export class GroupPushOperator {
  readonly stories: GroupPushStory[] = [];
  readonly #process: SimulatedProcess;
  readonly #clients: readonly Client[];
  readonly #group: string;
  readonly #devices: () => readonly string[];
  #isPushing = true;

  /** @param devices Ids of those that are in the group now. */
  constructor(
    { world, network }: Surroundings,
    balancers: readonly string[],
    group: string,
    devices: () => readonly string[],
  ) {
    const host = network.addHost(new Host('groups', '10.0.0.203'));
    this.#process = new SimulatedProcess(world, 'groups', host);
    this.#group = group;
    this.#devices = devices;
    this.#clients = balancers.map(
      (address) =>
        createGrpcClient(CommandService.service, {
          network,
          process: this.#process,
          address,
          port: ports.admin,
        }) as Client,
    );
  }

  start(): void {
    this.#process.receive(() => this.#pushLater());
  }

  stop(): void {
    this.#isPushing = false;
  }

  #pushLater(): void {
    this.#process.clock.after(2 * everyMs * this.#process.random.next(), () => {
      if (!this.#isPushing) return;
      this.#push();
      this.#pushLater();
    });
  }

  #push(): void {
    const { random, world } = this.#process;
    const ttlMs = random.pick([0, 60_000, 120_000]);
    const name = `group-${this.stories.length + 1}`;
    const devices = this.#devices();
    const story: GroupPushStory = { name, ttlMs, askedAtMs: world.nowMs, devices, isSettled: false };
    this.stories.push(story);
    const request: admin.PushToGroupRequestInit = {
      group: this.#group,
      operation: { kind: 'custom', custom: { name: 'group', payload: Buffer.alloc(0) } },
      delivery:
        ttlMs > 0 ? { ttlMs, finishWithinMs: ttlMs + 20_000 } : { deliverWithinMs: 10_000, finishWithinMs: 30_000 },
      pace: { commandsPerSecond: random.pick([0, 1, 5]) * Math.ceil(devices.length / smallGroup) },
      // Whoever does not hear whether it was begun asks again.
      idempotencyKey: name,
    };
    this.#insist(
      `${name}: push for ${ttlMs} ms`,
      (client, options, reply) => client.pushToGroup(request, new Metadata(), options, reply),
      (groupPush) => {
        story.id = groupPush.groupPushId;
        this.#goOn(story, groupPush.groupPushId);
      },
    );
  }

  #goOn(story: GroupPushStory, groupPushId: string): void {
    const { random, clock } = this.#process;
    const settle = () => {
      story.isSettled = true;
    };
    const ask = (what: 'pause' | 'resume' | 'cancel', then: () => void) => {
      const methods = { pause: 'pauseGroupPush', resume: 'resumeGroupPush', cancel: 'cancelGroupPush' } as const;
      this.#insist(
        `${story.name}: ${what}`,
        (client, options, reply) => client[methods[what]]({ groupPushId }, new Metadata(), options, reply),
        ({ state }) => {
          if (state === 'GROUP_PUSH_STATE_CANCELLED') story.cancelledAtMs = this.#process.world.nowMs;
          then();
        },
      );
    };
    const later = (run: () => void) => void clock.after(random.whole(100, 15_000), run);
    const next = random.pick(['nothing', 'pause', 'cancel'] as const);
    if (next === 'nothing') settle();
    else if (next === 'cancel') later(() => ask('cancel', settle));
    else {
      const last = random.pick(['resume', 'resume', 'cancel'] as const);
      later(() => ask('pause', () => later(() => ask(last, settle))));
    }
  }

  /** Asks one balancer after the other until one answers. */
  #insist(
    what: string,
    ask: (client: Client, options: { deadline: number }, reply: Reply) => unknown,
    onAnswer: (groupPush: admin.GroupPush) => void,
  ): void {
    const { random, clock, world } = this.#process;
    const deadline = clock.wallMs() + answerWithinMs;
    world.record('groups', what);
    ask(random.pick(this.#clients), { deadline }, (error, answer) => {
      const code = error ? fromStatus(error).code : undefined;
      if (answer?.groupPush) {
        world.record('groups', `${what}: is told ${answer.groupPush.state}`);
        onAnswer(answer.groupPush);
      } else if (code === 'INTERNAL') world.find('internal error', `${what}: ${error?.details}`);
      else if (code !== 'GROUP_PUSH_NOT_FOUND') clock.after(againMs, () => this.#insist(what, ask, onAnswer));
      else world.record('groups', `${what}: is told that it is lost`);
    });
  }
}
