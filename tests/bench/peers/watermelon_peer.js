// WatermelonDB's `synchronize` into SQLite (better-sqlite3, the adapter it has for Node).
//
// Settings: rows sent as updated, as its documentation advises for a first sync without JSI; the
// server packs as ours does (gzip, level 3).
"use strict";

const { spawn } = require("child_process");
const fs = require("fs");
const http = require("http");
const path = require("path");
const readline = require("readline");
const zlib = require("zlib");
const { Database, Model, appSchema, tableSchema } = require("@nozbe/watermelondb");
const SQLiteAdapter = require("@nozbe/watermelondb/adapters/sqlite").default;
const { synchronize } = require("@nozbe/watermelondb/sync");
const { folder, serve, fail } = require("./talk.js");

const schema = appSchema({
  version: 1,
  tables: [
    tableSchema({
      name: "documents",
      columns: [
        { name: "entity", type: "string" },
        { name: "rev", type: "number" },
        { name: "body", type: "string" },
      ],
    }),
  ],
});

class Document extends Model {
  static table = "documents";
}

const agent = new http.Agent({ keepAlive: true });

function get(url) {
  return new Promise((told, failed) => {
    http
      .get(url, { agent, headers: { "Accept-Encoding": "gzip" } }, (reply) => {
        const parts = [];
        reply.on("data", (part) => parts.push(part));
        reply.on("end", () => told(JSON.parse(zlib.gunzipSync(Buffer.concat(parts)))));
        reply.on("error", failed);
      })
      .on("error", failed);
  });
}

async function main() {
  require("@nozbe/watermelondb/utils/common/logger").default.silence();
  const server = spawn(
    process.execPath,
    [path.join(__dirname, "watermelon_server.js"), process.argv[3]],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  process.on("exit", () => server.kill());
  process.on("SIGTERM", () => process.exit(0));
  const address = await new Promise((told) =>
    readline.createInterface({ input: server.stdout }).once("line", told),
  );
  fs.mkdirSync(folder, { recursive: true });
  let database = null;
  let number = 0;

  async function again(url) {
    let rows = 0;
    await synchronize({
      database,
      sendCreatedAsUpdated: true,
      pushChanges: async () => {},
      pullChanges: async ({ lastPulledAt }) => {
        const told = await get(`${url}/pull?since=${lastPulledAt || 0}`);
        rows = told.changes.documents.updated.length;
        return told;
      },
    });
    return rows;
  }

  await serve({
    address,
    again,
    async first(url) {
      const dbName = path.join(folder, `local-${number++}.db`);
      const adapter = new SQLiteAdapter({ schema, dbName, jsi: false, onSetUpError: fail });
      database = new Database({ adapter, modelClasses: [Document] });
      return again(url);
    },
    async change() {
      return (await get(`${address}/change`)).rows;
    },
  });
}

main().catch(fail);
