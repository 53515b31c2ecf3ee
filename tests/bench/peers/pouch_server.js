// express-pouchdb on LevelDB in the folder named on the command line; one line: its address.
"use strict";

const express = require("express");
const path = require("path");
const PouchDB = require("pouchdb");

const folder = process.argv[2];
const app = express();
app.use(
  "/",
  require("express-pouchdb")(PouchDB.defaults({ prefix: folder + path.sep }), {
    mode: "minimumForPouchDB",
    logPath: path.join(folder, "log.txt"),
    configPath: path.join(folder, "config.json"),
  }),
);
const server = app.listen(0, "127.0.0.1", () =>
  console.log(`http://127.0.0.1:${server.address().port}`),
);
