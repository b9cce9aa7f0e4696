"""当番: who answers for a window at which hour, what residents are promised from it, and whom the city calls when nobody is there."""
