import { EmailMessage } from "cloudflare:email";

// What it does with a message stands in its subject.
export default {
  async email(m, env) {
    const id = m.headers.get("message-id");
    switch (m.headers.get("subject")) {
      case "reject": return m.setReject("no thanks");
      case "throw": throw new Error("broken");
      case "forward": return m.forward("else@example.com", new Headers({ "X-A": "1" }));
      case "reply": return m.reply(new EmailMessage(m.to, m.from, `From: ${m.to}\r\nIn-Reply-To: ${id}\r\nMessage-ID: <r@x>\r\n\r\nyes`));
      case "wrong": return m.reply(new EmailMessage(m.to, m.from, `From: ${m.to}\r\nMessage-ID: <r@x>\r\n\r\nyes`));
      case "built": return m.reply({ from: m.to, subject: "re", text: "hello" });
      case "resend": return env.ANY.send(new EmailMessage(m.from, m.to, m.raw));
    }
  },
};
