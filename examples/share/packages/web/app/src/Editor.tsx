import { Show, createEffect, createSignal } from "solid-js";
import { createLiveShare, type Status } from "./live";
import { follow } from "./route";

const LABELS: Record<Status, string> = {
  connecting: "Connecting …",
  live: "Live",
  saving: "Saving …",
  offline: "Offline, trying again",
  missing: "Gone",
};

export function Editor(props: { id: string }) {
  const share = createLiveShare(props.id);
  const [copied, setCopied] = createSignal(false);
  let area: HTMLTextAreaElement | undefined;

  createEffect(() => (document.title = share.title() ? `${share.title()} – Share` : "Share"));

  // Not a plain binding: replacing the text would send the caret to the end.
  createEffect(() => {
    const text = share.text();
    if (!area || area.value === text) return;
    const { selectionStart, selectionEnd, scrollTop } = area;
    const shift = (at: number) => moved(at, area!.value, text);
    const [start, end] = [shift(selectionStart), shift(selectionEnd)];
    area.value = text;
    if (document.activeElement === area) area.setSelectionRange(start, end);
    area.scrollTop = scrollTop;
  });

  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(location.href);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  }

  return (
    <Show
      when={share.status() !== "missing"}
      fallback={
        <section class="card empty">
          <h1>This share is gone</h1>
          <p>It was deleted, or the link is not complete.</p>
          <a class="button" href="/" onClick={follow}>
            To the sessions
          </a>
        </section>
      }
    >
      <section class="editor">
        <div class="heading">
          <h1>{share.title() || "…"}</h1>
          <p class="state">
            <span class="status" data-status={share.status()} role="status">
              {LABELS[share.status()]}
            </span>
            <Show when={share.clients() > 0}>
              <span class="people" title="Browsers in this session">
                {share.clients() === 1 ? "only you" : `${share.clients()} here`}
              </span>
            </Show>
            <button class="quiet" onClick={() => void copy()}>
              {copied() ? "Copied" : "Copy link"}
            </button>
          </p>
        </div>
        <label class="hidden" for="text">
          Text of the session
        </label>
        <textarea
          id="text"
          ref={area}
          placeholder="Start typing …"
          spellcheck={false}
          disabled={share.seq() === 0}
          onInput={(event) => share.type(event.currentTarget.value)}
        />
        <p class="foot">
          <span class="problem" role="alert">
            {share.problem()}
          </span>
          <span>revision {share.seq()}</span>
        </p>
      </section>
    </Show>
  );
}

/** Where a caret belongs after the text around it changed: it keeps its place before the first difference, and its distance to the end after it. */
function moved(at: number, before: string, after: string): number {
  let same = 0;
  while (same < at && same < after.length && before[same] === after[same]) same++;
  return same === at ? at : Math.max(same, after.length - (before.length - at));
}
