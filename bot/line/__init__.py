"""LINE: the webhook that takes events in, and the sender that carries messages out. The only room that knows the SDK."""
