import { DurableObject, RpcTarget, WorkerEntrypoint } from "cloudflare:workers";

interface Env {
  BALANCES: DurableObjectNamespace<Balance>;
}

/** What a withdrawal beyond the balance ends in. */
class Overdrawn extends Error {
  name = "Overdrawn";
  constructor(readonly missing: number) {
    super(`The account lacks ${missing}.`);
  }
}

/** One account's movements. */
export class Balance extends DurableObject<Env> {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS moves (amount INTEGER)");
  }

  total(): number {
    return Number(this.ctx.storage.sql.exec("SELECT coalesce(sum(amount), 0) AS n FROM moves").one().n);
  }

  move(amount: number): number {
    const left = this.total() + amount;
    if (left < 0) throw new Overdrawn(-left);
    this.ctx.storage.sql.exec("INSERT INTO moves VALUES (?)", amount);
    return left;
  }

  moves(): number[] {
    return this.ctx.storage.sql.exec("SELECT amount FROM moves ORDER BY rowid").toArray().map((row) => Number(row.amount));
  }
}

/** What a caller gets for an account: its methods run here. */
class Account extends RpcTarget {
  constructor(private readonly object: DurableObjectStub<Balance>) {
    super();
  }

  get balance() {
    return this.object.total();
  }

  deposit(amount: number) {
    return this.object.move(amount);
  }

  withdraw(amount: number) {
    return this.object.move(-amount);
  }

  async history(line: (text: string) => Promise<void>) {
    for (const amount of await this.object.moves()) await line(amount < 0 ? `${amount}` : `+${amount}`);
  }
}

export class Ledger extends WorkerEntrypoint<Env> {
  bank(): string {
    return this.ctx.props.bank;
  }

  open(name: string): Account {
    return new Account(this.env.BALANCES.getByName(name));
  }
}

export default {
  fetch: () => new Response("The ledger has no pages; bind its entrypoint Ledger.", { status: 404 }),
};
