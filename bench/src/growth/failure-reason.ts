/** Why a process that `execFile` started did not end well, in one line without the stack, which names the folders of this machine. */
export function failureReason(error: unknown): string {
  const { killed, signal, stderr } = error as { killed?: boolean; signal?: string; stderr?: string };
  if (killed === true) return "stopped at its deadline";
  if (signal) return `ended by ${signal}, as the system does when memory runs out`;
  return /^\w*Error.*: .*$/m.exec(stderr ?? "")?.[0] ?? "ended without a word";
}
