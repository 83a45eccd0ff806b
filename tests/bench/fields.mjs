// What a dashboard shows of each conversation.
export const FIELDS = [
	"id",
	"updated_time",
	"snippet",
	"unread_count",
	"participants",
];
