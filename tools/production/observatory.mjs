// Mozilla's HTTP Observatory on a set-up that listens elsewhere: node observatory.mjs NAME HTTP_PORT HTTPS_PORT
// The scanner believes it speaks to NAME on 80 and 443, so that the redirect and the certificate count too.
import net from "node:net";
import { scan } from "../../node_modules/@mdn/mdn-http-observatory/src/scanner/index.js";

const [name, http, https] = process.argv.slice(2);
const ports = { 80: Number(http), 443: Number(https) };
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const wanted = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (wanted && ports[wanted.port]) {
    wanted.port = ports[wanted.port];
    wanted.host = "127.0.0.1";
  }
  return connect.apply(this, args);
};

const { scan: summary, tests } = await scan(name);
const rules = Object.fromEntries(Object.entries(tests).map(([rule, { pass, result }]) => [rule, { pass, result }]));
console.log(JSON.stringify({ grade: summary.grade, score: summary.score, rules }));
process.exit(0);
