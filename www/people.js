// Who is who in a conversation: the business is a participant like any other.

import { make } from "./dom.js";

/** @typedef {import("./graph-inbox/index.js").Conversation} Conversation */
/** @typedef {import("./graph-inbox/index.js").Participant} Participant */

/**
 * The IDs of the business: those that are known, and whoever takes part in every conversation. The Page's ID is not
 * known where `me` was asked for.
 *
 * @param {Pick<Conversation, "participants">[]} conversations
 * @param {Iterable<string>} known
 */
export function businessIdsIn(conversations, known) {
	const found = new Set(known);
	// One that Graph cannot read names nobody, and says nothing of the others.
	const [first, ...others] = conversations.flatMap(({ participants }) =>
		participants ? [new Set(participants.data.map(({ id }) => id))] : [],
	);
	// Of a single conversation both take part in every one.
	if (others.length === 0) return found;
	for (const id of first) if (others.every((ids) => ids.has(id))) found.add(id);
	return found;
}

/**
 * Who writes to the business.
 *
 * @param {Pick<Conversation, "participants">} conversation
 * @param {Set<string>} businessIds
 */
export function personOf({ participants }, businessIds) {
	return participants?.data.find(({ id }) => !businessIds.has(id));
}

/**
 * The business itself.
 *
 * @param {Pick<Conversation, "participants">} conversation
 * @param {Set<string>} businessIds
 */
export function businessOf({ participants }, businessIds) {
	return participants?.data.find(({ id }) => businessIds.has(id));
}

/** @param {Participant | undefined} participant */
export function nameOf(participant) {
	if (!participant) return "Unknown";
	const { name, username, id } = participant;
	return name || (username ? `@${username}` : id);
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * First letters of the first and the last word, whole ones in every script.
 *
 * @param {string} name
 */
export function initialsOf(name) {
	const words = name.split(/[^\p{L}\p{M}]+/u).filter(Boolean);
	const picked = words.length > 1 ? [words[0], words[words.length - 1]] : words;
	const letters = picked.map(
		(word) => [...graphemes.segment(word)][0]?.segment ?? "",
	);
	// The non-joiner keeps two Arabic letters from becoming a word.
	return letters.join("\u200c").toLocaleUpperCase("en") || "?";
}

const COLOURS = 6;

/**
 * The same colour for the same person, every time.
 *
 * @param {string} id
 */
export function colourOf(id) {
	let sum = 0;
	for (const character of id) sum = (sum * 31 + character.charCodeAt(0)) % 9973;
	return sum % COLOURS;
}

/**
 * @param {Participant | undefined} person
 * @param {string} otherwise an ID that tells those without a name apart
 */
export function avatarOf(person, otherwise) {
	const colour = colourOf(person?.id ?? otherwise);
	return make(
		"span",
		{ class: `avatar colour-${colour}`, "aria-hidden": "true" },
		initialsOf(nameOf(person)),
	);
}
