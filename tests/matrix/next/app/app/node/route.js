// A route in Next's usual runtime, Node.
import { readInbox } from "../inbox";
import { readSettings } from "../settings";

export async function GET() {
	return Response.json(await readInbox(readSettings()));
}
