import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createMailer } from "./mail.ts";

const mail = {
  key: "message/news/1",
  to: "ann@example.org",
  subject: "Grüße",
  text: "hello\n.\nend\n",
  date: new Date("2026-03-01T12:00:00Z"),
};
const from = "no-reply@rondo.localhost";
const { signal } = new AbortController();

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), "rondo-mail-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A mail server that says what SMTP wants to hear, and refuses mails with the code that the test says. */
async function startMailServer(answerToData: string) {
  const lines: string[] = [];
  const server = createServer((socket) => {
    socket.setEncoding("utf8").write("220 test\r\n");
    let isData = false;
    let rest = "";
    socket.on("data", (chunk: string) => {
      const [last = "", ...complete] = (rest + chunk).split("\r\n").reverse();
      rest = last;
      for (const line of complete.reverse()) {
        lines.push(line);
        if (isData && line !== ".") continue;
        if (isData) socket.write(`${answerToData}\r\n`);
        else if (line.startsWith("QUIT")) socket.end("221 bye\r\n");
        else socket.write(line === "DATA" ? "354 go on\r\n" : "250 fine\r\n");
        isData = line === "DATA";
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lines,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

test("the same mail is the same file, in the form of RFC 5322", async () => {
  await using folder = await temporaryFolder();
  const mailer = createMailer({ directory: join(folder.path, "mail"), smtpUrl: undefined, from });
  await mailer.send(mail, signal);
  await mailer.send(mail, signal);
  const [name = "", ...others] = await readdir(join(folder.path, "mail"));
  assert.deepEqual(others, []);
  assert.match(name, /^2026-03-01T120000\.000Z-[0-9a-f]{12}\.eml$/);
  const text = await readFile(join(folder.path, "mail", name), "utf8");
  assert.match(text, /^From: no-reply@rondo\.localhost\r$/m);
  assert.match(text, /^Message-ID: <[0-9a-f]{32}@rondo>\r$/m);
  assert.match(text, /^Date: Sun, 01 Mar 2026 12:00:00 \+0000\r$/m);
  assert.match(text, /^Subject: =\?UTF-8\?/m);
  assert.match(text, /\r\n\r\nhello\r\n\.\r\nend\r\n$/);
});

test("with a mail server the mail goes there too", async () => {
  await using folder = await temporaryFolder();
  await using server = await startMailServer("250 taken");
  await createMailer({ directory: folder.path, smtpUrl: server.url, from }).send(mail, signal);
  assert.ok(server.lines.includes("RCPT TO:<ann@example.org>"));
  assert.ok(server.lines.includes(".."), "a line that is a dot is escaped");
  assert.equal((await readdir(folder.path)).length, 1);
});

test("what the mail server refuses for ever is not tried again", async () => {
  await using folder = await temporaryFolder();
  for (const [answer, isPermanent] of [
    ["550 no such person", true],
    ["451 later", false],
  ] as const) {
    await using server = await startMailServer(answer);
    const mailer = createMailer({ directory: folder.path, smtpUrl: server.url, from });
    await assert.rejects(mailer.send(mail, signal), { name: "DeliveryError", code: answer.slice(0, 3), isPermanent });
  }
});

test("a refusal that names the recipient does not say whom", async () => {
  await using folder = await temporaryFolder();
  await using server = await startMailServer("550 no such person as ann@example.org");
  const mailer = createMailer({ directory: folder.path, smtpUrl: server.url, from });
  await assert.rejects(mailer.send(mail, signal), { message: /^The mail server refused it: [A-Z]+$/ });
});

test("a mail server that says nothing is left when the loop stops", async () => {
  await using folder = await temporaryFolder();
  const stopping = new AbortController();
  const silent = createServer((socket) => {
    stopping.abort(new Error("The loop stops"));
    accepted = socket;
  });
  let accepted: Socket | undefined;
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const smtpUrl = `smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const sending = createMailer({ directory: folder.path, smtpUrl, from }).send(mail, stopping.signal);
  await assert.rejects(sending, /The loop stops/);
  accepted?.destroy();
  silent.close();
});
