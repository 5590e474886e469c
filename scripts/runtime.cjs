// The npm scripts run on the Node that this package pins. If it is missing, because install scripts are switched off, this
// says so. Plain JavaScript, since an older Node must be able to run it.

const major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  console.error(
    `This needs Node 24 and runs on Node ${process.versions.node}. npm installs Node 24 with the other packages, unless
install scripts are switched off. Fix it: npm rebuild node --ignore-scripts=false`,
  );
  process.exit(1);
}

// Keeps compiled code on disk between runs: the tools are large, and loading them takes most of the time.
require("node:module").enableCompileCache();
