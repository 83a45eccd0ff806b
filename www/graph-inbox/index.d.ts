// The server puts the built package in this folder; this is where its types come from.
export * from "../../pkg-template/index.js";
