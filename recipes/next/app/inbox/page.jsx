// The page /inbox. It is a Server Component and holds nothing that is secret; what it shows is read by inbox.jsx.
import { Inbox } from "./inbox.jsx";

export const metadata = { title: "Inbox" };

export default function Page() {
	return (
		<main>
			<h1>Inbox</h1>
			<Inbox />
		</main>
	);
}
