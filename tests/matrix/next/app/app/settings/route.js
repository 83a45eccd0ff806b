// What the page needs to know. A real dashboard keeps the Page's token from people it does not trust with it.
import { readSettings } from "../settings";

export async function GET() {
	return Response.json(readSettings());
}
