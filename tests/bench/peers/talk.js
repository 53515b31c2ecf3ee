// What the Node peers share: tasks on standard input, answers on standard output; see talk.py.
"use strict";

const fs = require("fs");
const readline = require("readline");

const folder = process.argv[2];
const file = process.argv[3];

function documents() {
  return fs.readFileSync(file, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
}

async function serve(peer) {
  console.log(peer.address);
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const task = JSON.parse(line);
    const begun = process.hrtime.bigint();
    const rows = await peer[task.do](task.url);
    const seconds = task.do === "change" ? 0 : Number(process.hrtime.bigint() - begun) / 1e9;
    console.log(JSON.stringify({ seconds, rows }));
  }
  process.exit(0);
}

function fail(problem) {
  console.error(problem);
  process.exit(1);
}

module.exports = { folder, documents, serve, fail };
