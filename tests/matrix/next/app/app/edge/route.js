// The same at the edge.
import { readInbox } from "../inbox";
import { readSettings } from "../settings";

export const runtime = "edge";

export async function GET() {
	return Response.json(await readInbox(readSettings()));
}
