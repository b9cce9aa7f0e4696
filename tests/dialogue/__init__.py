"""The talk: scripts of whole conversations, the state as JSON, postback data, and the wording."""
