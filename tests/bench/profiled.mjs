// A program to profile: its first call, the calls up to the hundredth, and warm ones. It prints when each phase ended, in
// microseconds of the clock that --cpu-prof uses.
const [, , file, settings, questions] = process.argv;
/** @type {import("./clients/client.d.ts").ClientFile} */
const { open } = await import(file);
const client = await open(JSON.parse(settings));
/** @type {import("./cases/short-life.mjs").Questions} */
const { recipients, fields } = JSON.parse(questions);

/** Makes five calls. */
async function readInbox() {
	await client.page?.(25, fields);
	for (const recipient of recipients) await client.owner?.(recipient);
}

/** @type {number[]} */
const ends = [];
const endPhase = () => ends.push(Number(process.hrtime.bigint() / 1000n));

await client.owner?.();
endPhase();
for (let round = 0; round < 20; round++) await readInbox();
endPhase();
for (let round = 0; round < 200; round++) await readInbox();
endPhase();
for (let round = 0; round < 100; round++) await readInbox();
endPhase();
console.log(JSON.stringify(ends));
