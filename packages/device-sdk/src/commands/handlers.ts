import { type common, invalidArgument, operationNames } from '@pushfleet/protocol';
import type { Handler, HandlerName, HandlerOf, OperationHandlers } from './command.ts';

/** The handler for tunnels is the SDK's own. */
type AnyHandlers = OperationHandlers & { openTunnel: Handler<common.OpenTunnel> };
type NamedHandler = AnyHandlers[keyof AnyHandlers];

/** A greeting has room for this many names, of this many bytes in all, beside the ticket. */
const maxNames = 128;
const maxNamesBytes = 8_192;

/** The handlers of this device's operations. */
export class Handlers {
  /** Created by the first handler. */
  #byName: Map<string, NamedHandler> | undefined;

  /** @throws PushfleetError INVALID_ARGUMENT: no name of an operation. */
  set<Name extends HandlerName>(name: Name, handler: HandlerOf<Name>): void {
    const known = ['forceSync', 'runTask', 'getStatistics', 'custom'].includes(name);
    if (!known && !/^custom:[A-Za-z0-9._:-]{1,128}$/.test(name)) {
      throw invalidArgument('name', 'forceSync, runTask, getStatistics, custom or custom:<name>');
    }
    this.#set(name, handler as NamedHandler);
  }

  delete(name: HandlerName): void {
    this.#byName?.delete(name);
  }

  allowTunnels(handler: AnyHandlers['openTunnel']): void {
    this.#set('openTunnel', handler);
  }

  get<Name extends keyof AnyHandlers>(name: Name): AnyHandlers[Name] | undefined {
    return this.#byName?.get(name) as AnyHandlers[Name] | undefined;
  }

  /** The handler of this custom operation, else the one for all of them. */
  getCustom(name: string): AnyHandlers['custom'] | undefined {
    return (this.#byName?.get(`custom:${name}`) as AnyHandlers['custom'] | undefined) ?? this.get('custom');
  }

  /** The operations that the device declares. Too many custom operations are declared as `custom`. */
  operations(): string[] {
    const declared = [...(this.#byName?.keys() ?? [])].flatMap((name) => {
      if (name === 'runTask') return [operationNames.runTask, operationNames.stopTask];
      return [operationNames[name as keyof AnyHandlers] ?? name];
    });
    if (declared.length <= maxNames && declared.join().length <= maxNamesBytes) return declared;
    return [...new Set(declared.map((name) => (name.startsWith('custom:') ? operationNames.custom : name)))];
  }

  #set(name: string, handler: NamedHandler): void {
    this.#byName ??= new Map();
    this.#byName.set(name, handler);
  }
}
