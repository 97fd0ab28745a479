// The browser's client, which keeps what it was told: prints what it saw, line by line.
import { readFileSync } from "node:fs";
import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";
import { OpenFeature, ProviderEvents } from "@openfeature/web-sdk";

const { baseUrl, key, origin, flag, steps } = JSON.parse(readFileSync(0, "utf8"));
const wire = [];
// A browser sends the origin by itself.
const fetchImplementation = async (input, init = {}) => {
  const headers = new Headers(init.headers ?? input.headers);
  headers.set("Origin", origin);
  const sent = new Request(input, { ...init, headers });
  const asked = sent.headers.get("If-None-Match");
  const answer = await fetch(sent);
  wire.push({ status: answer.status, asked, tag: answer.headers.get("ETag") });
  return answer;
};
const provider = new OFREPWebProvider({
  baseUrl,
  fetchImplementation,
  headers: [["Authorization", `Bearer ${key}`]],
  pollInterval: 100,
  cacheMode: "network-first",
});
const changed = [];
OpenFeature.addHandler(ProviderEvents.ConfigurationChanged, (event) =>
  changed.push(...(event?.flagsChanged ?? [])),
);
await OpenFeature.setContext(steps[0]);
await OpenFeature.setProviderAndWait(provider);
const client = OpenFeature.getClient();
const seen = [client.getBooleanDetails(flag, false)];
const until = Date.now() + 10_000;
while (!wire.some((one) => one.status === 304) && Date.now() < until)
  await new Promise((done) => setTimeout(done, 50));
for (const context of steps.slice(1)) {
  await OpenFeature.setContext(context);
  seen.push(client.getBooleanDetails(flag, false));
}
await OpenFeature.close();
process.stdout.write(JSON.stringify({ wire, seen, changed }));
