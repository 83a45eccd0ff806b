// Tests with the simulator of the package in place of Graph: npx vitest run
import { createGraphSimulator } from "graph-inbox/simulator";
import { describe, expect, it } from "vitest";
import { findFailure, readInbox } from "./inbox.js";

const simulator = createGraphSimulator({ conversations: 20 });
const { pageId, accessToken, fetch } = simulator;

describe("the inbox", () => {
	it("is read to its end, although Graph fails once", async () => {
		const listed = simulator.conversations();
		const person = listed[0].participants.data[0].id;
		simulator.setOwner(person, null);
		simulator.failNext("html502");
		const read = await readInbox({ pageId, accessToken, fetch }, person);
		expect(read.conversations).toEqual(listed.map(({ id }) => id));
		expect(read.owner.state).toBe("idle");
	});

	it("can not be read without a permission", async () => {
		simulator.failNext("permission");
		const failure = await findFailure({ pageId, accessToken, fetch });
		expect(failure).toBe("permission");
	});
});
