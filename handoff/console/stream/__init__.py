"""The live stream: the event log as server-sent events, one reader of the log for all browsers."""
