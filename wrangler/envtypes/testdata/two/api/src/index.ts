import { DurableObject, WorkerEntrypoint, WorkflowEntrypoint } from "cloudflare:workers";
export class Room extends DurableObject {}
export class Flow extends WorkflowEntrypoint {}
export class Admin extends WorkerEntrypoint {}
export default class extends WorkerEntrypoint {}
