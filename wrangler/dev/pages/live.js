// Pages of a dev session load this: it shows build errors over the page while
// they last and, with ?reload, loads the page anew when a new version serves.
(() => {
  "use strict";
  const self = document.currentScript;
  const options = new URL(self.src).searchParams;
  self.remove(); // the page's own code need not find it
  if (window !== top) return;
  let box, shown, dismissed, patience = 250;

  const hide = () => {
    box?.remove();
    box = shown = undefined;
  };

  // Styles are set one by one: a page's policy may forbid style sheets.
  const make = (name, properties, style) => {
    const e = Object.assign(document.createElement(name), properties);
    Object.assign(e.style, style);
    return e;
  };

  const show = (build) => {
    if (build === shown || build === dismissed) return;
    hide();
    shown = build;
    box = make("miniworker-overlay", {}, { position: "fixed", inset: "0", zIndex: "2147483647", display: "block", background: "rgb(0 0 0 / .55)" });
    const root = box.attachShadow({ mode: "open" });
    const close = make("button", { type: "button", textContent: "Close", onclick: () => { dismissed = build; hide(); } },
      { position: "absolute", top: "1.6rem", right: "calc(4vw + .8rem)", font: "600 .9rem system-ui", padding: ".4rem .9rem", borderRadius: "8px", border: "1px solid", cursor: "pointer" });
    const frame = make("iframe", { src: `/cdn-cgi/local/build?${build}`, title: "Build error" },
      { position: "absolute", inset: "4vh 4vw", width: "92vw", height: "92vh", border: "0", borderRadius: "12px", background: "Canvas" });
    root.append(frame, close);
    document.documentElement.append(box); // frameworks own the body
    close.focus();
  };

  addEventListener("keydown", (e) => {
    if (e.key === "Escape" && box) {
      dismissed = shown;
      hide();
    }
  });

  const connect = () => {
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/cdn-cgi/live-reload`, "miniworker.live");
    socket.onmessage = ({ data }) => {
      patience = 250;
      const { version, stale, build } = JSON.parse(data);
      if (options.has("reload") && version !== options.get("version")) return location.reload();
      if (stale.length > 0) show(build);
      else hide();
    };
    socket.onclose = () => setTimeout(connect, patience = Math.min(patience * 2, 10_000));
  };
  connect();
})();
