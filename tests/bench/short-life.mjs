// A program that lives as long as a serverless function that starts cold: it makes five calls, one after the other, and ends.
// It prints when it had the last answer, in milliseconds since the process started, and the processor time of the process.
const [, , file, settings, questions] = process.argv;
let answeredMs = Number.NaN;
process.on("exit", () => {
	const { user, system } = process.cpuUsage();
	console.log(JSON.stringify({ answeredMs, cpuMs: (user + system) / 1000 }));
});
/** @type {import("./clients/client.d.ts").ClientFile} */
const { open } = await import(file);
const client = await open(JSON.parse(settings));
/** @type {import("./cases/short-life.mjs").Questions} */
const { recipients, fields } = JSON.parse(questions);

/** @param {string} recipient */
const readOwner = (recipient) =>
	client.owner?.(recipient) ?? client.page?.(25, fields);

await (client.page?.(25, fields) ?? client.owner?.(recipients[0]));
for (const recipient of recipients) await readOwner(recipient);
answeredMs = performance.now();
