-- Each ReceiveMessage looks for messages that were received too often: few of the many that are visible.
create index sqs_message_received on sqs_message (queue_id, received_count) where received_count > 0;
