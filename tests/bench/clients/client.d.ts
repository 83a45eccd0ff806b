/** What a client is told. */
export interface Settings {
	baseUrl: string;
	pageId: string;
	accessToken: string;
	/** The person whose thread's owner is asked for. */
	recipient: string;
	/** The folder that the peers are installed in. */
	peers: string;
	/** The folder of another build of graph-inbox, in place of the installed one. */
	build?: string;
}

/** A conversation, as far as the benchmark looks. */
export interface Listed {
	id: string;
	participants?: { data: { id: string }[] };
}

/** What a client can do; what it can not is missing. */
export interface Client {
	/** Reads the owner of the thread of one person, `recipient` of the settings by default. */
	owner?(recipient?: string): Promise<unknown>;
	/** The same with somebody listening to what happens. */
	ownerHeard?(): Promise<unknown>;
	/** The same with a timeout, where that is not a matter of course. */
	ownerTimed?(): Promise<unknown>;
	/** The first page of the list; without `fields` Graph's own choice. */
	page?(limit: number, fields?: string[]): Promise<unknown>;
	/** So many conversations, page after page. */
	stream?(count: number, limit: number): AsyncIterable<Listed>;
	/** So many conversations at the documented pace, with a page size that the client chooses. */
	streamAtPace?(count: number): AsyncIterable<Listed>;
	/** So many conversations with their owners; returns how many owners were told. */
	joined?(count: number, limit: number): Promise<number>;
	/** The same at the documented pace. */
	joinedAtPace?(count: number, limit: number): Promise<number>;
	/** Owners, one request each. */
	ownersOneByOne?(count: number, limit: number): Promise<number>;
	/** The requests of `joined` that can only go out one after the other: every page, then the owners of the last. */
	criticalPath?(count: number, limit: number): Promise<number>;
}

/** What a file of this folder exports. */
export interface ClientFile {
	open(settings: Settings): Promise<Client>;
}
