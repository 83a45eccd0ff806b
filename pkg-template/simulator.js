export { createGraphSimulator } from "./simulator/simulator.js";
