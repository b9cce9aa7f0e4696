"""Who writes to us: a random id and a handle for staff; the LINE user id is sealed and never shown."""
