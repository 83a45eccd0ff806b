// As served, the package lies here; this tells the type check what it is.
export * from "../../pkg-template/simulator.js";
