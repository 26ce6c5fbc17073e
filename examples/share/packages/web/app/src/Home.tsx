import { For, Show, createResource, createSignal, onMount } from "solid-js";
import { createShare, deleteShare, listSessions } from "./api";
import { follow, go } from "./route";
import { bytes, timeAgo } from "./text";

export function Home() {
  const [list, { refetch }] = createResource(listSessions);
  const [title, setTitle] = createSignal("");
  const [busy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal("");

  onMount(() => (document.title = "Share"));

  async function attempt(action: () => Promise<void>): Promise<void> {
    setBusy(true);
    setProblem("");
    try {
      await action();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  }

  function create(event: SubmitEvent): void {
    event.preventDefault();
    void attempt(async () => {
      const { id } = await createShare(title() || "Untitled", "");
      go(`/s/${id}`);
    });
  }

  function remove(id: string, name: string): void {
    if (!confirm(`Delete “${name}” for everyone?`)) return;
    void attempt(async () => {
      await deleteShare(id);
      await refetch();
    });
  }

  return (
    <>
      <section class="intro">
        <h1>Write together</h1>
        <p>Start a session, send the link, and everyone types into the same page.</p>
        <form class="create" onSubmit={create}>
          <label class="hidden" for="title">
            Title of the new session
          </label>
          <input
            id="title"
            placeholder="Title, for example “Release notes”"
            maxLength={80}
            value={title()}
            onInput={(event) => setTitle(event.currentTarget.value)}
          />
          <button class="button" disabled={busy()}>
            New session
          </button>
        </form>
        <p class="problem" role="alert">
          {problem()}
        </p>
      </section>

      <section aria-labelledby="sessions">
        <div class="heading">
          <h2 id="sessions">Sessions</h2>
          <button class="quiet" onClick={() => void refetch()}>
            Refresh
          </button>
        </div>
        <Show when={!list.error} fallback={<p class="card empty">The list cannot be read: {String(list.error?.message)}</p>}>
          <Show when={list.latest?.sessions.length} fallback={<p class="card empty">{list.loading ? "Loading …" : "No sessions yet."}</p>}>
            <ul class="sessions">
              <For each={list.latest?.sessions}>
                {(session) => (
                  <li class="card">
                    <a href={`/s/${session.id}`} onClick={follow}>
                      <strong>{session.title}</strong>
                      <span class="facts">
                        {timeAgo(session.updatedAt)} · {bytes(session.bytes)} · revision {session.seq}
                      </span>
                    </a>
                    <button class="quiet" aria-label={`Delete ${session.title}`} onClick={() => remove(session.id, session.title)}>
                      Delete
                    </button>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        </Show>
      </section>
    </>
  );
}
