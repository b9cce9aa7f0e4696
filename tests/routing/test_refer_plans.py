"""The scenes of the five plans as given needs: the windows that each city's own plan names, and what must never be named."""

from collections.abc import Mapping
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
import yaml

from routing.choose import refer
from routing.hours import TOKYO
from routing.referral import Actor, Profile, Referral
from tests.routing.support import FRIDAY_NOON, cities, codes, kinds, named, need

DATA = Path(__file__).parent / "data"
PLANS = Path(__file__).resolve().parents[2].parent / "shared" / "municipalities"
CASES: list[dict[str, Any]] = yaml.safe_load((DATA / "plan_cases.yaml").read_text(encoding="utf-8"))
HOUSEHOLDS = ("oshu-h1", "aizu-h1", "aizu-h2", "aizu-h3")


def answer(case: Mapping[str, Any]) -> Referral:
    now = datetime.combine(case["as_of"], time(12), TOKYO) if "as_of" in case else FRIDAY_NOON
    profile = Profile(actor=Actor(case.get("actor", "resident")), district=case.get("district"), refuses_contact=bool(case.get("refuses")))
    return refer([need(text) for text in case["needs"]], profile, cities()[case["city"]], now)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_scene_of_a_plan_reaches_the_windows_that_the_plan_names(case: Mapping[str, Any]) -> None:
    referral = answer(case)
    windows = set(case.get("windows", ()))
    assert windows == named(referral) if case.get("only") else windows <= named(referral)
    assert set(case.get("kinds", ())) <= kinds(referral)
    assert not named(referral) & set(case.get("not", ()))
    assert set(case.get("codes", ())) <= codes(referral)
    assert set(case.get("patterns", ())) <= set(referral.patterns)
    assert referral.coordinator_candidate is case["candidate"]
    assert case.get("ask", referral.ask) == referral.ask
    assert "main" not in case or (referral.main is not None and referral.main.kind == case["main"])


@pytest.mark.parametrize("key", HOUSEHOLDS)
def test_the_four_published_households_have_every_need_once_and_are_cases_for_the_coordinator(key: str) -> None:
    case = next(case for case in CASES if case["id"] == key)
    referral = answer(case)
    for text in case["needs"]:
        alone = answer(case | {"needs": [text]}).main
        assert alone is not None
        assert alone.kind in kinds(referral), text
    assert "複合" in referral.patterns


@pytest.mark.skipif(not PLANS.is_dir(), reason="the extracted plans lie beside the project only where it is built")
def test_every_scene_of_the_extracted_plans_is_in_the_table() -> None:
    scenes = {scene["id"] for path in PLANS.glob("*.yaml") for scene in _scenes(path)}
    assert scenes
    assert scenes == {case["id"] for case in CASES}


def _scenes(path: Path) -> list[dict[str, Any]]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content.get("test_cases", []) if isinstance(content, dict) else []
