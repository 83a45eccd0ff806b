/** @jest-environment jsdom */
// Code of a page, which shows an inbox. jsdom has neither fetch nor Response, so the test says itself what Graph answers.
const { createInbox } = require("graph-inbox");

const inbox = (status, answer) =>
	createInbox({
		pageId: "me",
		accessToken: "EAABpage",
		fetch: async () => ({
			status,
			headers: new Headers(),
			text: async () => JSON.stringify(answer),
		}),
	});

async function show({ listConversations }) {
	const list = await listConversations({ fields: ["snippet"] });
	document.body.textContent = list.data.map(({ snippet }) => snippet).join();
}

it("shows what people wrote", async () => {
	await show(
		inbox(200, { data: [{ id: "t_1", snippet: "Offen am 1. Mai? 🥐" }] }),
	);
	expect(document.body.textContent).toBe("Offen am 1. Mai? 🥐");
});

it("tells why it can not", async () => {
	const error = { code: 190, message: "Sitzung abgelaufen – neu anmelden" };
	await expect(show(inbox(400, { error }))).rejects.toMatchObject({
		kind: "authentication",
		message: "Sitzung abgelaufen – neu anmelden",
	});
});
