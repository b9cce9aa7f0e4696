"""The durable door outwards: what is to be said is a row of the commit that decided it, sent once and in order per resident."""
