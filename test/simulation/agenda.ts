/** What happens when, in virtual time: a binary heap, first by time and then by the order of asking. */
export class Agenda {
  now: number;
  private readonly times: number[] = [];
  private readonly orders: number[] = [];
  private readonly acts: (() => void)[] = [];
  private asked = 0;

  constructor(start: number) {
    this.now = start;
  }

  get isEmpty(): boolean {
    return this.acts.length === 0;
  }

  at(time: number, act: () => void): void {
    const { times, orders, acts } = this;
    const due = time > this.now ? time : this.now;
    const order = this.asked;
    this.asked += 1;
    let hole = acts.length;
    times.push(due);
    orders.push(order);
    acts.push(act);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (times[parent]! <= due) break;
      times[hole] = times[parent]!;
      orders[hole] = orders[parent]!;
      acts[hole] = acts[parent]!;
      hole = parent;
    }
    times[hole] = due;
    orders[hole] = order;
    acts[hole] = act;
  }

  after(ms: number, act: () => void): void {
    this.at(this.now + ms, act);
  }

  /** Runs the next act; false when nothing is left to happen. */
  next(): boolean {
    const { times, orders, acts } = this;
    const act = acts[0];
    if (act === undefined) return false;
    this.now = times[0]!;
    const time = times.pop()!;
    const order = orders.pop()!;
    const last = acts.pop()!;
    if (acts.length > 0) this.sink(time, order, last);
    act();
    return true;
  }

  /** Forgets everything that was to come: a process that died has no plans. */
  clear(): void {
    this.times.length = 0;
    this.orders.length = 0;
    this.acts.length = 0;
  }

  private sink(time: number, order: number, act: () => void): void {
    const { times, orders, acts } = this;
    const size = acts.length;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) break;
      if (child + 1 < size && this.isBefore(child + 1, child)) child += 1;
      const childTime = times[child]!;
      if (time < childTime || (time === childTime && order < orders[child]!)) break;
      times[hole] = childTime;
      orders[hole] = orders[child]!;
      acts[hole] = acts[child]!;
      hole = child;
    }
    times[hole] = time;
    orders[hole] = order;
    acts[hole] = act;
  }

  private isBefore(a: number, b: number): boolean {
    const { times, orders } = this;
    return times[a]! < times[b]! || (times[a] === times[b] && orders[a]! < orders[b]!);
  }
}
