/** A message attribute: `Value` is text, for a binary one in base64. */
export interface TopicMessageAttribute {
  readonly Type: string;
  readonly Value: string;
}

/** A message as it was published, before it is turned into one for each subscriber. */
export interface TopicMessage {
  readonly subject?: string;
  /** What subscribers get whose protocol is not in `byProtocol`. */
  readonly message: string;
  /** Of MessageStructure json: `http`, `email` … */
  readonly byProtocol?: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, TopicMessageAttribute>>;
}
