// Prints the failed tests of every suite, why others were skipped, and the totals as the last line.
// usage: node report.mjs <results folder> <suite>…
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [folder, ...suites] = process.argv.slice(2);

const fromCtrf = ({ results }) =>
  results.tests.map((test) => ({
    name: test.name,
    outcome: test.status,
    message: [test.extra?.reason, test.message, test.trace].filter(Boolean).join("\n"),
  }));

// A file that can't be loaded has no tests, only a message.
const fromVitest = ({ testResults }) =>
  testResults.flatMap((file) =>
    file.status === "failed" && file.assertionResults.length === 0
      ? [{ name: file.name, outcome: "failed", message: file.message }]
      : file.assertionResults.map((test) => ({
          name: test.fullName,
          outcome: test.status === "pending" ? "skipped" : test.status,
          message: test.failureMessages?.join("\n") ?? "",
        })),
  );

const beginningAndEnd = (lines) =>
  (lines.length <= 40 ? lines : [...lines.slice(0, 20), "…", ...lines.slice(-20)]).join("\n");

function testsOf(suite) {
  const read = (extension) => readFileSync(join(folder, `${suite}.${extension}`), "utf8");
  const exitCode = Number(read("exit"));
  let tests = [];
  if (existsSync(join(folder, `${suite}.json`))) {
    const report = JSON.parse(read("json"));
    tests = report.results ? fromCtrf(report) : fromVitest(report);
  }
  if (exitCode !== 0 && !tests.some((test) => test.outcome === "failed"))
    tests.push({
      name: `${suite} ended with exit code ${exitCode}`,
      outcome: "failed",
      message: beginningAndEnd(read("log").trim().split("\n")),
    });
  return tests;
}

const skippingFails = process.env.CI === "true";
const isFailure = ({ outcome }) => outcome !== "passed" && (outcome !== "skipped" || skippingFails);
let passed = 0;
let failed = 0;

for (const suite of suites) {
  const tests = testsOf(suite);
  for (const { name, outcome, message } of tests.filter(isFailure))
    console.log(`${outcome} ${name}\n${message.replace(/^/gm, "    ")}\n`);
  const skipped = tests.filter((test) => test.outcome === "skipped");
  const good = tests.filter((test) => test.outcome === "passed").length;
  const bad = tests.filter(isFailure).length;
  console.log(`${suite}: ${good} passed, ${bad} failed, ${skipped.length} skipped`);
  if (!skippingFails)
    for (const reason of new Set(skipped.map((test) => test.message).filter(Boolean)))
      console.log(`    skipped: ${reason}`);
  passed += good;
  failed += bad;
}

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
