"""How hard the rules are searched: HYPOTHESIS_PROFILE=thorough looks longer."""

import os

from hypothesis import HealthCheck, settings

SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]

settings.register_profile("fast", max_examples=12, deadline=None, print_blob=True, suppress_health_check=SLOW_IS_FINE)
settings.register_profile(
    "thorough", max_examples=1200, deadline=None, print_blob=True, suppress_health_check=SLOW_IS_FINE
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))
