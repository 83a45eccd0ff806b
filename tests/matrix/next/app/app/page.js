// The app of the matrix, as a Next.js app: npx next build && npx next start
// This is its page, which reads the inbox in the browser; the folders node and edge are routes that read it on a server.
"use client";

import { useEffect, useState } from "react";
import { readInbox } from "./inbox";

export default function Page() {
	const [answer, setAnswer] = useState();
	useEffect(() => {
		fetch("/settings")
			.then((response) => response.json())
			.then(readInbox)
			.then(setAnswer);
	}, []);
	return <output id="answer">{JSON.stringify(answer)}</output>;
}
