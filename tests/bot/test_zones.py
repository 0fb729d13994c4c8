"""Time zones by city, IANA name, offset or place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.zones import common_places, find_zone, nearest_zones, zone_at, zone_name, zone_of


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("zürich", "Europe/Zurich"),
        ("new  york", "America/New_York"),
        ("Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("Bay Area", "America/Los_Angeles"),
        ("St. Petersburg", "Europe/Moscow"),
        ("上海", "Asia/Shanghai"),
        ("重庆市", "Asia/Shanghai"),
        ("北京时间", "Asia/Shanghai"),
        ("纽约", "America/New_York"),
        ("UTC", "Etc/UTC"),
        ("UTC+8", "Etc/GMT-8"),
        ("ＧＭＴ－５", "Etc/GMT+5"),
        ("+08:00", "Etc/GMT-8"),
    ],
)
def test_a_zone_is_found_by_whatever_names_it(typed: str, zone: str) -> None:
    assert find_zone(typed) == zone


@pytest.mark.parametrize("typed", ["", "Mars", "火星", "UTC+15", "8:30", "Europe", "../etc/passwd"])
def test_what_names_no_zone_finds_none(typed: str) -> None:
    assert find_zone(typed) is None


@pytest.mark.parametrize(
    ("typed", "zone"),
    [("Berln", "Europe/Berlin"), ("san fransisco", "America/Los_Angeles"), ("tokio", "Asia/Tokyo")],
)
def test_a_mistyped_city_has_the_right_one_near(typed: str, zone: str) -> None:
    assert nearest_zones(typed)[0] == zone


def test_nothing_is_near_nonsense() -> None:
    assert nearest_zones("qqqq") == []


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [(52.52, 13.40, "Europe/Berlin"), (31.23, 121.47, "Asia/Shanghai"), (-31.55, 159.08, "Australia/Lord_Howe")],
)
def test_a_place_on_the_map_has_its_zone(latitude: float, longitude: float, zone: str) -> None:
    assert zone_at(latitude, longitude) == zone


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_place_has_a_zone_that_the_system_knows(latitude: float, longitude: float) -> None:
    zone = zone_at(latitude, longitude)
    assert zone is not None
    assert zone_of(zone) is not None


def test_every_offered_place_is_a_zone_with_names_in_both_languages() -> None:
    for place in common_places():
        assert zone_of(place.zone) is not None
        assert find_zone(place.name("en")) == find_zone(place.name("zh")) == place.zone


@pytest.mark.parametrize(
    ("zone", "chinese", "english"),
    [
        ("Europe/Berlin", "柏林", "Berlin"),
        ("Atlantic/Cape_Verde", "Cape Verde", "Cape Verde"),
        ("Etc/GMT-8", "UTC+8", "UTC+8"),
    ],
)
def test_a_zone_is_called_by_its_city(zone: str, chinese: str, english: str) -> None:
    assert (zone_name(zone, "zh"), zone_name(zone, "en")) == (chinese, english)


@given(st.text(max_size=30))
def test_no_text_crashes_it(typed: str) -> None:
    zone = find_zone(typed)
    assert zone is None or zone_of(zone) is not None
    nearest_zones(typed)
