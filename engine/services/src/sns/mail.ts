import { createHash } from "node:crypto";
import { mkdir, open, rename } from "node:fs/promises";
import { join } from "node:path";
import { settleOrAbort } from "@rondo/serve";
import { createTransport } from "nodemailer";
import { DeliveryError } from "./delivery-error.ts";

export interface Mail {
  /** Says which mail it is: the same key is the same file and the same Message-ID. */
  readonly key: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly date: Date;
}

export interface MailerOptions {
  /** Gets a file for each mail. */
  readonly directory: string;
  /** `smtp://user:password@host:port` or `smtps://…`; without it mails are files only. */
  readonly smtpUrl: string | undefined;
  readonly from: string;
}

export interface Mailer {
  /** Resolves when the file is on disk and, where there is one, the mail server has taken the mail. Throws DeliveryError. */
  send(mail: Mail, signal: AbortSignal): Promise<void>;
}

/** For connecting, and for each answer of the server. */
const timeoutMs = 15_000;
/** For a mail as a whole, also where the server answers drop by drop. */
const deadlineMs = 60_000;

/** Mails as files (RFC 5322, `.eml`), and by SMTP. */
export function createMailer({ directory, smtpUrl, from }: MailerOptions): Mailer {
  return {
    async send({ key, to, subject, text, date }, signal) {
      const id = createHash("sha256").update(key).digest("hex").slice(0, 32);
      const composer = createTransport({ streamTransport: true, buffer: true, newline: "windows" });
      const { message } = await composer.sendMail({ from, to, subject, text, date, messageId: `<${id}@rondo>` });
      const bytes = Buffer.isBuffer(message) ? message : Buffer.from(String(message));
      await writeMail(join(directory, `${date.toISOString().replaceAll(":", "")}-${id.slice(0, 12)}.eml`), bytes);
      if (smtpUrl !== undefined) await sendBySmtp({ url: smtpUrl, from, to, bytes }, signal);
    },
  };
}

async function writeMail(path: string, bytes: Buffer): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true, mode: 0o700 });
  const temporary = `${path}.part`;
  await using file = await open(temporary, "w", 0o600);
  await file.writeFile(bytes);
  await file.sync();
  await rename(temporary, path);
}

/** What nodemailer says of a failure: its own code, and the server's where it answered. */
interface SmtpError {
  readonly code?: string;
  readonly responseCode?: number;
}

async function sendBySmtp(
  {
    url,
    from,
    to,
    bytes,
  }: { readonly url: string; readonly from: string; readonly to: string; readonly bytes: Buffer },
  signal: AbortSignal,
): Promise<void> {
  const ended = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
  const transport = createTransport({
    url,
    dnsTimeout: timeoutMs,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
  try {
    await settleOrAbort(transport.sendMail({ envelope: { from, to }, raw: bytes }), ended);
  } catch (error) {
    signal.throwIfAborted();
    // Not the server's text, which quotes the recipient: the reason goes into the log.
    const { responseCode = 0, code = "ETIMEDOUT" } = error as SmtpError;
    throw new DeliveryError(String(responseCode), `The mail server refused it: ${code}`, responseCode >= 500);
  } finally {
    transport.close();
  }
}
