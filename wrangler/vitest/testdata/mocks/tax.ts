export function rate() { return 0.2; }
