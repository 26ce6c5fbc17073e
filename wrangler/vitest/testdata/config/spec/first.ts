globalThis.order = ["first"];
