// What the CommonJS entries share: nothing loads those without a bundler or a file system, so they need not be one file.
export * from "./exports.js";
export * from "./inbox.js";
export * from "./load.js";
