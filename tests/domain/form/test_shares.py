"""A share is worked out exactly."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from domain.form.shares import percent


def test_of_nothing_there_is_no_share():
    assert percent(0, 0) is None


def test_half_a_tenth_goes_up():
    assert [str(percent(*share)) for share in ((1, 8), (1, 16), (5, 2000), (1, 3), (0, 7), (7, 7))] == [
        "12.5",
        "6.3",
        "0.3",
        "33.3",
        "0.0",
        "100.0",
    ]


@given(st.integers(1, 10**9).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_it_is_the_nearest_tenth(share: tuple[int, int]):
    found = percent(*share)
    assert found is not None
    assert 0 <= found <= 100
    assert -Fraction(1, 20) < Fraction(found) - Fraction(share[0] * 100, share[1]) <= Fraction(1, 20)
    assert found == found.quantize(Decimal("0.1"), ROUND_HALF_UP)
