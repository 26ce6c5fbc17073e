import { Match, Show, Switch } from "solid-js";
import { Editor } from "./Editor";
import { Home } from "./Home";
import { follow, path } from "./route";

export function App() {
  const shareId = () => /^\/s\/([^/]+)\/?$/.exec(path())?.[1];
  return (
    <>
      <header class="bar">
        <a class="brand" href="/" onClick={follow}>
          <img src="/favicon.svg" alt="" width="28" height="28" />
          Share
        </a>
      </header>
      <main>
        <Switch fallback={<NotFound />}>
          <Match when={path() === "/"}>
            <Home />
          </Match>
          <Match when={shareId()}>
            {/* keyed: another share is another editor with a connection of its own */}
            <Show when={shareId()} keyed>
              {(id) => <Editor id={id} />}
            </Show>
          </Match>
        </Switch>
      </main>
    </>
  );
}

function NotFound() {
  return (
    <section class="card empty">
      <h1>Nothing here</h1>
      <p>This address is no page of the app.</p>
      <a class="button" href="/" onClick={follow}>
        To the sessions
      </a>
    </section>
  );
}
