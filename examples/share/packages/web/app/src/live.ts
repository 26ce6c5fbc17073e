import { createSignal, onCleanup } from "solid-js";
import {
  CLOSE_DELETED,
  PING,
  PONG,
  type ClientMessage,
  type ServerMessage,
} from "../../../shared/protocol";
import { ApiError, readMetadata } from "./api";

export type Status = "connecting" | "live" | "saving" | "offline" | "missing";

/** Typing is sent this long after the last key, so one message carries a burst. */
const SEND_AFTER_MS = 150;
const PING_EVERY_MS = 20_000;
const RETRY_MIN_MS = 500;
const RETRY_MAX_MS = 15_000;

/**
 * The text of a share, kept the same in every browser that has it open.
 *
 * The room numbers the edits; the highest number is the current text. What was typed here and is
 * not acknowledged yet will get a higher number than anything that arrives meanwhile, so arriving
 * text is only shown when nothing of ours is on its way.
 */
export function createLiveShare(id: string) {
  const [text, setText] = createSignal("");
  const [title, setTitle] = createSignal("");
  const [clients, setClients] = createSignal(0);
  const [seq, setSeq] = createSignal(0);
  const [status, setStatus] = createSignal<Status>("connecting");
  const [problem, setProblem] = createSignal("");

  let socket: WebSocket | undefined;
  let dirty = false; // typed, not sent
  let unacknowledged = 0; // sent, not answered
  let failures = 0;
  let closed = false;
  let answered = true; // the last ping was
  let sendTimer: ReturnType<typeof setTimeout> | undefined;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;

  function connect(): void {
    clearTimeout(retryTimer);
    setStatus("connecting");
    const url = new URL(`/ws/${id}`, location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const mine = new WebSocket(url);
    socket = mine;
    answered = true;
    mine.onmessage = (event) => {
      if (event.data === PONG) answered = true;
      else receive(JSON.parse(event.data as string) as ServerMessage);
    };
    mine.onclose = (event) => {
      if (mine === socket) lost(event.code);
    };
  }

  function receive(message: ServerMessage): void {
    switch (message.type) {
      case "snapshot":
        failures = 0;
        setTitle(message.document.title);
        setClients(message.clients);
        // What was on its way when the connection broke is sent again, unless it did arrive.
        if (unacknowledged > 0 && message.document.content !== text()) dirty = true;
        unacknowledged = 0;
        setSeq(message.document.seq); // whatever it was: the room knows
        show(message.document.seq, message.document.content);
        settle();
        if (dirty) flush();
        break;
      case "edit":
        show(message.seq, message.content);
        break;
      case "ack":
        unacknowledged = Math.max(0, unacknowledged - 1);
        setProblem("");
        setSeq(Math.max(seq(), message.seq));
        settle();
        break;
      case "presence":
        setClients(message.clients);
        break;
      case "error":
        unacknowledged = Math.max(0, unacknowledged - 1);
        setProblem(message.message);
        settle();
        break;
    }
  }

  function show(number: number, content: string): void {
    if (number < seq()) return;
    setSeq(number);
    if (!dirty && unacknowledged === 0) setText(content);
  }

  function settle(): void {
    setStatus(dirty || unacknowledged > 0 ? "saving" : "live");
  }

  function type(content: string): void {
    setText(content);
    dirty = true;
    if (status() === "live") setStatus("saving");
    clearTimeout(sendTimer);
    sendTimer = setTimeout(flush, SEND_AFTER_MS);
  }

  function flush(): void {
    clearTimeout(sendTimer);
    if (!dirty || socket?.readyState !== WebSocket.OPEN) return;
    socket.send(JSON.stringify({ type: "edit", content: text(), base: seq() } satisfies ClientMessage));
    dirty = false;
    unacknowledged++;
  }

  /** Tries again: soon at first, then ever more rarely, and never all browsers at the same moment. */
  function lost(code: number): void {
    if (closed) return;
    setClients(0);
    if (code === CLOSE_DELETED) {
      setStatus("missing");
      return;
    }
    setStatus("offline");
    const delay = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** failures++);
    retryTimer = setTimeout(retry, delay * (0.5 + Math.random() / 2));
  }

  /** A refused handshake does not tell the page why, so it asks the API. */
  async function retry(): Promise<void> {
    try {
      await readMetadata(id);
    } catch (error) {
      if (closed) return;
      if (error instanceof ApiError && error.status === 404) setStatus("missing");
      else lost(0);
      return;
    }
    if (!closed) connect();
  }

  const heartbeat = setInterval(() => {
    if (socket?.readyState !== WebSocket.OPEN) return;
    if (!answered) return socket.close(); // the network went away without a word
    answered = false;
    socket.send(PING);
  }, PING_EVERY_MS);

  const online = () => {
    if (status() === "offline") {
      failures = 0;
      clearTimeout(retryTimer);
      void retry();
    }
  };
  // A page kept for the back button would stay in the room; if it comes back, so does its connection.
  const hide = () => {
    flush();
    socket?.close(1000);
  };
  addEventListener("online", online);
  addEventListener("pagehide", hide);

  onCleanup(() => {
    flush();
    closed = true;
    clearTimeout(sendTimer);
    clearTimeout(retryTimer);
    clearInterval(heartbeat);
    removeEventListener("online", online);
    removeEventListener("pagehide", hide);
    socket?.close(1000);
  });

  void retry();
  return { text, title, clients, seq, status, problem, type };
}
