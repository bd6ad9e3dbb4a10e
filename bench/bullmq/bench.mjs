// One case of BullMQ's own: node bench.mjs <case> <redis port> <jobs> <concurrency>. Prints one line of JSON.
import { Queue, Worker } from 'bullmq';
import IORedis from 'ioredis';

const [, , name, port, jobs, concurrency] = process.argv;
const total = Number(jobs);
const connection = { host: '127.0.0.1', port: Number(port), maxRetriesPerRequest: null };
const options = { removeOnComplete: { count: 100 }, removeOnFail: { count: 500 } };
const batchSize = 500;
// 53 bytes of JSON, as the other subjects have.
const payload = { message_id: '0193b2c4-7d6e-7abc-8def-00112233445' };

const queue = new Queue('bench', { connection, defaultJobOptions: options });

async function addAll() {
  const producers = [0, 1].map(async (producer) => {
    for (let n = producer * batchSize; n < total; n += 2 * batchSize) {
      const size = Math.min(batchSize, total - n);
      await queue.addBulk(Array.from({ length: size }, () => ({ name: 'job', data: payload })));
    }
  });
  await Promise.all(producers);
}

async function secondsOf(work) {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

async function work(beside) {
  let left = total;
  let worker;
  const empty = new Promise((resolve) => {
    worker = new Worker('bench', async () => { if (--left === 0) resolve(); }, { connection, concurrency: Number(concurrency) });
  });
  await worker.waitUntilReady();
  const seconds = await secondsOf(async () => {
    await beside();
    await empty;
  });
  await worker.close();
  return { per_second: total / seconds };
}

function percentiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { p50_us: at(0.5), p99_us: at(0.99) };
}

const cases = {
  async enqueue() {
    return { per_second: total / (await secondsOf(addAll)) };
  },
  async single() {
    const took = [];
    for (let n = 0; n < total; n++) took.push(1e6 * (await secondsOf(() => queue.add('job', payload))));
    return percentiles(took);
  },
  async drain() {
    return work(async () => {});
  },
  async together() {
    return work(addAll);
  },
  // 500 jobs each second, from the call that adds one to its handler's start.
  async latency() {
    const waited = [];
    const worker = new Worker('bench', async (job) => { waited.push(1000 * (performance.now() - job.data.at)); }, { connection, concurrency: Number(concurrency) });
    await worker.waitUntilReady();
    const begun = performance.now();
    for (let n = 0; n < total; n++) {
      const due = begun + 2 * n;
      while (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, due - performance.now() > 1.5 ? 1 : 0));
      void queue.add('job', { ...payload, at: performance.now() });
    }
    while (waited.length < total) await new Promise((resolve) => setTimeout(resolve, 5));
    await worker.close();
    return percentiles(waited);
  },
  async memory() {
    const redis = new IORedis(connection);
    const used = async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))[1]);
    const before = await used();
    await addAll();
    const after = await used();
    redis.disconnect();
    return { bytes_per_job: (after - before) / total };
  },
};

await queue.waitUntilReady();
console.log(JSON.stringify(await cases[name]()));
await queue.close();
