import type { Sql, SqlConnection } from "./sql.ts";

/** Tells the listeners of this process what has happened, and on a shared server those of others. */
export interface Announcement<Message> {
  /** Once the connection's transaction is committed. As JSON the message must be shorter than 7 KiB. */
  announce(connection: SqlConnection, message: Message): Promise<void>;
  /** The message is undefined when some of other processes may have been missed. */
  listen(listener: (message: Message | undefined) => void): Disposable;
}

/** Only a server has other processes to tell, and each NOTIFY costs a lock at commit. */
export function createAnnouncement<Message>(sql: Sql, channel: string): Announcement<Message> {
  const listeners = new Set<(message: Message | undefined) => void>();
  let listening: Promise<AsyncDisposable> | undefined;

  function tellAll(message: Message | undefined): void {
    for (const listener of listeners) listener(message);
  }

  /** An empty payload: the connection was lost for a while. */
  function receive(payload: string): void {
    if (payload === "") return tellAll(undefined);
    const { sender, message } = JSON.parse(payload) as { readonly sender: string; readonly message: Message };
    if (sender !== sql.instance) tellAll(message);
  }

  return {
    async announce(connection, message) {
      connection.afterCommit(() => tellAll(message));
      if (sql.home !== "server") return;
      await sql.notify(connection, channel, JSON.stringify({ sender: sql.instance, message }));
    },
    listen(listener) {
      listeners.add(listener);
      if (sql.home === "server") {
        listening ??= sql.listen(channel, receive);
        listening.catch(() => {
          listening = undefined; // whoever listens also looks by itself from time to time
        });
      }
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}
