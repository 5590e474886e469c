// The npm scripts run on the Node that this package pins for itself. Says so where it is missing, which is where install
// scripts are switched off. Plain JavaScript, since an older Node must be able to run it.

const major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  console.error(
    `This needs Node 24 and runs on Node ${process.versions.node}. npm installs Node 24 with the other packages, unless
install scripts are switched off. Mend it: npm rebuild node --ignore-scripts=false`,
  );
  process.exit(1);
}

// Keeps compiled code on disk from run to run: the tools are large, and most of a run is loading them.
require("node:module").enableCompileCache();
