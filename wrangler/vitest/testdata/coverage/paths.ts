interface Named {
  first?: string;
  last?: string;
}

export type Kind = "small" | "big";

export function classify(n: number): Kind | "none" {
  if (n < 0) {
    return "none";
  } else if (n < 10) return "small";
  return "big";
}

export const pick = (key: string, otherwise = "nothing"): string => {
  switch (key) {
    case "a":
    case "b":
      return "first";
    case "c": {
      const text = "third";
      return text;
    }
    default:
      return otherwise;
  }
};

export const name = (who?: Named) => who?.first ?? who?.last ?? "nobody";

export const first = <T>(list: T[]): T | undefined => (list.length > 0 ? list[0] : undefined);

export function lastly(): string {
  let log = "";
  try {
    log += "t";
    if (log.length > 5) throw new Error("long");
  } catch (e) {
    log += "c";
  } finally {
    log += "f";
  }
  return log;
}

export function loops(n: number): number {
  let sum = 0;
  for (let i = 0, j = 1; i < n; i++) sum += i * j;
  for (const x of [1, 2]) {
    if (x === 2) continue;
    sum += x;
  }
  while (sum > 100) sum--;
  outer: for (;;) {
    for (;;) break outer;
  }
  do sum++;
  while (sum < 3);
  return sum && (n > 100 || !n) ? -1 : sum;
}

export class Counter {
  #n = 1;
  private readonly by: number = 2;
  step = () => this.by;

  get n(): number {
    return this.#n;
  }

  add({ times = 1 }: { times?: number } = {}): number {
    this.#n += times * this.step();
    return this.#n;
  }

  never(): void {
    throw new Error(
      "never",
    );
  }
}

export async function later(ok: boolean): Promise<string> {
  const value = await Promise.resolve(ok);
  if (!value) {
    return "no";
  }
  return "later";
}

export function unused(n: number): number {
  const twice = n * 2;
  return twice;
}

/* istanbul ignore next */
export function ignored(): string {
  return "not counted";
}
