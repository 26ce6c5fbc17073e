// Work that is all JavaScript, about a millisecond or two of V8's time each.

// template renders a page of rows.
function template() {
  const escape = (s) => s.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
  let html = "";
  for (let i = 0; i < 3000; i++) {
    html += `<tr class="${i % 2 ? "odd" : "even"}"><td>${i}</td><td>${escape(`name <${i}> & "co"`)}</td></tr>\n`;
  }
  return html.length;
}

// transform groups, sorts and sums objects.
function transform() {
  const rows = [];
  for (let i = 0; i < 10000; i++) rows.push({ id: i, group: `g${(i * 7919) % 97}`, amount: (i * 31) % 1000 });
  const groups = new Map();
  for (const row of rows) {
    const g = groups.get(row.group) ?? { name: row.group, total: 0, rows: [] };
    g.total += row.amount;
    g.rows.push({ ...row, share: row.amount / 1000 });
    groups.set(row.group, g);
  }
  const sorted = [...groups.values()].sort((a, b) => b.total - a.total || (a.name < b.name ? -1 : 1));
  return sorted.reduce((n, g) => n + g.rows.filter((r) => r.amount > 500).length, 0);
}

// regex reads log lines.
function regex() {
  const line = /^(\d+\.\d+\.\d+\.\d+) - \[([^\]]+)\] "(GET|POST) ([^ "]+)" (\d{3}) (\d+)$/;
  let bytes = 0;
  for (let i = 0; i < 4000; i++) {
    const m = line.exec(`10.0.${i % 256}.1 - [2026-01-01T00:00:${i % 60}] "GET /path/${i}" 200 ${i}`);
    bytes += Number(m[6]);
  }
  return bytes;
}

// checksum is integer arithmetic on 64 KiB.
function checksum() {
  const data = new Uint8Array(64 << 10);
  for (let i = 0; i < data.length; i++) data[i] = i * 31;
  let a = 1;
  let h = 0x811c9dc5;
  for (let round = 0; round < 4; round++) {
    for (let i = 0; i < data.length; i++) {
      h = Math.imul(h ^ data[i], 0x01000193) >>> 0;
      a = (a + ((h >>> 13) | (h << 19))) >>> 0;
    }
  }
  return a;
}

const kernels = { template, transform, regex, checksum };

export default {
  fetch(request) {
    const kernel = kernels[new URL(request.url).pathname.slice(1)];
    return kernel ? new Response(String(kernel())) : new Response("not found", { status: 404 });
  },
};
