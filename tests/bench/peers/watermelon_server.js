// The server half that WatermelonDB's documentation asks for, with everything in memory: the rows
// changed since a moment as one JSON document, packed. One line: its address.
"use strict";

const fs = require("fs");
const http = require("http");
const zlib = require("zlib");

let moment = 1000;
const rows = fs
  .readFileSync(process.argv[2], "utf8")
  .trimEnd()
  .split("\n")
  .map((body) => {
    const document = JSON.parse(body);
    return {
      at: moment,
      record: { id: document.id, entity: document.entity, rev: document.rev, body },
    };
  });

function answer(path) {
  const url = new URL(path, "http://localhost");
  if (url.pathname === "/change") {
    moment += 1;
    const chosen = rows.filter((_, number) => number % 100 === 0);
    for (const row of chosen) {
      row.at = moment;
      row.record.rev += 1;
    }
    return { rows: chosen.length };
  }
  const since = Number(url.searchParams.get("since"));
  const updated = rows.filter((row) => row.at > since).map((row) => row.record);
  return { timestamp: moment, changes: { documents: { created: [], updated, deleted: [] } } };
}

const server = http.createServer((request, response) => {
  const body = zlib.gzipSync(JSON.stringify(answer(request.url)), { level: 3 });
  response.setHeader("Content-Encoding", "gzip");
  response.end(body);
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
