import { classify } from "./paths";

// Nothing imports this file.
export function greet(name?: string): string {
  if (name) return `${name} ${classify(name.length)}`;
  return "hello";
}
