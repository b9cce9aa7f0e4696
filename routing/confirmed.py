"""A municipality as residents may see it where the city shows confirmed windows only."""

from dataclasses import replace
from datetime import date

from routing.card import contact_confirmed
from routing.city import City


def only_confirmed(city: City, day: date) -> City:
    """Return the city without the windows that are not confirmed on ``day``; the city's own desk and the lines stay.

    What is hidden is neither named nor matched by its district. The version tells that a referral saw only this part.
    """
    kept = {key: window for key, window in city.windows.items() if contact_confirmed(window, day)}
    return replace(city, windows=kept, version=f"{city.version}-confirmed")
