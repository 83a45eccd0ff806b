// The three engines that browsers are made of, each as a function that reads what a page answers.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { after } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../../scripts/free-port.mjs";
import { readAnswer } from "../browser.mjs";
import { requireFrom } from "../row.mjs";
import { startServer } from "../server.mjs";

/** Far more than any page takes, also where two rows share two cores. */
const PATIENCE_MS = 30_000;

/** Run in a page. A script that could not be loaded fails again where it is asked for again, and then it says why. */
const TEXT_OF_ANSWER = `new Promise((resolve, reject) => {
	const output = document.querySelector("#answer");
	const look = () => output.textContent && resolve(output.textContent);
	look();
	new MutationObserver(look).observe(output, { childList: true });
	import(document.querySelector("script").src).catch(reject);
	setTimeout(reject, ${PATIENCE_MS}, "the page stays silent");
})`;

/** @typedef {(url: string) => Promise<string>} Read the text of the page's `<output id="answer">` */

/** @type {Record<string, () => Promise<Read>>} */
export const engines = {
	Chromium: async () => readAnswer,
	Firefox: openFirefox,
	WebKit: openWebKit,
};

/** @returns {Promise<Read>} */
async function openFirefox() {
	const take = await requireFrom(import.meta.url, "drivers");
	const browser = await take("puppeteer-core").launch({
		browser: "firefox",
		executablePath: "/usr/bin/firefox-esr",
	});
	after(() => browser.close());
	return async (url) => {
		const page = await browser.newPage();
		try {
			await page.goto(url);
			return await page.evaluate(TEXT_OF_ANSWER);
		} finally {
			await page.close();
		}
	};
}

/**
 * WebKit as GTK has it, by the protocol of WebDriver itself: of it all, three commands are needed.
 *
 * @returns {Promise<Read>}
 */
async function openWebKit() {
	/** @type {(() => unknown)[]} */
	const ends = [];
	after(async () => {
		for (const end of ends.reverse()) await end();
	});
	const screen = await startServer(
		"Xvfb",
		["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", "1280x800x24"],
		{ cwd: tmpdir(), ready: /^(\d+)\n/ },
	);
	ends.push(screen.stop);
	const driver = await startWebDriver({ DISPLAY: `:${screen.said}` });
	ends.push(driver.stop);
	const { sessionId } = await driver.command("POST", "/session", {
		capabilities: {
			alwaysMatch: {
				browserName: "MiniBrowser",
				"webkitgtk:browserOptions": { args: ["--automation"] },
			},
		},
	});
	const session = `/session/${sessionId}`;
	ends.push(() => driver.command("DELETE", session));
	return async (url) => {
		await driver.command("POST", `${session}/url`, { url });
		return driver.command("POST", `${session}/execute/sync`, {
			script: `return ${TEXT_OF_ANSWER}`,
			args: [],
		});
	};
}

/** @param {Record<string, string>} env */
async function startWebDriver(env) {
	const port = await freePort();
	const child = spawn("WebKitWebDriver", [`--port=${port}`], {
		env: { ...process.env, ...env },
		stdio: "inherit",
	});
	const ended = once(child, "close");
	/**
	 * @param {string} method
	 * @param {string} path
	 * @param {object} [parameters]
	 */
	const command = async (method, path, parameters) => {
		const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
			method,
			body: parameters && JSON.stringify(parameters),
		});
		const { value } = await answer.json();
		if (!answer.ok) throw new Error(`${path}: ${value.error} ${value.message}`);
		return value;
	};
	// It does not say when it listens.
	const patience = AbortSignal.timeout(PATIENCE_MS);
	while (!(await command("GET", "/status").catch(() => undefined))) {
		if (patience.aborted) throw new Error("WebKitWebDriver does not answer");
		await sleep(50);
	}
	return {
		command,
		stop: () => {
			child.kill();
			return ended;
		},
	};
}
