/** The kinds of processes that have metrics of their own. */
export type MeteredProcess = 'balancer' | 'supervisor' | 'worker';

/**
 * How the values of a push server's processes become one: `sum`, or the largest, or none: each process has a line of its own, with
 * the label `process`.
 */
export type Merge = 'sum' | 'max' | 'each';

export interface Metric<Value extends string = string> {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** The processes that have it. */
  readonly of: readonly MeteredProcess[];
  readonly merge: Merge;
  /** `undefined`: it has one value. */
  readonly label: string | undefined;
  /** All values that the label can have, one of them empty where there is no label. */
  readonly values: readonly Value[];
  /** Upper bounds of a histogram's buckets, ascending; the last bucket has none. */
  readonly buckets: readonly number[];
}

type Labelled<Value extends string> = readonly [name: string, values: readonly Value[]];

interface Described<Value extends string> {
  name: string;
  help: string;
  of: readonly MeteredProcess[];
  merge?: Merge;
  label?: Labelled<Value>;
}

export function counter<Value extends string = ''>(described: Described<Value>): Metric<Value> {
  return create('counter', described, []);
}

export function gauge<Value extends string = ''>(described: Described<Value>): Metric<Value> {
  return create('gauge', described, []);
}

export function histogram<Value extends string = ''>(
  described: Described<Value> & { buckets: readonly number[] },
): Metric<Value> {
  return create('histogram', described, described.buckets);
}

/** The numbers that one label value takes: a histogram has its buckets, and the sum of what was observed. */
export function widthOf({ type, buckets }: Metric): number {
  return type === 'histogram' ? buckets.length + 2 : 1;
}

function create<Value extends string>(
  type: Metric['type'],
  { name, help, of, merge = 'sum', label }: Described<Value>,
  buckets: readonly number[],
): Metric<Value> {
  const values = label ? label[1] : (['' as Value] as const);
  return { name, help, type, of, merge, label: label?.[0], values, buckets };
}
