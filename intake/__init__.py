"""The resident: who it is (sealed), the conversation, the dialogue, and the durable doors.

In: events of residents from the inbox. Out: rows (messages, referrals, outbox, events) and effects for ``handoff``.
The dialogue is pure; the services around it load, call and save, and never commit: the edge does that once.
``intake`` does not know ``handoff``: an owner is an opaque staff id here.
"""
