import { RpcTarget, WorkerEntrypoint } from "cloudflare:workers";

class Wallet extends RpcTarget {
  balance() {
    return 12345;
  }
}

class Account extends RpcTarget {
  wallet() {
    return new Wallet();
  }
}

// Back is called by the other worker.
export class Back extends WorkerEntrypoint {
  add(a, b) {
    return a + b;
  }
  account(name) {
    return new Account();
  }
}

export default {
  fetch() {
    return new Response("not found", { status: 404 });
  },
};
