#!/usr/bin/env node
// Whichever Node.js this is started with must be able to read it, so that it can be told which one is needed.
'use strict';

// Loading the program takes half a second. Whoever says stop meanwhile is heard by these, and answered once it is known
// what is being run.
const heard = [];
const hear = (name) => heard.push(name);
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, hear);

const wanted = require('../package.json').engines.node.replace('>=', '');

function isOlder(version, than) {
  const [[major, minor], [wantedMajor, wantedMinor]] = [version, than].map((text) => text.split('.').map(Number));
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

if (isOlder(process.versions.node, wanted)) {
  console.error(
    `pushfleet: Node.js ${wanted} or newer is needed; this is ${process.versions.node}, ${process.execPath}`,
  );
  process.exit(1);
}

import('../dist/main.js').then(
  ({ main }) =>
    main({
      heard,
      release() {
        for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, hear);
      },
    }),
  (error) => {
    // It is not there, or not whole.
    console.error(error);
    process.exitCode = 1;
  },
);
