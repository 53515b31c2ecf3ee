// PouchDB replicating from express-pouchdb, LevelDB on both sides, a process each.
//
// Settings: batches of 1,000 (the default of 100 takes far longer). One database a user is the
// documented way to scope.
"use strict";

const { spawn } = require("child_process");
const fs = require("fs");
const path = require("path");
const readline = require("readline");
const PouchDB = require("pouchdb");
const { folder, documents, serve, fail } = require("./talk.js");

const BATCH = 1000;

async function main() {
  const there = path.join(folder, "server");
  fs.mkdirSync(there, { recursive: true });
  const server = spawn(process.execPath, [path.join(__dirname, "pouch_server.js"), there], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.on("exit", () => server.kill());
  process.on("SIGTERM", () => process.exit(0));
  const address = await new Promise((told) =>
    readline.createInterface({ input: server.stdout }).once("line", told),
  );
  const remote = new PouchDB(`${address}/documents`);
  const all = documents().map(({ id, ...rest }) => ({ _id: id, ...rest }));
  for (let at = 0; at < all.length; at += BATCH) await remote.bulkDocs(all.slice(at, at + BATCH));
  const keys = all.filter((_, number) => number % 100 === 0).map((each) => each._id);
  let local = null;
  let number = 0;

  async function again(url) {
    const done = await local.replicate.from(new PouchDB(`${url}/documents`), { batch_size: BATCH });
    return done.docs_written;
  }

  await serve({
    address,
    again,
    async first(url) {
      if (local) await local.close();
      local = new PouchDB(path.join(folder, `local-${number++}`));
      return again(url);
    },
    async change() {
      const { rows } = await remote.allDocs({ keys, include_docs: true });
      const changed = rows.map((row) => ({ ...row.doc, touched: Date.now() }));
      await remote.bulkDocs(changed);
      return changed.length;
    },
  });
}

main().catch(fail);
