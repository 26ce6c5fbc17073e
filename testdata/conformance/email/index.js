// send_email bindings.
import { EmailMessage } from "cloudflare:email";
import * as module from "cloudflare:email";
import { area, error } from "../probe.js";

const raw = (from, more = "Message-ID: <1@example.com>\r\n") => `From: ${from}\r\nTo: one@example.com\r\n${more}Subject: hello\r\n\r\nThe text.\r\n`;
const id = (r) => [Object.keys(r), /^<[A-Za-z0-9]{36}@[^>]+>$/.test(r.messageId), r.messageId.split("@")[1]];
const outcome = (p) => p.then(id, (e) => [e.constructor.name, e.message]);
const message = (to, text, from = "me@example.com") => new EmailMessage(from, to, text ?? raw(from));
const built = (o) => ({ from: "me@example.com", to: "one@example.com", subject: "s", text: "t", ...o });

export default area({
  "module": () => Object.keys(module).filter((k) => k !== "default"),
  "message": () => { const m = message("one@example.com"); return [m.from, m.to, typeof EmailMessage, EmailMessage.name]; },
  "send": ({ env }) => outcome(env.ANY.send(message("one@example.com"))),
  "send stream": ({ env }) => outcome(env.ANY.send(message("one@example.com", new Response(raw("me@example.com")).body))),
  "send bytes": ({ env }) => outcome(env.ANY.send(message("one@example.com", new TextEncoder().encode(raw("me@example.com"))))),
  "named sender": ({ env }) => outcome(env.ANY.send(message("one@example.com", raw('"Me" <me@example.com>')))),
  "no message-id": ({ env }) => outcome(env.ANY.send(message("one@example.com", raw("me@example.com", "")))),
  "other sender": ({ env }) => outcome(env.ANY.send(message("one@example.com", raw("you@example.com")))),
  "received": ({ env }) => outcome(env.ANY.send(message("one@example.com", raw("me@example.com", "Message-ID: <1@e.com>\r\nReceived: from x\r\n")))),
  "lines of LF": ({ env }) => outcome(env.ANY.send(message("one@example.com", raw("me@example.com").replaceAll("\r\n", "\n")))),
  "folded header": ({ env }) => outcome(env.ANY.send(message("one@example.com", raw("me@example.com", "Message-ID:\r\n <1@example.com>\r\n")))),
  "ONE": ({ env }) => outcome(env.ONE.send(message("one@example.com"))),
  "ONE refused": ({ env }) => outcome(env.ONE.send(message("two@example.com"))),
  "LIST": ({ env }) => outcome(env.LIST.send(message("b@example.com"))),
  "LIST refused": ({ env }) => outcome(env.LIST.send(message("one@example.com"))),
  "FROM": ({ env }) => outcome(env.FROM.send(message("one@example.com"))),
  "FROM refused": ({ env }) => outcome(env.FROM.send(message("one@example.com", null, "you@example.com"))),
  "built": ({ env }) => outcome(env.ANY.send(built())),
  "built html": ({ env }) => outcome(env.ANY.send(built({ text: undefined, html: "<b>t</b>" }))),
  "built names": ({ env }) => outcome(env.ANY.send(built({ from: { email: "me@sub.example.com", name: "Me" }, to: ["one@example.com", "Two <two@example.com>"] }))),
  "built cc": ({ env }) => outcome(env.ONE.send(built({ cc: "two@example.com", bcc: ["x@example.com"] }))),
  "built refused": ({ env }) => outcome(env.ONE.send(built({ to: ["one@example.com", "two@example.com"] }))),
  "built list": ({ env }) => outcome(env.LIST.send(built({ to: ["A <a@example.com>", "b@example.com"] }))),
  "built sender refused": ({ env }) => outcome(env.FROM.send(built({ from: "You <you@example.com>" }))),
  "built attachments": ({ env }) => outcome(env.ANY.send(built({ attachments: [{ filename: "a.txt", type: "text/plain", content: "aGVsbG8=", disposition: "attachment" }, { filename: "b", type: "image/png", content: new Uint8Array([1]), disposition: "inline", contentId: "b" }] }))),
});
