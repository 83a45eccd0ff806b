const answer = document.querySelector("#answer");
const worker = new Worker("worker.js", { type: "module" });
worker.addEventListener("message", ({ data }) => {
	answer.textContent = data;
});
worker.addEventListener("error", ({ message }) => {
	answer.textContent = message ?? "The worker could not be loaded.";
});
