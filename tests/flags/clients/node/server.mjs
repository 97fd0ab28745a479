// Asks each question of the server client: questions in on stdin, details out on stdout.
import { readFileSync } from "node:fs";
import { OFREPProvider } from "@openfeature/ofrep-provider";
import { OpenFeature } from "@openfeature/server-sdk";

const { baseUrl, key, questions } = JSON.parse(readFileSync(0, "utf8"));
const headers = [["Authorization", `Bearer ${key}`]];
await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl, headers }));
const client = OpenFeature.getClient();
const ask = {
  Boolean: (q) => client.getBooleanDetails(q.flag, q.fallback, q.context),
  String: (q) => client.getStringDetails(q.flag, q.fallback, q.context),
  Integer: (q) => client.getNumberDetails(q.flag, q.fallback, q.context),
  Float: (q) => client.getNumberDetails(q.flag, q.fallback, q.context),
  Object: (q) => client.getObjectDetails(q.flag, q.fallback, q.context),
};
const details = [];
for (const question of questions) details.push(await ask[question.type](question));
process.stdout.write(JSON.stringify(details));
