"""The durable door inwards: what LINE delivered is stored once, before it is acknowledged, and worked on per resident in order."""
