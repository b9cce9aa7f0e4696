"""Counters for ``/metrics``. Kinds and numbers only: nothing that leads to a person."""

from prometheus_client import CollectorRegistry, Counter, Gauge

REGISTRY = CollectorRegistry()
WEBHOOKS = Counter("tsunagi_webhooks", "Deliveries of LINE by outcome", ["account", "outcome"], registry=REGISTRY)
EVENTS = Counter("tsunagi_events", "Events of residents by what became of them", ["outcome"], registry=REGISTRY)
SENDS = Counter("tsunagi_sends", "Calls to LINE by way and answer", ["account", "way", "answer"], registry=REGISTRY)
SWEPT = Gauge(
    "tsunagi_last_sweep_seconds", "When each sweep of the schedule last ended, in seconds since 1970", ["sweep"], registry=REGISTRY
)
