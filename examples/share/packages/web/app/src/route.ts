import { createSignal } from "solid-js";

const [path, setPath] = createSignal(location.pathname);
addEventListener("popstate", () => setPath(location.pathname));

/** The current path, as a signal. */
export { path };

export function go(to: string): void {
  history.pushState(null, "", to);
  setPath(to);
  scrollTo(0, 0);
}

/** For `<a onClick>`: an ordinary click stays in the app, anything else is the browser's. */
export function follow(event: MouseEvent & { currentTarget: HTMLAnchorElement }): void {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(event.currentTarget.pathname);
}
