// A program that makes one call, and says how long it took from the start of its process.
const [, , file, settings] = process.argv;
/** @type {import("./clients/client.d.ts").ClientFile} */
const { open } = await import(file);
const client = await open(JSON.parse(settings));
await (client.owner?.() ?? client.page?.(25));
const wallMs = performance.now();
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ wallMs, cpuMs: (user + system) / 1000 }));
process.exit();
