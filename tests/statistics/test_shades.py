"""The colours of charts stay apart for every kind of colour vision, and in grey."""

from itertools import pairwise

import pytest

from handoff.statistics.shades import SHADES

Colour = tuple[float, float, float]
SEEN = {
    "all colours": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
    "grey": ((0.2126, 0.7152, 0.0722),) * 3,
}
"""Machado, Oliveira and Fernandes (2009), severity 1, over linear light."""
APART = 18.0
"""Distance in CIE Lab; about 2 is the least that an eye notices."""


def linear(shade: str) -> Colour:
    parts = [int(shade[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def lab(light: Colour) -> Colour:
    red, green, blue = (min(1.0, max(0.0, part)) for part in light)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def seen(shade: str, eyes: str) -> Colour:
    light = linear(shade)
    first, second, third = (sum(weight * part for weight, part in zip(row, light, strict=True)) for row in SEEN[eyes])
    return lab((first, second, third))


@pytest.mark.parametrize("eyes", SEEN)
def test_colours_that_stand_beside_each_other_are_apart(eyes: str) -> None:
    for one, other in pairwise(SHADES):
        distance = sum((a - b) ** 2 for a, b in zip(seen(one, eyes), seen(other, eyes), strict=True)) ** 0.5
        assert distance >= APART, (one, other, distance)


def test_every_colour_stands_out_from_paper() -> None:
    for shade in SHADES:
        y = sum(weight * part for weight, part in zip(SEEN["grey"][0], linear(shade), strict=True))
        assert 1.05 / (y + 0.05) >= 3, shade
