/** What a device asks a balancer; the JSON form of AssignRequest. */
export interface AssignQuestion {
  deviceId: string;
  secret: string;
  unreachableNodeIds: readonly string[];
}

/**
 * Asks one balancer. Resolves with an AssignResponse as it came; rejects with a PushfleetError where the balancer
 * refused, with any other error where it could not be reached or the signal aborted. Holds no connection afterwards.
 */
export type AskBalancer = (balancer: URL, question: AssignQuestion, signal: AbortSignal) => Promise<unknown>;
