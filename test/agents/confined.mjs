// Runs a command where nothing but loopback exists, and writes down every name that it asks for. To be started inside a network and
// mount namespace of its own: `unshare -nm node confined.mjs <names file> <resolv.conf> <command> [args]`.
import { execFileSync, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { appendFileSync, writeFileSync } from "node:fs";

const [names, resolver, command, ...args] = process.argv.slice(2);
execFileSync("ip", ["link", "set", "lo", "up"]);
writeFileSync(resolver, "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
execFileSync("mount", ["--bind", resolver, "/etc/resolv.conf"]);
writeFileSync(names, "");

const dns = createSocket("udp4");
dns.on("message", (message, from) => {
  const labels = [];
  for (let at = 12; message[at] !== undefined && message[at] !== 0; at += message[at] + 1)
    labels.push(message.toString("latin1", at + 1, at + 1 + message[at]));
  appendFileSync(names, `${labels.join(".")}\n`);
  const answer = Buffer.from(message);
  // A response, recursion available, no such name.
  answer[2] = 0x81;
  answer[3] = 0x83;
  dns.send(answer, from.port, from.address);
});
dns.bind(53, "127.0.0.1", () => {
  const child = spawn(command, args, { stdio: "inherit" });
  child.on("exit", (code) => process.exit(code ?? 1));
});
