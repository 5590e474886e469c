// The npm scripts run on the Node that this package pins, in a folder whose name all tools accept. If Node is missing,
// because install scripts are switched off, or the name is unfit, this says so. Plain JavaScript, since an older Node must be
// able to run it.

const { dirname, sep } = require("node:path");

const major = Number(process.versions.node.split(".")[0]);
const isTest = require.main === module; // all other scripts load this with -r

/** What the path of the checkout must not contain, and which tool cannot use it. */
const unfit = [
  { for: "Node", pattern: /[*\\]|node_modules(?=\/)/, applies: true },
  { for: "the PATH of npm's scripts", pattern: /:/, applies: isTest || major < 24 },
  { for: "Vitest", pattern: /[#?%]/, applies: isTest },
];
const folder = dirname(__dirname);
const path = `${folder.split(sep).join("/")}/`.replace(/^[A-Z]:/i, "");
for (const { for: tool, pattern, applies } of unfit) {
  const [part] = pattern.exec(path) || [];
  if (applies && part)
    fail(`This folder cannot be used with "${part}" in its path, because of ${tool}. Move it: ${folder}`);
}

if (major < 24)
  fail(`This needs Node 24 and runs on Node ${process.versions.node}. npm installs Node 24 with the other packages, unless
install scripts are switched off. Fix it: npm rebuild node --ignore-scripts=false`);

function fail(message) {
  console.error(message);
  process.exit(1);
}

// Keeps compiled code on disk between runs: the tools are large, and loading them takes most of the time.
require("node:module").enableCompileCache();
