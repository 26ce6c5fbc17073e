import { DurableObject, WorkerEntrypoint, WorkflowEntrypoint } from "cloudflare:workers";
export class Room extends DurableObject {}
export class Flow extends WorkflowEntrypoint {}
export class Named extends WorkerEntrypoint {}
export default { fetch: () => new Response("x") };
